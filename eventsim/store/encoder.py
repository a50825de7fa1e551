"""Events as steps of a sorted key: the layout of `eventsim.store.layout`.

>>> events = Events.of([5, 5, 9], [1, 3, 0], [0, 0, 1], [1, 0, 1], size=(4, 2))
>>> steps, restarts = np.empty(3, np.uint64), []
>>> encoder = Encoder(events.size)
>>> encoder.encode(events, 0, steps, 100, restarts)
3
>>> restarts                       # event 100 of the part is at 5 us, in pixel 1
[(100, 5, 1)]
>>> (steps >> 4).tolist()          # 2 px on; 4 us of 8 px each, and 1 px on
[0, 2, 33]
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from eventsim.errors import OutsideSensorError, TimeOrderError
from eventsim.events import COLUMNS, Events, Kind, SensorSize
from eventsim.store.layout import KIND_BIT, LONGEST, MOVE_BIT


@njit(nogil=True, cache=True)
def _encode(  # type: ignore[no-untyped-def]  # noqa: PLR0913 - columns, and where to go on
    t, x, y, p, kind, width, height, origin_us, key, longest_us, steps, counts
):
    """Fill `steps` until they or the events end; or an event comes that cannot follow.

    Returns how many were filled, and the key of the last one.
    """
    area = width * height
    for i in range(min(len(t), len(steps))):
        after_us = t[i] - origin_us
        column, row = np.int64(x[i]), np.int64(y[i])
        if after_us < 0 or after_us > longest_us or column >= width or row >= height:
            return i, key
        after = after_us * area + row * width + column
        if after < key or kind[i] >= len(counts):
            return i, key
        on = np.uint64(p[i])
        steps[i] = (
            np.uint64(after - key) << np.uint64(MOVE_BIT)
            | np.uint64(kind[i]) << np.uint64(KIND_BIT)
            | on
        )
        counts[kind[i], on] += 1
        key = after
    return min(len(t), len(steps)), key


Restart = tuple[int, int, int]
"""Index of an event in the part, its time in microseconds, and its pixel ``y W + x``."""


class Encoder:
    """Turns the events of one recording into steps, piece by piece.

    Parameters
    ----------
    size : SensorSize

    Attributes
    ----------
    counts : (kinds, 2) ndarray of int64
        Events so far of each kind and polarity.
    """

    def __init__(self, size: SensorSize) -> None:
        self.size = size
        self.counts = np.zeros((len(Kind), 2), np.int64)
        area = size.width * size.height
        self._longest_us = (LONGEST - area) // area
        self._origin_us = 0  # of the restart that is counted from
        self._key = -1  # of the last event, from there; none yet
        self._last = (-(2**63), 0)  # time and pixel of the last event

    def encode(
        self,
        events: Events,
        first: int,
        steps: NDArray[np.uint64],
        place: int,
        restarts: list[Restart],
    ) -> int:
        """Fill a piece of a chunk, beginning with a restart if it is a new one.

        Parameters
        ----------
        events : Events
        first : int
            Of the events: where to go on.
        steps : (n,) ndarray of uint64
            Filled from its start.
        place : int
            Index of ``steps[0]`` in the part.
        restarts : list of Restart
            Rows of the restart table are added.

        Returns
        -------
        int
            Events that were taken: as many as fit.

        Raises
        ------
        TimeOrderError
            If an event is before the one before it, or in the same microsecond above or left of
            it.
        OutsideSensorError
            If an event is not on the sensor, or of no kind that is known.
        """
        wanted = min(len(steps), len(events) - first)
        done = 0
        while done < wanted:
            if self._key < 0:
                self._restart(events, first + done, place + done, restarts)
            columns = [getattr(events, name)[first + done : first + wanted] for name in COLUMNS]
            taken, self._key = _encode(
                *columns,
                *self.size,
                self._origin_us,
                self._key,
                self._longest_us,
                steps[done:],
                self.counts,
            )
            done += taken
            if taken:
                last = first + done - 1
                self._last = int(events.t[last]), self._pixel(events, last)
            if done < wanted:
                self._key = -1
        return done

    def save(self) -> dict[str, Any]:
        """Everything needed to go on, as JSON values."""
        return {
            "counts": self.counts.tolist(),
            "origin_us": self._origin_us,
            "key": int(self._key),
            "last": list(self._last),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what `save` gave, for a sensor of the same size."""
        self.counts[:] = state["counts"]
        self._origin_us, self._key = int(state["origin_us"]), int(state["key"])
        self._last = int(state["last"][0]), int(state["last"][1])

    def begin_chunk(self) -> None:
        """Begin the next event with a restart."""
        self._key = -1

    def _restart(self, events: Events, i: int, place: int, restarts: list[Restart]) -> None:
        """Count from this event on; all that can be wrong with one comes to light here."""
        t_us, pixel = int(events.t[i]), self._pixel(events, i)
        if not (events.x[i] < self.size.width and events.y[i] < self.size.height):
            raise OutsideSensorError(
                f"an event is in column {events.x[i]} and row {events.y[i]}, and the sensor has "
                f"{self.size} px. Pass the right size or crop the events."
            )
        if events.kind[i] >= len(Kind):
            raise OutsideSensorError(
                f"an event is of kind {events.kind[i]}, and there are {len(Kind)}. Check it."
            )
        if (t_us, pixel) < self._last:
            raise TimeOrderError(
                f"events must be sorted by time, row and column, but one at t={t_us} us in pixel "
                f"{pixel} comes after one at t={self._last[0]} us in pixel {self._last[1]}. "
                "Sort them first."
            )
        self._origin_us, self._key = t_us, pixel
        restarts.append((place, t_us, pixel))

    def _pixel(self, events: Events, i: int) -> int:
        return int(events.y[i]) * self.size.width + int(events.x[i])
