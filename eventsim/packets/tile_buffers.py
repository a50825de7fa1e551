"""Buffers for the packed events of the tiles of a sensor, filled side by side."""

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from eventsim.packets.memory import fresh_words
from eventsim.packets.threads import spread, tiles

FIRST_BUFFER = 1 << 20
"""Packed events that the tiles have room for at first, together; it grows with need. Pages of it
that no event needs are never touched."""

Workspace = TypeVar("Workspace")


class TileBuffers(Generic[Workspace]):
    """A buffer and a workspace for each tile, used again for every batch.

    Parameters
    ----------
    threads : int
    make_workspace : callable
        Gives the work arrays of a tile.

    Attributes
    ----------
    buffers : (tiles, N) ndarray of uint64
        Packed events, as far as the last `fill` filled them.
    """

    def __init__(self, threads: int, make_workspace: Callable[[], Workspace]) -> None:
        self._threads, self._make_workspace = threads, make_workspace
        # Memory that is used again and again: fresh memory costs more than the events in it.
        self.buffers: NDArray[np.uint64] = np.empty((0, 0), np.uint64)
        self._workspaces: list[Workspace] = []

    def fill(
        self,
        n_blocks: int,
        work: Callable[
            [int, tuple[np.int64, np.int64], Workspace, NDArray[np.uint64]],
            tuple[NDArray[np.uint64], int],
        ],
    ) -> NDArray[np.int64]:
        """Cut blocks into tiles, and fill the buffer of each.

        Parameters
        ----------
        n_blocks : int
        work : callable
            Is given the number of the tile, its blocks (first, last), its workspace and its buffer;
            returns the buffer, or a larger one that it took in place of it, and the events in it.

        Returns
        -------
        (tiles,) ndarray of int64
            Events in each buffer.
        """
        cuts = tiles(n_blocks, self._threads)
        n = len(cuts) - 1
        if len(self.buffers) != n:
            self.buffers = fresh_words(n, FIRST_BUFFER // n)
            self._workspaces = [self._make_workspace() for _ in range(n)]
        filled = list(self.buffers)
        used = np.zeros(n, np.int64)

        def fill_one(k: int) -> None:
            blocks = cuts[k], cuts[k + 1]
            filled[k], used[k] = work(k, blocks, self._workspaces[k], filled[k])

        spread(fill_one, n, self._threads)
        self.buffers = widened(self.buffers, filled, used)
        return used


def widened(
    buffers: NDArray[np.uint64], filled: list[NDArray[np.uint64]], used: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Buffers of all tiles in one array, when some tile may have taken a larger one of its own.

    Parameters
    ----------
    buffers : (tiles, N) ndarray
    filled : list of (M,) ndarray
        Its rows, or the larger ones that were taken in place of them.
    used : (tiles,) ndarray
        Events in each.
    """
    if all(buffer.size == buffers.shape[1] for buffer in filled):
        return buffers
    # Also where the events would have fitted: a tile takes a larger one before it knows.
    buffers = fresh_words(len(filled), max(buffers.shape[1], int(used.max())) * 2)
    for buffer, events, n in zip(buffers, filled, used, strict=True):
        buffer[:n] = events[:n]
    return buffers
