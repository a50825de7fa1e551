"""A few threads that all sensors of a process share; the kernels release the GIL."""

import functools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

TILES_PER_THREAD = 2
"""More tiles than threads, so that a busy part of the picture does not hold up the rest."""


def default_threads() -> int:
    """One thread for each core that this process may use, at most 8."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(8, usable or 1))


def spread(work: Callable[[int], None], n: int, threads: int) -> None:
    """Run work(0) .. work(n - 1) on some threads, and wait for them."""
    if threads == 1 or n == 1:
        for k in range(n):
            work(k)
        return
    for _ in _pool(threads, os.getpid()).map(work, range(n)):
        pass


def tiles(n_blocks: int, threads: int) -> NDArray[np.int64]:
    """Borders of the tiles that blocks are cut into, (tiles + 1,)."""
    n_tiles = 1 if threads == 1 else min(threads * TILES_PER_THREAD, n_blocks)
    return np.linspace(0, n_blocks, n_tiles + 1).astype(np.int64)


@functools.cache
def _pool(threads: int, process: int) -> ThreadPoolExecutor:
    """Threads of a process: a forked one has the pool of its parent, and none of its threads."""
    return ThreadPoolExecutor(threads, thread_name_prefix="eventsim-pixel")
