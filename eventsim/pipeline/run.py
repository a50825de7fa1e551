"""Run a plan: every part is a task, in this process or on the workers of a Dask cluster.

It can be killed at any moment and run again: parts that are committed are kept, all others are
rewritten.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from eventsim.errors import ConfigError, StoreError
from eventsim.pipeline.heartbeat import Heartbeat
from eventsim.pipeline.meter import Meter, Progress
from eventsim.pipeline.outputs import check_output, prepare_output
from eventsim.pipeline.plans import Plan
from eventsim.pipeline.video_plan import VideoPlan, describe_inputs
from eventsim.store.attempts import begin_run
from eventsim.store.dataset import (
    committed_parts,
    create_dataset,
    is_empty,
    open_root,
    sweep,
    writing,
)
from eventsim.store.finish import finish
from eventsim.store.manifest import read_batches, sweep_batches, write_batch
from eventsim.store.places import as_path, is_remote
from eventsim.store.replacing import exchange
from eventsim.store.summary import Summary, summarize

if TYPE_CHECKING:
    from distributed import Client

LEAST_MEMORY_BYTES = 300_000_000
"""Of a worker: 255 MB were measured at 64x48. With less it would be stopped at its start, again and
again."""


def run(  # noqa: PLR0913 - what the command line offers, in one place
    plan: Plan,
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
    """Convert all inputs of a plan into one dataset, or resume an earlier run.

    Parameters
    ----------
    plan : Plan
        Of `eventsim.pipeline.video_plan.plan_videos` or one of the other plans.
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
        Of each worker on this machine; one that takes more is stopped and its part restarted. By
        default they share what the machine has.
    strict : bool
        Stop at the first input that fails, in place of writing it down.
    progress : callable, optional
        Called with `eventsim.pipeline.meter.HowFar` as the work goes on.
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
    out = as_path(out)
    check_output(plan, out, overwrite=overwrite)
    if not out.exists() or is_empty(out):
        create_dataset(out, plan.attributes(), parts=plan.part_count)
    with _hold(out):
        place = prepare_output(plan, out, overwrite=overwrite)
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
    plan: VideoPlan,
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
    """Add the parts of a plan to a finished dataset, or resume that.

    Until they are all there, the dataset stays as it was.

    Parameters
    ----------
    plan : VideoPlan
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
    out = as_path(out)
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
        Close it without the parts that are missing; the command that began it can resume later.

    Raises
    ------
    UnfinishedStoreError
        If parts are missing; names them.
    StoreError
        If it is not a dataset, or another process writes to it.
    """
    out = as_path(out)
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
        if self.memory_bytes is not None and self.memory_bytes < LEAST_MEMORY_BYTES:
            raise ConfigError(
                f"a worker needs {LEAST_MEMORY_BYTES / 1e6:.0f} MB of memory before it has done "
                f"anything, found {self.memory_bytes / 1e6:g} MB. Give it more."
            )

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


def _write_parts(plan: Plan, place: Path, how: _How) -> None:
    """Write all parts of a plan that are not there."""
    kept = committed_parts(place, plan.part_count)
    with writing(place):
        run_name = begin_run(place)
    # A cluster has its own idea of where a relative path begins.
    tasks = plan.tasks(place.absolute(), kept, how.kernel_threads, run_name, strict=how.strict)
    meter = Meter(plan.total(kept), how.progress, {task.part: task.inputs for task in tasks})
    with Heartbeat(place, run_name, meter.beat):
        if how.workers == 1 and how.client is None:
            for task in tasks:
                meter.end(task.part, *task.convert(partial(meter.step, task.part)))
        elif tasks:
            from eventsim.pipeline.cluster import run_tasks

            with _client(how) as client:
                run_tasks(client, tasks, meter.live, meter.end)


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


@contextmanager
def _hold(out: Path) -> Iterator[None]:
    """Keep a second process from writing to the same dataset (where the system has flock)."""
    if is_remote(out):
        yield  # nothing can be locked there; of two attempts at a part the first still wins
        return
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
