"""Batches of frames through pixels of any settings, on a few threads.

Tiles of blocks go to the threads, then pieces of the time do, to be sorted. What comes out does
not depend on the number of either.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.events import SensorSize
from eventsim.packets.memory import ColumnMemory, fresh_words
from eventsim.packets.sorting import SORT_TOGETHER, bucket_bits
from eventsim.packets.threads import spread
from eventsim.packets.tile_buffers import FIRST_BUFFER, TileBuffers
from eventsim.pixel import layout as at
from eventsim.pixel.kernels import kernels
from eventsim.pixel.light import Light
from eventsim.pixel.physics import Physics
from eventsim.pixel.state import PixelState
from eventsim.pixel.step import make_workspace


class CircuitPath:
    """Everything that a pixel can do; what it remembers is all in its state.

    Parameters
    ----------
    size : SensorSize
    physics : Physics
    threads : int
    """

    def __init__(self, size: SensorSize, physics: Physics, threads: int) -> None:
        self._size, self._physics, self._threads = size, physics, threads
        self._buffers = TileBuffers(threads, make_workspace)
        self._sorting = [fresh_words(FIRST_BUFFER // threads) for _ in range(threads)]
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
        """Fill the buffers with packed events, one for each tile; returns how many are in each."""
        pixels = np.int64(self._size.width * self._size.height)
        tile = kernels().run_tile

        def solve_tile(
            _: int, blocks: Any, workspace: Any, buffer: NDArray[np.uint64]
        ) -> tuple[NDArray[np.uint64], int]:
            solved: tuple[NDArray[np.uint64], int] = tile(
                blocks, pixels, state.blocks, intervals, self._physics, state.sparse, light.arrays,
                workspace, buffer,
            )  # fmt: skip
            return solved

        return self._buffers.fill(len(state.blocks), solve_tile)

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
        sort, buffers, width = kernels().sort_events, self._buffers.buffers, self._size.width

        def sort_some(k: int) -> None:
            self._sorting[k] = sort(
                buffers,
                used,
                start_us,
                bits,
                cuts[k],
                cuts[k + 1],
                self._sorting[k],
                width,
                columns,
            )

        spread(sort_some, n_cuts, self._threads)
        return columns
