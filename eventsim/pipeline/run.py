"""Run a plan: every part is a task, in this process or on Dask's process workers.

It can be killed at any moment and run again: parts that are committed are kept, all others are
written anew.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dask
from dask.callbacks import Callback

from eventsim.errors import ConfigError, EventSimError, StoreError, StoreExistsError
from eventsim.pipeline.work import Task, Work, differences
from eventsim.store.dataset import (
    committed_parts,
    create_dataset,
    has_parts,
    is_empty,
    read_attributes,
    reset_attributes,
    sweep,
)
from eventsim.store.finish import finish
from eventsim.store.layout import FORMAT_VERSION
from eventsim.store.replacing import NEXT, discard, exchange, void, was_cut_off
from eventsim.store.summary import Summary, summarize

_STOPPED = 143
"""As a shell reports SIGTERM: 128 and the number of the signal."""

_GRACE_S = 3.0
"""A worker that is told to end has so long to close its files; chosen by eye."""

Progress = Callable[[int, int | None, int, str], None]
"""Called with what is done and will be done in all (frames, or still images; None: unknown), with
the events, and a name."""


def run(
    plan: Work,
    out: str | Path,
    *,
    workers: int = 1,
    threads: int | None = None,
    overwrite: bool = False,
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
        1 runs in this process; more are processes, a part each.
    threads : int, optional
        Of the pixel kernels in each worker; by default all cores, divided by the workers, but for
        one that decodes and writes.
    overwrite : bool
        Replace an eventsim dataset that is there; it is deleted when the new one is finished.
        Nothing else is ever deleted.
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
        if threads is None:
            # One core of each worker is for decoding and writing, which run at the same time:
            # on two cores, two threads for the pixels take a third longer than one.
            threads = max(1, (os.cpu_count() or 1) // workers - 1)
        tasks = plan.tasks(place, kept, threads)
        meter = _Meter(plan.total(kept), progress)
        if workers == 1:
            for task in tasks:
                task.convert(meter.step)
        else:
            _run_on_workers(tasks, workers, meter)
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


class _Meter:
    """Adds up what is done, for the progress bar."""

    def __init__(self, total: int | None, progress: Progress | None) -> None:
        self.total = total
        self.done = self.events = 0
        self.progress = progress

    def step(self, done: int, events: int, name: str) -> None:
        self.done += done
        self.events += events
        if self.progress:
            self.progress(self.done, self.total, self.events, name)


def _run_on_workers(tasks: Sequence[Task], workers: int, meter: _Meter) -> None:
    names = {f"part-{task.part:05d}": task.name for task in tasks}
    jobs = [
        dask.delayed(_convert, pure=False)(task, dask_key_name=f"part-{task.part:05d}")
        for task in tasks
    ]

    def done(key: Any, result: Any, *_: Any) -> None:
        if key in names and isinstance(result, tuple):
            did, events = result
            meter.step(did, events, names[key])

    # Spawned, not forked: a fork of a process with threads may hang.
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    interrupts = signal.getsignal(signal.SIGINT)
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker)
    try:
        _launch(pool, workers)
        with Callback(posttask=done):
            # chunksize 1: a part is minutes of work, and Dask would hand out six at once.
            dask.compute(*jobs, scheduler="processes", pool=pool, chunksize=1)
    except BrokenProcessPool as error:
        raise StoreError(
            "a worker died: it was killed, or ran out of memory. What is committed is safe; run "
            "the same command again, with fewer --workers if memory is short."
        ) from error
    except BaseException as error:
        # A second Ctrl-C must not cut the end short: idle workers would be waited for without end.
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        # Nobody waits for parts that will not be used; a part that is cut off is written anew.
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        # Dask puts the worker's traceback into the text of its error; ours is one line.
        original = getattr(error, "exception", None)
        if isinstance(original, EventSimError):
            raise original from error
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, interrupts)


def _convert(task: Task) -> tuple[int, int]:
    return task.convert()


def _launch(pool: ProcessPoolExecutor, workers: int) -> None:
    """Start the workers, deaf to Ctrl-C from their first moment: they inherit what is blocked.

    Each job that is submitted starts another one, as long as none of them is up and idle.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        for _ in range(workers):
            pool.submit(int)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_worker() -> None:
    """Leave Ctrl-C to the parent, and end with it: an orphan must not go on writing."""

    def stop(*_: object) -> None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the parent tells what there is to say
        # A library may swallow it: then without its help.
        timer = threading.Timer(_GRACE_S, os._exit, [_STOPPED])
        timer.daemon = True
        timer.start()
        raise SystemExit(_STOPPED)  # through the task, so that its threads and files are closed

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, stop)
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


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
