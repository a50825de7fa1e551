"""Run a plan: every part is a task, in this process or on the workers of a Dask cluster.

It can be killed at any moment and run again: parts that are committed are kept, all others are
written anew.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventsim.errors import ConfigError, StoreError, StoreExistsError
from eventsim.pipeline.heartbeat import Beat, Heartbeat
from eventsim.pipeline.plan import Plan, describe_inputs
from eventsim.pipeline.work import Work, differences
from eventsim.store.attempts import begin_run
from eventsim.store.dataset import (
    committed_parts,
    create_dataset,
    has_parts,
    is_empty,
    open_root,
    read_attributes,
    reset_attributes,
    sweep,
    writing,
)
from eventsim.store.finish import finish
from eventsim.store.layout import FORMAT_VERSION
from eventsim.store.manifest import latest, read_batches, sweep_batches, write_batch
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
    strict: bool = False,
    progress: Progress | None = None,
    tell: Callable[[str], None] | None = None,
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
    strict : bool
        Stop at the first input that fails, in place of writing it down.
    progress : callable, optional
    tell : callable, optional
        Called with words on the run, such as the address of Dask's dashboard.

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
    SourceError
        If an input failed, and `strict` was asked for.
    """
    how = _How(workers, threads, client, memory_bytes, strict, progress, tell)
    out = Path(out)
    check_output(plan, out, overwrite=overwrite)
    if not out.exists() or is_empty(out):
        create_dataset(out, plan.attributes(), parts=plan.part_count)
    with _hold(out):
        place = _prepare(plan, out, overwrite=overwrite)
        sweep_batches(place)
        entries = plan.entries(place)
        if entries and not read_batches(place):
            write_batch(place, 0, entries)
        _write_parts(plan, place, how)
        finish(place)
        if place != out:
            exchange(out)
    return summarize(out)


def extend(  # noqa: PLR0913 - as `run`
    plan: Plan,
    out: str | Path,
    *,
    workers: int = 1,
    threads: int | None = None,
    client: "Client | str | None" = None,
    memory_bytes: int | None = None,
    strict: bool = False,
    progress: Progress | None = None,
    tell: Callable[[str], None] | None = None,
) -> Summary:
    """Add the parts of a plan to a finished dataset, or go on where that was interrupted.

    Until they are all there, the dataset stays as it was.

    Parameters
    ----------
    plan : Plan
        From `eventsim.pipeline.extending`.
    out : path
        Of the dataset.
    workers, threads, client, memory_bytes, strict, progress, tell
        As `run`.

    Returns
    -------
    Summary
        Of the whole dataset.

    Raises
    ------
    StoreError
        As `run`, or if somebody else has added to it since the plan was made.
    """
    how = _How(workers, threads, client, memory_bytes, strict, progress, tell)
    out = Path(out)
    with _hold(out):
        sweep(out)
        sweep_batches(out)
        batches = read_batches(out)
        entries = plan.entries(out)
        known = {(entry.part, entry.sample) for batch in batches for entry in batch}
        new = {(entry.part, entry.sample) for entry in entries}
        if not new <= known:
            if {part for part, _ in new} & {part for part, _ in known}:
                raise StoreError(f"{out} was changed by another process. Run the command again.")
            write_batch(out, len(batches), entries)
            batches = [*batches, entries]
        _write_parts(plan, out, how)
        finish(out, parts=plan.part_count, inputs=describe_inputs(batches))
    return summarize(out)


def close(out: str | Path, *, allow_missing: bool = False) -> Summary:
    """Finish a dataset all of whose parts are there, or as it is.

    Parameters
    ----------
    out : path
    allow_missing : bool
        Close it without the parts that are missing; the command that began it can go on later.

    Raises
    ------
    UnfinishedStoreError
        If parts are missing; names them.
    StoreError
        If it is not a dataset, or another process writes to it.
    """
    out = Path(out)
    open_root(out)
    with _hold(out):
        batches = read_batches(out)
        parts = max((entry.part + 1 for batch in batches for entry in batch), default=None)
        finish(
            out,
            parts=parts,
            inputs=describe_inputs(batches) if batches else None,
            allow_missing=allow_missing,
        )
    return summarize(out)


@dataclass(frozen=True)
class _How:
    """How a run is done; changes nothing in the events."""

    workers: int
    threads: int | None
    client: "Client | str | None"
    memory_bytes: int | None
    strict: bool
    progress: Progress | None
    tell: Callable[[str], None] | None

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise ConfigError(f"workers must be 1 or more, found {self.workers}.")
        if self.threads is not None and self.threads < 1:
            raise ConfigError(f"threads must be 1 or more, found {self.threads}.")

    @property
    def kernel_threads(self) -> int:
        """Threads of the pixel kernels in each worker.

        One core of each worker is for decoding and writing, which run at the same time: on two
        cores, two threads for the pixels take a third longer than one. Of a cluster nothing is
        known but that its workers are as many as they should be.
        """
        if self.threads is not None:
            return self.threads
        if self.client is not None:
            return 1
        return max(1, (os.cpu_count() or 1) // self.workers - 1)


def _write_parts(plan: Work, place: Path, how: _How) -> None:
    """Write all parts of a plan that are not there."""
    kept = committed_parts(place, plan.part_count)
    with writing(place):
        run_name = begin_run(place)
    meter = _Meter(plan.total(kept), how.progress)
    # A cluster has its own idea of where a relative path begins.
    tasks = plan.tasks(place.absolute(), kept, how.kernel_threads, run_name, strict=how.strict)
    with Heartbeat(place, run_name, meter.beat):
        if how.workers == 1 and how.client is None:
            for task in tasks:
                meter.end(task.part, *task.convert(partial(meter.step, task.part)))
        elif tasks:
            from eventsim.pipeline.cluster import run_tasks

            with _client(how) as client:
                run_tasks(client, tasks, meter.live, meter.end)


def check_output(plan: Work, out: Path, *, overwrite: bool) -> None:
    """Refuse an output that cannot be written or gone on with; changes nothing.

    Raises
    ------
    ConfigError, StoreExistsError
        As `run`.
    """
    inside = _inputs_in(plan.input_paths, out)
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
    changed = _changes(plan, there)
    if overwrite or _is_void(there) or (replacement and not _changes(plan, replacement)):
        return
    if there.get("finished") and (changed or not there.get("missing_parts")):
        raise StoreExistsError(
            f"{out} exists already and is complete; add --overwrite to replace it."
        )
    if changed:
        changed += _changed_inputs(plan, out)
        raise ConfigError(
            f"{out} was begun with other settings: {'; '.join(changed[:5])}. Run it with the same "
            "ones to go on, or add --overwrite to begin anew."
        )


def is_complete(plan: Work, out: Path) -> bool:
    """Whether a dataset is all that a plan would make."""
    there = read_attributes(out)
    whole = there is not None and there.get("finished") and not there.get("missing_parts")
    return bool(whole) and not _changes(plan, there or {})


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


def _changed_inputs(plan: Work, out: Path) -> list[str]:
    """Say which inputs are others than those that a dataset was begun with."""
    there = {entry.id: entry.fingerprint for entry in latest(read_batches(out))}
    now = {entry.id: entry.fingerprint for entry in plan.entries(out)}
    if not there or not now:
        return []
    groups = {
        "new": [name for name in now if name not in there],
        "gone": [name for name in there if name not in now],
        "changed": [name for name in now if name in there and now[name] != there[name]],
    }
    return [
        f"{len(names):,} {word}, such as {names[0]!r}" for word, names in groups.items() if names
    ]


def _inputs_in(paths: Sequence[str], folder: Path) -> list[str]:
    """Inputs that lie in a folder."""
    home = folder.resolve()
    resolved: dict[Path, Path] = {}  # most of very many inputs share some folders
    found = []
    for name in paths:
        path = Path(name)
        if path.parent not in resolved:
            resolved[path.parent] = path.parent.resolve()
        place = path.resolve() if path.is_symlink() else resolved[path.parent] / path.name
        if place.is_relative_to(home):
            found.append(name)
    return found


def _is_void(attributes: dict[str, Any]) -> bool:
    """Whether every input of a finished dataset failed: there is nothing to lose."""
    return bool(attributes.get("finished")) and not attributes.get("recordings")


@contextmanager
def _client(how: _How) -> "Iterator[Client]":
    """Connect to the cluster that is given, or start one on this machine."""
    from eventsim.pipeline.cluster import dashboard_of, local_client, remote_client

    with ExitStack() as stack:
        if how.client is None:
            client = stack.enter_context(local_client(how.workers, how.memory_bytes))
        elif isinstance(how.client, str):
            client = stack.enter_context(remote_client(how.client))
        else:
            client = how.client
        address = dashboard_of(client)
        if address and how.tell:
            how.tell(f"dashboard {address}")
        yield client


class _Meter:
    """Adds up what is done, for the progress bar; workers speak from other threads."""

    def __init__(self, total: int | None, progress: Progress | None) -> None:
        self.total = total
        self.parts: dict[int, tuple[int, int]] = {}
        self.progress = progress
        self._names: dict[int, str] = {}  # of parts that are worked on
        self._name = ""
        self._ended: set[int] = set()
        self._lock = threading.Lock()

    def step(self, part: int, done: int, events: int, name: str) -> None:
        before = self.parts.get(part, (0, 0))
        self.live(part, before[0] + done, before[1] + events, name)

    def live(self, part: int, done: int, events: int, name: str) -> None:
        with self._lock:
            if part not in self._ended:  # a word that came late
                self.parts[part] = done, events
                self._names[part] = self._name = name
                self._speak()

    def end(self, part: int, done: int, events: int) -> None:
        with self._lock:
            self.parts[part] = done, events
            self._ended.add(part)
            self._names.pop(part, None)
            self._speak()

    def beat(self) -> Beat:
        """How far it is, for those who look from elsewhere."""
        with self._lock:
            return Beat(*self._sums(), tuple(self._names.values()))

    def _sums(self) -> tuple[int, int | None, int]:
        done = sum(some for some, _ in self.parts.values())
        return done, self.total, sum(events for _, events in self.parts.values())

    def _speak(self) -> None:
        if self.progress:
            self.progress(*self._sums(), self._name)


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
