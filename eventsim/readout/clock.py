"""The clock that gives events their times."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.events import COLUMNS, Events, Packet, SensorSize


class Clock:
    """Times of events, rounded up to multiples of a tick; a stage of packets.

    An event gets the time of the first tick at or after it: ``t = tick ceil(t / tick)``. Those of
    a tick that may still get more are held back until the next packet; within a tick they come
    in raster order.

    Parameters
    ----------
    size : SensorSize
    tick_us : int
        Microseconds, >= 1.

    Examples
    --------
    >>> events = Events.of([3, 12], [0, 0], [0, 0], [True, False], size=(1, 1))
    >>> clock = Clock(events.size, 10)
    >>> frame = np.array([15]), np.array([2])
    >>> clock.push(Packet(events, *frame)).events.t.tolist(), clock.end().events.t.tolist()
    ([10], [20])
    """

    def __init__(self, size: SensorSize, tick_us: int) -> None:
        self._tick_us = tick_us
        self._held = Events.empty(size)

    def push(self, packet: Packet) -> Packet:
        """The events of all ticks that can get no more."""
        events = packet.events
        t = -(-events.t // self._tick_us) * self._tick_us
        columns = (t, *(getattr(events, name) for name in COLUMNS if name != "t"))
        known = Events.from_columns(columns, events.size)
        known = Events.concatenate([self._held, known], events.size)
        known = known[np.lexsort((known.x, known.y, known.t))]
        # Whatever comes later is after these, and so at the tick after them or later.
        last = [*packet.frame_t_us[-1:].tolist(), *events.t[-1:].tolist()]
        open_us = -(-(max(last) + 1) // self._tick_us) * self._tick_us if last else -(1 << 62)
        cut = int(np.searchsorted(known.t, open_us))
        self._held = known[cut:]
        stops = np.searchsorted(known.t[:cut], packet.frame_t_us, side="right")
        return Packet(known[:cut], packet.frame_t_us, stops)

    def end(self) -> Packet:
        """The events of the last tick."""
        held, self._held = self._held, Events.empty(self._held.size)
        none = np.zeros(0, np.int64)
        return Packet(held, none, none)

    def save(self) -> dict[str, NDArray[Any]]:
        """The events that are held back, column by column."""
        return {name: getattr(self._held, name).copy() for name in COLUMNS}

    def restore(self, saved: dict[str, NDArray[Any]]) -> None:
        """Go on from what `save` gave."""
        columns = tuple(saved[name] for name in COLUMNS)
        self._held = Events.from_columns(columns, self._held.size)
