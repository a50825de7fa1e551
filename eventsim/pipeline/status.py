"""How far a dataset is, at any moment and from anywhere: what is on disk says it."""

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventsim.pipeline.heartbeat import Heard, listen
from eventsim.store.commits import commit_record
from eventsim.store.dataset import committed_parts, content_of, open_root, read_attributes
from eventsim.store.layout import EVENTS
from eventsim.store.manifest import read_batches
from eventsim.store.places import as_path, is_remote
from eventsim.store.records import parts_of, still_failing
from eventsim.store.replacing import NEXT


@dataclass(frozen=True)
class Status:
    """How far a dataset is.

    Attributes
    ----------
    state : {"finished", "running", "stopped"}
    parts, parts_done : int
    inputs, inputs_done : int
        Done or failed. Of still images, images; `inputs` is 0 where their number is not known.
    failures : tuple of (source, reason)
    events : int
        Of all parts that are there.
    events_per_s : float or None
        Of the run that goes on.
    left_s : float or None
        As far as can be told.
    bytes : int
        Taken by the dataset.
    free_bytes : int or None
        Left on its disk; None in an object store.
    running : tuple of str
        Inputs that are worked on.
    where : str
        Host and process of the run; "" if none is known.
    running_s : float
        Since the run began.
    replaces : bool
        Whether what is written will replace a dataset that is still there.
    """

    state: str
    parts: int
    parts_done: int
    inputs: int
    inputs_done: int
    failures: tuple[tuple[str, str], ...]
    events: int
    events_per_s: float | None
    left_s: float | None
    bytes: int
    free_bytes: int | None
    running: tuple[str, ...]
    where: str
    running_s: float
    replaces: bool


def read_status(path: str | Path) -> Status:
    """Say how far a dataset is; changes nothing, and is in nobody's way.

    Parameters
    ----------
    path : path
        Of the dataset, finished or not.

    Raises
    ------
    StoreError
        If it is not an eventsim dataset.
    """
    path = as_path(path)
    replaces = read_attributes(path / NEXT) is not None
    place = path / NEXT if replaces else path
    attributes: dict[str, Any] = open_root(place).attrs.asdict()
    content = content_of(attributes, place)
    batches = read_batches(place)
    parts = max((e.part + 1 for batch in batches for e in batch), default=attributes["parts"])
    there = sorted(committed_parts(place, parts))
    records = [commit_record(place, part, content) for part in there]
    done: set[int] = set()
    for record in records:
        columns = record.get("columns")
        done |= set(columns["sample"]) if columns else {r["sample"] for r in record["recordings"]}
    failures = still_failing((f for r in records for f in r["failures"]), done)
    if content is EVENTS and batches:
        inputs = len({entry.sample for batch in batches for entry in batch})
    else:
        inputs = int(attributes.get("inputs", {}).get("count", 0))
    heard = listen(place)
    wanted = len(parts_of({**attributes, "parts": parts}))
    whole = bool(attributes["finished"]) and len(there) == wanted and not replaces
    state = "running" if heard and heard.is_alive else "finished" if whole else "stopped"
    speed, left_s = _speed(heard, len(there), parts) if state == "running" else (None, None)
    return Status(
        state=state,
        parts=parts,
        parts_done=len(there),
        inputs=inputs,
        inputs_done=len(done) + len(failures),
        failures=tuple((failure["source"], failure["reason"]) for failure in failures),
        events=sum(record["events"] for record in records),
        events_per_s=speed,
        left_s=left_s,
        bytes=_bytes(path),
        free_bytes=None if is_remote(path) else shutil.disk_usage(path).free,
        running=heard.beat.running if heard and state == "running" else (),
        where=f"{heard.host}, process {heard.pid}" if heard else "",
        running_s=heard.updated_s - heard.started_s if heard else 0.0,
        replaces=replaces,
    )


def _speed(heard: Heard | None, done: int, parts: int) -> tuple[float | None, float | None]:
    """Events a second, and the seconds that are left, of a run that goes on."""
    if heard is None:
        return None, None
    seconds = max(1e-3, time.time() - heard.started_s)
    beat = heard.beat
    speed = beat.events / seconds
    if beat.total and beat.done:
        return speed, max(0.0, (beat.total - beat.done) * seconds / beat.done)
    return speed, (parts - done) * seconds / done if done else None


def _bytes(path: Path) -> int:
    """Bytes of all files, each once; those that are deleted meanwhile count for nothing."""
    if is_remote(path):
        return sum(one.stat().st_size for one in path.rglob("*"))
    sizes: dict[tuple[int, int], int] = {}
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                found = (Path(folder) / name).stat()
            except OSError:
                continue
            sizes[found.st_dev, found.st_ino] = found.st_size  # a checkpoint has files twice
    return sum(sizes.values())
