"""Batches of frames through pixels with thresholds and nothing else; see ``plain``."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.events import SensorSize
from eventsim.packets.memory import ColumnMemory, fresh_words
from eventsim.packets.sorting import SORT_TOGETHER
from eventsim.packets.threads import TILES_PER_THREAD, spread
from eventsim.packets.tile_buffers import FIRST_BUFFER, TileBuffers
from eventsim.pixel import layout as at
from eventsim.pixel.kernels import kernels
from eventsim.pixel.light import Light
from eventsim.pixel.plain import (
    Ladder,
    PlainWorkspace,
    make_ladder,
    make_plain_workspace,
    make_quiet,
)
from eventsim.pixel.state import PixelState

FIRST_COUNTERS = 1 << 16
"""Microseconds of an interval that there are counters for at first; they grow with need."""


class PlainPath:
    """Pixels whose crossings are known at once.

    For 8-bit frames it remembers the codes of the last frame and the quiet ones of each pixel;
    the log luminance in the state is then behind, until `settle`.

    Parameters
    ----------
    size : SensorSize
    threads : int
    """

    def __init__(self, size: SensorSize, threads: int) -> None:
        self._size, self._threads = size, threads
        self._pixels = np.int64(size.width * size.height)
        self._quiet = make_quiet(0)
        self._ladder: Ladder | None = None  # that the quiet codes are of, if they are known
        self._behind = False
        self._buffers = TileBuffers(threads, make_plain_workspace)
        self._sorting = [
            (fresh_words(FIRST_BUFFER // threads), np.empty(FIRST_COUNTERS, np.int32))
            for _ in range(threads)
        ]
        self._memory = ColumnMemory()

    def begin(self, state: PixelState, light: Light | None) -> None:
        """Begin with a state, at whose last frame `light` was seen, if that is known."""
        self._ladder, self._behind = None, False
        if light is not None and len(light.codes):
            self._learn(state, light.log_table, light.codes[-1])

    def settle(self, state: PixelState) -> None:
        """Write the log luminance of the last frame into the state."""
        if self._ladder is not None and self._behind:
            kernels().write_log(self._pixels, state.blocks, self._ladder, self._quiet)
        self._behind = False

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
        if len(light.codes) and self._ladder is not None:
            cuts = self._solve(light, intervals, state, self._ladder)
            self._behind = True
        else:
            self.settle(state)
            self._ladder = None
            cuts = self._solve(light, intervals, state, None)
            if len(light.codes):
                self._learn(state, light.log_table, light.codes[-1])
        return self._sort(cuts, intervals, start_us)

    def _learn(
        self, state: PixelState, log_table: NDArray[np.float32], codes: NDArray[np.uint8]
    ) -> None:
        """Find the quiet codes of all pixels, and keep those of the last frame."""
        if len(self._quiet.code) != len(state.blocks):
            self._quiet = make_quiet(len(state.blocks))
        self._ladder = make_ladder(log_table)
        workspace = make_plain_workspace()
        kernels().set_quiet(self._pixels, state.blocks, self._ladder, self._quiet, codes, workspace)

    def _solve(
        self, light: Light, intervals: at.Intervals, state: PixelState, ladder: Ladder | None
    ) -> NDArray[np.int64]:
        """Fill the buffers; returns where the events of each frame begin and end in each."""
        frames = len(intervals.dt_us)
        ends = np.zeros((self._threads * TILES_PER_THREAD, frames + 1), np.int64)
        codes, planes = kernels().run_codes, kernels().run_planes
        logs = light.log_planes
        if ladder is None and len(light.codes):
            logs = light.log_table.take(light.codes)

        def solve_tile(
            k: int, blocks: Any, workspace: PlainWorkspace, buffer: NDArray[np.uint64]
        ) -> tuple[NDArray[np.uint64], int]:
            if ladder is not None:
                buffer = codes(
                    blocks, self._pixels, state.blocks, intervals, ladder, self._quiet,
                    light.codes, workspace, buffer, ends[k, 1:],
                )  # fmt: skip
            else:
                buffer = planes(
                    blocks,
                    self._pixels,
                    state.blocks,
                    intervals,
                    logs,
                    workspace,
                    buffer,
                    ends[k, 1:],
                )
            return buffer, int(ends[k, -1])

        used = self._buffers.fill(len(state.blocks), solve_tile)
        return ends[: len(used)]

    def _sort(
        self, cuts: NDArray[np.int64], intervals: at.Intervals, start_us: int
    ) -> tuple[NDArray[Any], ...]:
        """The columns of the events of one batch."""
        before = cuts.sum(axis=0)
        columns = self._memory.columns(int(before[-1]))
        frames = len(before) - 1
        together = before[-1] <= SORT_TOGETHER
        slices = 1 if together else -(-self._threads // frames)
        sort, buffers, width = kernels().sort_frame, self._buffers.buffers, self._size.width
        workers = 1 if together else self._threads

        def sort_some(k: int) -> None:
            for unit in range(k, frames * slices, workers):
                f, piece = divmod(unit, slices)
                self._sorting[k] = sort(
                    buffers, cuts, f, intervals.dt_us[f], (piece, slices),
                    start_us + intervals.since_batch_us[f], self._sorting[k], width, before[f],
                    columns,
                )  # fmt: skip

        spread(sort_some, workers, self._threads)
        return columns
