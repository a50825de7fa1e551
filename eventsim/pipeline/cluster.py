"""Tasks on the workers of a Dask cluster: a bounded window of them, their progress and deaths."""

import contextlib
import importlib.util
import logging
import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any

import dask
from distributed import Client, KilledWorker, LocalCluster, as_completed, get_worker
from distributed.utils import silence_logging_cmgr

from eventsim.errors import ConfigError, PartTakenError, StoreError
from eventsim.pipeline.plans import Task

AHEAD = 2
"""Tasks a worker that are handed out: one is done, one waits. More would only cost memory."""
SPEAK_EVERY_S = 0.5
"""Between two words of a worker on how far it is; chosen by eye."""
MOST_DEATHS = 20
"""Attempts at one task whose worker died, before the run is given up; chosen by eye. An input that
kills its worker is set aside after two."""
CONNECT_S = 30
"""To find a scheduler; chosen by eye."""

Live = Callable[[int, int, int, str], None]
"""Called with a part, what is done of it, its events, and the name of its input."""

_CONFIG = {
    # A worker that is short of memory must die and be replaced, not wait for itself.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
}


@contextmanager
def local_client(workers: int, memory_bytes: int | None) -> Iterator[Client]:
    """Start workers on this machine: processes with one task each.

    Parameters
    ----------
    workers : int
    memory_bytes : int or None
        Of each; one that takes more is stopped. None shares out what the machine has.

    Raises
    ------
    StoreError
        If a worker cannot be started.
    """
    from distributed.system import MEMORY_LIMIT

    limit = memory_bytes or MEMORY_LIMIT // workers
    with dask.config.set(_CONFIG), _deaf():
        try:
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                memory_limit=limit,
                dashboard_address=":0",  # any free port: others may run on this machine
                silence_logs=logging.CRITICAL,
            )
        except RuntimeError as error:
            words = " ".join(str(error).split())
            raise StoreError(
                f"the workers could not be started ({words}): one was killed, or ran out of "
                "memory. Run the same command again, with fewer --workers if memory is short."
            ) from error
    try:
        with Client(cluster) as client:
            yield client
    finally:
        cluster.close(timeout=5)


@contextmanager
def remote_client(address: str) -> Iterator[Client]:
    """Connect to a scheduler that runs already.

    Raises
    ------
    ConfigError
        If there is none.
    """
    try:
        with silence_logging_cmgr(logging.CRITICAL):
            client = Client(address, timeout=CONNECT_S)
    except (OSError, ValueError, TypeError) as error:
        raise ConfigError(
            f"no Dask scheduler answers at {address} ({' '.join(str(error).split())[:120]}). Start "
            "one with `dask scheduler`, or check the address."
        ) from error
    # What Dask says of workers that died is no news: their tasks are done again.
    with client, silence_logging_cmgr(logging.CRITICAL):
        yield client


def dashboard_of(client: Client) -> str:
    """Address of Dask's dashboard; "" if there is none, since it needs bokeh."""
    return client.dashboard_link if importlib.util.find_spec("bokeh") is not None else ""


def run_tasks(
    client: Client, tasks: Sequence[Task], live: Live, done: Callable[[int, int, int], None]
) -> None:
    """Run tasks on the workers of a client until all are committed.

    Parameters
    ----------
    client : distributed.Client
    tasks : sequence of Task
        Each can be run again at any time.
    live : callable
        Called while tasks run, in another thread.
    done : callable
        Called with a part, what was done, and its events, when it is committed.

    Raises
    ------
    EventSimError
        That a task raised.
    StoreError
        If the cluster is lost, or its workers die again and again.
    """
    topic = f"eventsim-{uuid.uuid4().hex}"
    client.subscribe_topic(topic, lambda event: live(*event[1]))
    by_key: dict[str, Task] = {}
    deaths: dict[int, int] = {}

    def submit(task: Task) -> Any:
        key = f"part-{task.part:05d}-{uuid.uuid4().hex[:8]}"
        by_key[key] = task
        return client.submit(_work, task, topic, key=key, pure=False)

    waiting = iter(tasks)
    futures = as_completed()
    try:
        _refill(futures, waiting, submit, client)
        for future in futures:
            task, status = by_key[future.key], future.status
            if status in ("pending", "lost"):
                # Its result lay on a worker that has died since: it is asked for once more.
                futures.add(future)
                continue
            if status == "finished":
                done(task.part, *future.result())
            else:
                error = future.exception() if status == "error" else None
                if error is not None and not isinstance(error, KilledWorker):
                    raise error
                if error is None and client.status != "running":
                    raise StoreError(
                        "the Dask cluster was lost. What is committed is safe; run the same "
                        "command again to resume."
                    )
                deaths[task.part] = deaths.get(task.part, 0) + 1
                if deaths[task.part] > MOST_DEATHS:
                    raise StoreError(
                        f"workers keep crashing at part {task.part} ({task.name}). What is "
                        "committed is safe; run the same command again, with fewer --workers if "
                        "memory is short."
                    )
                futures.add(submit(task))
            del by_key[future.key]
            _refill(futures, waiting, submit, client)
    finally:
        with contextlib.suppress(Exception):  # of a cluster that is gone
            client.unsubscribe_topic(topic)
        with contextlib.suppress(Exception):
            client.cancel(list(futures.futures), force=True)


def _refill(
    futures: Any, waiting: Iterator[Task], submit: Callable[[Task], Any], client: Any
) -> None:
    """Hand out tasks until each worker has its share; workers may come and go."""
    wanted = AHEAD * max(1, sum(client.nthreads().values()))
    while futures.count() < wanted:
        task = next(waiting, None)
        if task is None:
            return
        futures.add(submit(task))


def _work(task: Task, topic: str) -> tuple[int, int]:
    """Run a task on a worker, and say how far it is."""
    worker = get_worker()
    total = events = 0
    spoken = time.monotonic()

    def step(more: int, more_events: int, name: str) -> None:
        nonlocal total, events, spoken
        total, events = total + more, events + more_events
        now = time.monotonic()
        if now - spoken >= SPEAK_EVERY_S:
            spoken = now
            worker.log_event(topic, (task.part, total, events, name))

    try:
        return task.convert(step)
    except PartTakenError:  # a worker that was given up has done it after all
        return total, events


@contextmanager
def _deaf() -> Iterator[None]:
    """Leave Ctrl-C to this process: the threads and processes that start here do not hear it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    # Its start would lift the block, in the very thread that starts the processes. And it would
    # complain of what a worker that was killed could not give back.
    warnings_before = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = "ignore::UserWarning:multiprocessing.resource_tracker"
    resource_tracker.ensure_running()
    if warnings_before is None:
        del os.environ["PYTHONWARNINGS"]
    else:
        os.environ["PYTHONWARNINGS"] = warnings_before
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
