"""A dataset in a few numbers, from its commit records alone."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventsim.events import Kind
from eventsim.store.dataset import open_root
from eventsim.store.finish import commit_record


@dataclass(frozen=True)
class Summary:
    """What a finished dataset holds.

    Attributes
    ----------
    recordings, frames, events : int
    on : int
        Events of polarity ON.
    kinds : dict of str to int
        Events of each kind.
    duration_us : int
        Of all recordings together.
    pixel_seconds : float
        Sum over the recordings of pixels times seconds, for rates.
    bytes : int
        On disk.
    failures : tuple of (source, reason)
        Inputs that could not be converted.
    notes : tuple of (source, note)
        What was skipped, cut or converted.
    partial : int
        Recordings whose source lost frames.
    """

    recordings: int
    frames: int
    events: int
    on: int
    kinds: dict[str, int]
    duration_us: int
    pixel_seconds: float
    bytes: int
    failures: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    partial: int


def summarize(path: str | Path) -> Summary:
    """Add up the commit records of a dataset.

    Parameters
    ----------
    path : path
        All of its parts are committed.

    Raises
    ------
    StoreError
        If it is not a dataset.
    """
    root = open_root(path)
    parts: Any = root.attrs["parts"]
    records = [commit_record(root, part) for part in range(parts)]
    rows = [row for record in records for row in record["recordings"]]
    return Summary(
        recordings=len(rows),
        frames=sum(record["frames"] for record in records),
        events=sum(record["events"] for record in records),
        on=sum(row["on"] for row in rows),
        kinds={k.name.lower(): sum(row["kinds"][k] for row in rows) for k in Kind},
        duration_us=sum(row["duration_us"] for row in rows),
        pixel_seconds=sum(r["width"] * r["height"] * r["duration_us"] for r in rows) * 1e-6,
        bytes=sum(f.stat().st_size for f in Path(path).rglob("*") if f.is_file()),
        failures=tuple((f["source"], f["reason"]) for r in records for f in r["failures"]),
        notes=tuple((row["source"], note) for row in rows for note in row["notes"]),
        partial=sum(row["status"] == "partial" for row in rows),
    )
