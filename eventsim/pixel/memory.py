"""Memory for the columns of packets, taken again when nobody looks at them any more.

The first touch of fresh memory costs more than sorting an event, and malloc gives
columns of a few megabytes back to the system as soon as they are freed.
"""

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
        fresh = np.empty(max(SMALLEST, size * 5 // 4), np.uint8)
        if free:
            self._blocks[free[0]] = fresh  # it is too small
        elif len(self._blocks) < KEPT:
            self._blocks.append(fresh)
        return fresh
