"""How a DAVIS reads events out: a row at a time, all of its events with one time stamp."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events, Packet, SensorSize
from eventsim.random import Stream, stream_key, uniform
from eventsim.readout import row_latch_kernels as kernels
from eventsim.readout.queue_kernels import link

_PENDING: dict[str, type[np.generic]] = {
    "due": np.float64, "x": np.uint16, "y": np.uint16, "on": np.bool_, "kind": np.uint8,
}  # fmt: skip


class RowLatch:
    """Events as an arbiter of rows reads them out; a stage of packets.

    Parameters
    ----------
    size : SensorSize
    seed : int
        Of the recording.

    Notes
    -----
    An event that a pixel makes asks for its row. When the bus is free, one of the rows that ask
    is read, drawn at random, with all of its events that are due, and they all get the time of
    this moment. Each event takes `EVENT_US` on the bus, and a row is not read again within
    `ROW_DEAD_US`. So events of a row that come with a rate of r arrive in bursts:
    of them a share ``m (1 - exp(-m)) / (m + exp(-m))``, m = r ROW_DEAD_US, is read with others,
    as long as the bus is not full.

    No event is lost, and none is read before it is due; where more come than the bus can take,
    they wait as long as it needs. The structure is that of the chip, the two numbers are of one
    recording and of one paper, and it was not fitted to more.

    Examples
    --------
    Two events of a row, 2 us apart, behind another of their row; and one of another row:

    >>> events = Events.of([10, 12, 13, 14], [0, 1, 2, 0], [0, 0, 0, 1], [1, 1, 0, 1], size=(3, 2))
    >>> stage = RowLatch(events.size, seed=1)
    >>> frame = np.array([40]), np.array([4])
    >>> out = stage.push(Packet(events, *frame)).events
    >>> out.t.tolist(), out.y.tolist()
    ([10, 14, 15, 15], [0, 1, 0, 0])
    """

    def __init__(self, size: SensorSize, seed: int) -> None:
        self._size = SensorSize(*size)
        self._key = stream_key(seed, Stream.READOUT)
        self._pending: dict[str, NDArray[Any]]
        self._pending = {name: np.empty(0, dtype) for name, dtype in _PENDING.items()}
        self._free_us = np.full(size.height, -np.inf)
        self._served = np.zeros(size.height, np.int64)
        self._bus_us = np.full(1, -np.inf)
        self._seen = 0
        self._frames = np.zeros(0, np.int64)

    def push(self, packet: Packet) -> Packet:
        """What has certainly been read when all events of a packet are due."""
        events = packet.events
        n = len(events)
        number = np.arange(self._seen, self._seen + n, dtype=np.uint64)
        self._seen += n
        # Somewhere in its microsecond; time is cut to whole ones again when it is read.
        due = events.t + uniform(self._key, np.ones(1, np.uint64) << np.uint64(31), number)
        new = due, events.x, events.y, events.p, events.kind
        self._pending = {
            name: np.concatenate([self._pending[name], column])
            for name, column in zip(_PENDING, new, strict=True)
        }
        self._frames = np.concatenate([self._frames, packet.frame_t_us])
        known = [*packet.frame_t_us[-1:].tolist(), *events.t[-1:].tolist()]
        return self._read(max(known) if known else -np.inf)

    def end(self) -> Packet:
        """All that is left."""
        return self._read(np.inf)

    def save(self) -> dict[str, NDArray[Any]]:
        """Everything that waits, as arrays by name."""
        saved = {f"pending {name}": column.copy() for name, column in self._pending.items()}
        return saved | {
            "free_us": self._free_us.copy(),
            "served": self._served.copy(),
            "bus_us": self._bus_us.copy(),
            "seen": np.array([self._seen]),
            "frames": self._frames.copy(),
        }

    def restore(self, saved: dict[str, NDArray[Any]]) -> None:
        """Go on from what `save` gave."""
        self._pending = {name: saved[f"pending {name}"].copy() for name in _PENDING}
        self._free_us, self._served = saved["free_us"].copy(), saved["served"].copy()
        self._bus_us, self._frames = saved["bus_us"].copy(), saved["frames"].copy()
        self._seen = int(saved["seen"][0])

    def _read(self, horizon_us: float) -> Packet:
        order = np.argsort(self._pending["due"], kind="stable")
        pending = {name: column[order] for name, column in self._pending.items()}
        n = len(order)
        row = pending["y"].astype(np.int64)
        following, row_first = np.empty(n, np.int64), np.empty(self._size.height, np.int64)
        link(np.arange(n), row, 1, row_first, following)  # rows in place of pixels, of width 1
        times, places = np.empty(n), np.empty(n, np.int64)
        read = kernels.grant_until(
            horizon_us, self._key, pending["due"], row, row_first, following, self._free_us,
            self._served, self._bus_us, (times, places),
        )  # fmt: skip
        some = places[:read]
        columns = (np.floor(times[:read]).astype(np.int64), pending["x"][some], pending["y"][some],
                   pending["on"][some], pending["kind"][some])  # fmt: skip
        left = np.ones(n, bool)
        left[some] = False
        self._pending = {name: column[left] for name, column in pending.items()}
        events = Events.from_columns(columns, self._size)
        events = events[np.lexsort((events.x, events.y, events.t))]
        done = self._frames < horizon_us
        frames, self._frames = self._frames[done], self._frames[~done]
        return Packet(events, frames, np.searchsorted(events.t, frames, side="right"))
