"""Rooms for the packed events of the tiles of a sensor, filled side by side."""

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from eventsim.packets.memory import fresh_words
from eventsim.packets.threads import spread, tiles

FIRST_ROOM = 1 << 20
"""Packed events that the tiles have room for at first, together; it grows with need. Pages of it
that no event needs are never touched."""

Desk = TypeVar("Desk")


class Rooms(Generic[Desk]):
    """A room and a desk for each tile, used again for every batch.

    Parameters
    ----------
    threads : int
    make_desk : callable
        Gives the work arrays of a tile.

    Attributes
    ----------
    rooms : (tiles, N) ndarray of uint64
        Packed events, as far as the last `fill` filled them.
    """

    def __init__(self, threads: int, make_desk: Callable[[], Desk]) -> None:
        self._threads, self._make_desk = threads, make_desk
        # Memory that is used again and again: fresh memory costs more than the events in it.
        self.rooms: NDArray[np.uint64] = np.empty((0, 0), np.uint64)
        self._desks: list[Desk] = []

    def fill(
        self,
        n_blocks: int,
        work: Callable[
            [int, tuple[np.int64, np.int64], Desk, NDArray[np.uint64]],
            tuple[NDArray[np.uint64], int],
        ],
    ) -> NDArray[np.int64]:
        """Cut blocks into tiles, and fill the room of each.

        Parameters
        ----------
        n_blocks : int
        work : callable
            Is given the number of the tile, its blocks (first, last), its desk and its room;
            returns the room, or a larger one that it took in place of it, and the events in it.

        Returns
        -------
        (tiles,) ndarray of int64
            Events in each room.
        """
        cuts = tiles(n_blocks, self._threads)
        n = len(cuts) - 1
        if len(self.rooms) != n:
            self.rooms = fresh_words(n, FIRST_ROOM // n)
            self._desks = [self._make_desk() for _ in range(n)]
        filled = list(self.rooms)
        used = np.zeros(n, np.int64)

        def fill_one(k: int) -> None:
            blocks = cuts[k], cuts[k + 1]
            filled[k], used[k] = work(k, blocks, self._desks[k], filled[k])

        spread(fill_one, n, self._threads)
        self.rooms = roomy(self.rooms, filled, used)
        return used


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
