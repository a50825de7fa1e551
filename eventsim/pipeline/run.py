"""Run a plan: every part is a task, in this process or on the workers of a Dask cluster.

It can be killed at any moment and run again: parts that are committed are kept, all others are
written anew.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventsim.errors import ConfigError, StoreError, StoreExistsError
from eventsim.pipeline.work import Work, differences
from eventsim.store.attempts import begin_run
from eventsim.store.dataset import (
    committed_parts,
    create_dataset,
    has_parts,
    is_empty,
    read_attributes,
    reset_attributes,
    sweep,
    writing,
)
from eventsim.store.finish import finish
from eventsim.store.layout import FORMAT_VERSION
from eventsim.store.replacing import NEXT, discard, exchange, void, was_cut_off
from eventsim.store.summary import Summary, summarize

if TYPE_CHECKING:
    from distributed import Client

Progress = Callable[[int, int | None, int, str], None]
"""Called with what is done and will be done in all (frames, or still images; None: unknown), with
the events, and a name."""


def run(  # noqa: PLR0913 - what the command line offers, in one place
    plan: Work,
    out: str | Path,
    *,
    workers: int = 1,
    threads: int | None = None,
    overwrite: bool = False,
    client: "Client | str | None" = None,
    memory_bytes: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Convert all inputs of a plan into one dataset, or go on where an earlier run stopped.

    Parameters
    ----------
    plan : Work
        From `eventsim.pipeline.plan.plan` or `eventsim.pipeline.image_plan.plan_images`.
    out : path
        Of the dataset. One that is complete is refused, unless `overwrite`.
    workers : int
        1 runs in this process, without Dask; more are processes of this machine, a part each.
    threads : int, optional
        Of the pixel kernels in each worker; by default all cores, divided by the workers, but for
        one that decodes and writes.
    overwrite : bool
        Replace an eventsim dataset that is there; it is deleted when the new one is finished.
        Nothing else is ever deleted.
    client : distributed.Client or str, optional
        A cluster, or the address of its scheduler, in place of `workers`. All of its workers must
        see the inputs and the dataset at the same paths.
    memory_bytes : int, optional
        Of each worker on this machine; one that takes more is stopped and its part begun anew. By
        default they share what the machine has.
    progress : callable, optional

    Returns
    -------
    Summary
        Of the whole dataset, with the inputs that failed.

    Raises
    ------
    ConfigError
        If an unfinished dataset is there that was begun with other settings.
    StoreExistsError
        If a complete dataset, or something else, is there.
    StoreError
        If the disk is full, or another process writes there.
    """
    if workers < 1:
        raise ConfigError(f"workers must be 1 or more, found {workers}.")
    if threads is not None and threads < 1:
        raise ConfigError(f"threads must be 1 or more, found {threads}.")
    out = Path(out)
    check_output(plan, out, overwrite=overwrite)
    if not out.exists() or is_empty(out):
        create_dataset(out, plan.attributes(), parts=plan.part_count)
    with _hold(out):
        place = _prepare(plan, out, overwrite=overwrite)
        kept = committed_parts(place)
        if threads is None and client is None:
            # One core of each worker is for decoding and writing, which run at the same time:
            # on two cores, two threads for the pixels take a third longer than one.
            threads = max(1, (os.cpu_count() or 1) // workers - 1)
        with writing(place):
            run_name = begin_run(place)
        meter = _Meter(plan.total(kept), progress)
        if workers == 1 and client is None:
            for task in plan.tasks(place, kept, threads, run_name):
                meter.end(task.part, *task.convert(partial(meter.step, task.part)))
        else:
            # A cluster has its own idea of where a relative path begins.
            tasks = plan.tasks(place.absolute(), kept, threads or 1, run_name)
            from eventsim.pipeline.cluster import run_tasks

            with _client(client, workers, memory_bytes) as connected:
                run_tasks(connected, tasks, meter.live, meter.end)
        finish(place)
        if place != out:
            exchange(out)
    return summarize(out)


def check_output(plan: Work, out: Path, *, overwrite: bool) -> None:
    """Refuse an output that cannot be written or gone on with; changes nothing.

    Raises
    ------
    ConfigError, StoreExistsError
        As `run`.
    """
    inside = [path for path in plan.input_paths if _lies_in(path, out)]
    if inside:
        raise ConfigError(
            f"the input {inside[0]} lies in the output {out}, which may be deleted. Move it, or "
            "choose another output."
        )
    if not out.exists() or is_empty(out):
        return
    replacement = read_attributes(out / NEXT)
    there = replacement if was_cut_off(out) else read_attributes(out)
    if there is None:
        raise StoreExistsError(
            f"{out} exists already and is not an eventsim dataset, so it is never deleted, not "
            "even with --overwrite. Choose another output."
        )
    if overwrite or _is_void(there) or (replacement and not _changes(plan, replacement)):
        return
    if there.get("finished"):
        raise StoreExistsError(
            f"{out} exists already and is complete; add --overwrite to replace it."
        )
    changed = _changes(plan, there)
    if changed:
        raise ConfigError(
            f"{out} was begun with other settings: {'; '.join(changed[:5])}. Run it with the same "
            "ones to go on, or add --overwrite to begin anew."
        )


def _prepare(plan: Work, out: Path, *, overwrite: bool) -> Path:
    """Begin anew, or go on with what is there; returns the folder that is to be written.

    A dataset that holds something stays whole until the one that replaces it is finished.
    """
    if was_cut_off(out):
        exchange(out)
    there, replacement = read_attributes(out), read_attributes(out / NEXT)
    if there is None:
        raise StoreExistsError(f"{out} is no longer an eventsim dataset. Choose another output.")
    if replacement is not None and not _changes(plan, replacement):
        sweep(out / NEXT)
        return out / NEXT
    attributes, parts = plan.attributes(), plan.part_count
    discard(out)
    if overwrite and not _is_void(there) and has_parts(out):
        create_dataset(out / NEXT, attributes, parts=parts)
        return out / NEXT
    if overwrite or _is_void(there):
        void(out)
        reset_attributes(out, attributes, parts=parts)
        discard(out)
    sweep(out)
    return out


def _changes(plan: Work, there: dict[str, Any]) -> list[str]:
    """List in what a dataset was begun otherwise than the plan says."""
    wanted = {**plan.attributes(), "parts": plan.part_count, "format_version": FORMAT_VERSION}
    return differences(there, wanted)


def _lies_in(path: str, folder: Path) -> bool:
    return Path(path).resolve().is_relative_to(folder.resolve())


def _is_void(attributes: dict[str, Any]) -> bool:
    """Whether every input of a finished dataset failed: there is nothing to lose."""
    return bool(attributes.get("finished")) and not attributes.get("recordings")


@contextmanager
def _client(
    given: "Client | str | None", workers: int, memory_bytes: int | None
) -> "Iterator[Client]":
    """Connect to the cluster that is given, or start one on this machine."""
    from eventsim.pipeline.cluster import local_client, remote_client

    if given is None:
        with local_client(workers, memory_bytes) as client:
            yield client
    elif isinstance(given, str):
        with remote_client(given) as client:
            yield client
    else:
        yield given


class _Meter:
    """Adds up what is done, for the progress bar; workers speak from other threads."""

    def __init__(self, total: int | None, progress: Progress | None) -> None:
        self.total = total
        self.parts: dict[int, tuple[int, int]] = {}
        self.progress = progress
        self.name = ""
        self._ended: set[int] = set()
        self._lock = threading.Lock()

    def step(self, part: int, done: int, events: int, name: str) -> None:
        before = self.parts.get(part, (0, 0))
        self.live(part, before[0] + done, before[1] + events, name)

    def live(self, part: int, done: int, events: int, name: str) -> None:
        with self._lock:
            if part not in self._ended:  # a word that came late
                self.parts[part] = done, events
                self.name = name
                self._speak()

    def end(self, part: int, done: int, events: int) -> None:
        with self._lock:
            self.parts[part] = done, events
            self._ended.add(part)
            self._speak()

    def _speak(self) -> None:
        if self.progress:
            done, events = (sum(some) for some in zip(*self.parts.values(), strict=True))
            self.progress(done, self.total, events, self.name)


@contextmanager
def _hold(out: Path) -> Iterator[None]:
    """Keep a second process from writing to the same dataset (where the system has flock)."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    handle = os.open(out, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(
                f"another process is writing to {out}. Wait for it to end, or stop it."
            ) from error
        except OSError:
            pass  # a file system without locks, such as some network mounts
        yield
    finally:
        os.close(handle)
