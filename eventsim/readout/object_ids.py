"""Which object an event is of: what the frames around it show at its pixel."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Packet, SensorSize
from eventsim.readout.row_delay import row_delays_us


class ObjectIds:
    """Gives events the ids of the objects that the frames show.

    An event between two frames is of the object that its pixel shows at the second one; if that is
    none (0), at the first. So both the edge that comes and the one that goes are the object's.

    Parameters
    ----------
    size : SensorSize
    rows_us : float
        By so much events of the last row come later than those of the first, see
        `eventsim.readout.row_delay`; what a readout delays beside that is too short to matter.

    Examples
    --------
    >>> from eventsim.events import Events
    >>> objects = ObjectIds(SensorSize(2, 1), 0)
    >>> objects.see(np.array([0, 10]), np.array([[[7, 0]], [[0, 0]]], np.uint16))
    >>> events = Events.of([5, 5], [0, 1], [0, 0], [True, True], size=(2, 1))
    >>> objects.named(Packet(events, np.array([10]), np.array([2]))).objects.tolist()
    [7, 0]
    """

    def __init__(self, size: SensorSize, rows_us: float) -> None:
        self._late_us = row_delays_us(size.height, rows_us)
        self._t_us = np.zeros(0, np.int64)
        self._ids = np.zeros((0, size.height, size.width), np.uint16)

    def see(self, t_us: NDArray[np.int64], ids: NDArray[np.uint16]) -> None:
        """Take over the ids of some more frames, (F, H, W)."""
        self._t_us = np.concatenate([self._t_us, t_us])
        self._ids = np.concatenate([self._ids, ids])

    def named(self, packet: Packet) -> Packet:
        """The packet, with the ids of its events; frames that are over are forgotten."""
        events = packet.events
        if not self._t_us.size:
            return packet
        t_us = events.t - self._late_us[events.y]
        second = np.searchsorted(self._t_us, t_us).clip(0, self._t_us.size - 1)
        first = np.maximum(second - 1, 0)
        ids = self._ids[second, events.y, events.x]
        none = ids == 0
        ids[none] = self._ids[first[none], events.y[none], events.x[none]]
        if len(events):
            # Later packets are later; of a row that comes late, by as much as it does.
            over_us = int(events.t[-1]) - int(self._late_us.max())
            over = max(0, int(np.searchsorted(self._t_us, over_us)) - 1)
            self._t_us, self._ids = self._t_us[over:], self._ids[over:]
        return packet._replace(objects=ids)

    def save(self) -> dict[str, NDArray[Any]]:
        """What is still needed, as arrays by name."""
        return {"t": self._t_us.copy(), "ids": self._ids.copy()}

    def restore(self, saved: dict[str, NDArray[Any]]) -> None:
        """Go on from what `save` gave."""
        self._t_us, self._ids = saved["t"].copy(), saved["ids"].copy()
