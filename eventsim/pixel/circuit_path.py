"""Batches of frames through pixels of any settings, on a few threads.

Tiles of blocks go to the threads, then pieces of the time do, to be sorted. What comes out does
not depend on the number of either.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.events import SensorSize
from eventsim.pixel import layout as at
from eventsim.pixel.kernels import kernels
from eventsim.pixel.light import Light
from eventsim.pixel.memory import ColumnMemory, fresh_words
from eventsim.pixel.sorting import bucket_bits
from eventsim.pixel.state import PixelState
from eventsim.pixel.step import make_desk
from eventsim.pixel.threads import spread, tiles

FIRST_ROOM = 1 << 20
"""Packed events that the tiles have room for at first, together; it grows with need. Pages of it
that no event needs are never touched."""

SORT_TOGETHER = 20_000
"""Batches of fewer events are sorted by one thread; chosen by eye."""


class CircuitPath:
    """Everything that a pixel can do; what it remembers is all in its state.

    Parameters
    ----------
    size : SensorSize
    physics : Physics
    threads : int
    """

    def __init__(self, size: SensorSize, physics: at.Physics, threads: int) -> None:
        self._size, self._physics, self._threads = size, physics, threads
        # Memory that is used again and again: fresh memory costs more than the events in it.
        self._rooms = np.empty((0, 0), np.uint64)
        self._desks: list[tuple[NDArray[Any], ...]] = []
        self._sorting = [fresh_words(FIRST_ROOM // threads) for _ in range(threads)]
        self._memory = ColumnMemory()

    def begin(self, state: PixelState, light: Light | None) -> None:
        """Nothing is kept beside the state."""

    def settle(self, state: PixelState) -> None:
        """Nothing is kept beside the state."""

    def run(
        self, light: Light, intervals: at.Intervals, state: PixelState, start_us: int
    ) -> tuple[NDArray[Any], ...]:
        """Push a batch of frames; returns the columns of its events.

        Parameters
        ----------
        light : Light
        intervals : Intervals
        state : PixelState
        start_us : int
            Of the first interval.
        """
        used = self._solve(light, intervals, state)
        span_us = int(intervals.since_batch_us[-1] + intervals.dt_us[-1])
        return self._sort(used, start_us, span_us)

    def _solve(self, light: Light, intervals: at.Intervals, state: PixelState) -> NDArray[np.int64]:
        """Fill the rooms with packed events, one for each tile; returns how many are in each."""
        cuts = tiles(len(state.blocks), self._threads)
        n_tiles = len(cuts) - 1
        if len(self._rooms) != n_tiles:
            self._rooms = fresh_words(n_tiles, FIRST_ROOM // n_tiles)
            self._desks = [make_desk() for _ in range(n_tiles)]
        filled = list(self._rooms)
        used = np.zeros(n_tiles, np.int64)
        pixels = np.int64(self._size.width * self._size.height)
        tile = kernels().tile

        def solve_tile(k: int) -> None:
            filled[k], used[k] = tile(
                (cuts[k], cuts[k + 1]), pixels, state.blocks, intervals, self._physics,
                state.rare, light.arrays, self._desks[k], filled[k],
            )  # fmt: skip

        spread(solve_tile, n_tiles, self._threads)
        self._rooms = roomy(self._rooms, filled, used)
        return used

    def _sort(
        self, used: NDArray[np.int64], start_us: int, span_us: int
    ) -> tuple[NDArray[Any], ...]:
        """The columns of the events of one batch."""
        n = int(used.sum())
        columns = self._memory.columns(n)
        bits = bucket_bits(n, span_us)
        n_buckets = (span_us >> bits) + 1
        n_cuts = min(self._threads, n_buckets) if n > SORT_TOGETHER else 1
        cuts = [n_buckets * k // n_cuts for k in range(n_cuts + 1)]
        sort, rooms, width = kernels().sort, self._rooms, self._size.width

        def sort_some(k: int) -> None:
            self._sorting[k] = sort(
                rooms, used, start_us, bits, cuts[k], cuts[k + 1], self._sorting[k], width, columns
            )

        spread(sort_some, n_cuts, self._threads)
        return columns


def roomy(
    rooms: NDArray[np.uint64], filled: list[NDArray[np.uint64]], used: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Rooms of all tiles in one array, when some tile may have taken a larger one of its own.

    Parameters
    ----------
    rooms : (tiles, N) ndarray
    filled : list of (M,) ndarray
        Its rows, or the larger rooms that were taken in place of them.
    used : (tiles,) ndarray
        Events in each.
    """
    if all(room.size == rooms.shape[1] for room in filled):
        return rooms
    # Also where the events would have fitted: a tile takes a larger room before it knows.
    rooms = fresh_words(len(filled), max(rooms.shape[1], int(used.max())) * 2)
    for room, events, n in zip(rooms, filled, used, strict=True):
        room[:n] = events[:n]
    return rooms
