"""Memory for the columns of packets, taken again when nobody looks at them any more.

The first touch of fresh memory costs more than sorting an event, and malloc gives
columns of a few megabytes back to the system as soon as they are freed.
"""

import mmap
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.events import COLUMNS

EVENT_BYTES = sum(np.dtype(d).itemsize for d in COLUMNS.values())
KEPT = 8
"""Most blocks kept: those of packets under way to a slow consumer; chosen by eye."""
SMALLEST = 1 << 16
"""Smallest block, bytes; below it malloc is as good."""
RESERVED = 16 << 20
"""Most bytes that a block is larger than what was asked for. Pages are memory only when they are
touched: so a block that grows with the packets is not made, and touched, again and again."""


def fresh_bytes(size: int) -> NDArray[np.uint8]:
    """Memory of some bytes straight from the system, in small pages.

    NumPy asks for huge pages where an array has 4 MB or more, and the system then takes up to a
    millisecond for each to find one: 6 MB cost 10 ms, and 2 ms in this way.
    """
    if hasattr(mmap, "MAP_ANONYMOUS"):
        flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
        return np.frombuffer(mmap.mmap(-1, max(size, 1), flags=flags), np.uint8)
    return np.frombuffer(mmap.mmap(-1, max(size, 1)), np.uint8)  # Windows


def fresh_words(*shape: int) -> NDArray[np.uint64]:
    """Memory for 64-bit numbers, as `fresh_bytes`."""
    count = int(np.prod(shape))
    return fresh_bytes(8 * count)[: 8 * count].view(np.uint64).reshape(shape)


class ColumnMemory:
    """Gives out the columns of packets from blocks that it keeps.

    A block is free when no array refers to it: the columns are views of it and hold a
    reference as long as anybody holds one of them.
    """

    def __init__(self) -> None:
        self._blocks: list[NDArray[np.uint8]] = [np.empty(SMALLEST, np.uint8)]
        self._idle = self._references(0)

    def columns(self, n: int) -> tuple[NDArray[Any], ...]:
        """Columns t, x, y, p, kind of n events, with whatever was in memory."""
        block = self._block(n * EVENT_BYTES)
        columns: list[NDArray[Any]] = []
        start = 0
        for dtype in COLUMNS.values():  # int64 first, so that every column is aligned
            stop = start + n * np.dtype(dtype).itemsize
            columns.append(block[start:stop].view(dtype))
            start = stop
        return tuple(columns)

    def _references(self, k: int) -> int:
        """References to block k; how many a free one has depends on the Python."""
        return sys.getrefcount(self._blocks[k])

    def _block(self, size: int) -> NDArray[np.uint8]:
        free = [k for k in range(len(self._blocks)) if self._references(k) <= self._idle]
        for k in free:
            if self._blocks[k].size >= size:
                return self._blocks[k]
        fresh = fresh_bytes(max(SMALLEST, min(8 * size, size + RESERVED)))
        if free:
            self._blocks[free[0]] = fresh  # it is too small
        elif len(self._blocks) < KEPT:
            self._blocks.append(fresh)
        return fresh
