"""Where a recording begins: what the pixels saw before leaves its traces, and no events."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events, Packet, SensorSize

_NOT_YET = np.iinfo(np.int64).max


class Beginning:
    """Leaves out events and frames of a run-in; a stage of packets.

    The recording begins at the first frame at or after the run-in. As everywhere, a recording has
    the events after its first frame.

    Parameters
    ----------
    size : SensorSize
    run_in_us : int
        From the first frame on, microseconds.

    Examples
    --------
    >>> events = Events.of([3, 12, 15], [0, 0, 0], [0, 0, 0], [True] * 3, size=(1, 1))
    >>> packet = Packet(events, np.array([0, 12, 20]), np.array([0, 2, 3]))
    >>> begun = Beginning(events.size, 10).push(packet)
    >>> begun.events.t.tolist(), begun.frame_t_us.tolist(), begun.frame_stop.tolist()
    ([15], [12, 20], [0, 1])
    """

    def __init__(self, size: SensorSize, run_in_us: int) -> None:
        self._size, self._run_in_us = size, run_in_us
        self._least_us = self._begins_us = _NOT_YET

    def push(self, packet: Packet) -> Packet:
        """What of a packet belongs to the recording."""
        t_us = packet.frame_t_us
        if t_us.size and self._least_us == _NOT_YET:
            self._least_us = int(t_us[0]) + self._run_in_us
        if t_us.size and self._begins_us == _NOT_YET and t_us[-1] >= self._least_us:
            self._begins_us = int(t_us[np.searchsorted(t_us, self._least_us)])
        frames = t_us >= self._begins_us
        events = packet.events
        first = int(np.searchsorted(events.t, self._begins_us, side="right"))
        return Packet(events[first:], t_us[frames], packet.frame_stop[frames] - first)

    def end(self) -> Packet:
        """Nothing is held back."""
        none = np.zeros(0, np.int64)
        return Packet(Events.empty(self._size), none, none)

    def save(self) -> dict[str, NDArray[Any]]:
        """Where the recording begins."""
        return {"begins": np.array([self._least_us, self._begins_us])}

    def restore(self, saved: dict[str, NDArray[Any]]) -> None:
        """Go on from what `save` gave."""
        self._least_us, self._begins_us = (int(t) for t in saved["begins"])
