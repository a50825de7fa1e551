"""How an ATIS reads events out: comparators that pull each other, one bus, second reads."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.events import COLUMNS, Events, Packet, SensorSize
from eventsim.random import Stream, stream_key, uniform
from eventsim.readout import atis_kernels as kernels
from eventsim.readout.queue_kernels import link

_PENDING: dict[str, type[np.generic]] = {
    "due": np.float64, "at": np.float64, "pixel": np.int64, "on": np.bool_, "kind": np.uint8,
    "interval": np.float64, "draw": np.uint64, "again": np.bool_, "fired": np.bool_,
    "following": np.int64,
}  # fmt: skip
_FIRST_READ = -(1 << 40)
"""A pixel's last event before the first one: long ago, microseconds."""


def _columns(n: int) -> dict[str, NDArray[Any]]:
    """Room for pending events."""
    return {name: np.empty(n, dtype) for name, dtype in _PENDING.items()}


class AtisReadout:
    """Events as an ATIS reads them out; a stage of packets.

    Parameters
    ----------
    size : SensorSize
    seed : int
        Of the recording.

    Notes
    -----
    An event that the pixel makes is *due*; when it is *read* is decided here.

    1. A read advances the thresholds of its row. An event that is due at T, an interval I after
       the one before of its pixel (within `INTERVALS_US`), is read at the first t with
       ``t + I sum_k c_k h(t - t_k) >= T`` over the reads k of its row, where
       ``h(u) = exp(-u / 73.8) - (1 - w) exp(-u / 18)``, u in microseconds. The couplings c are
       large from any read onto ON, and small onto OFF.
    2. With an ON read, an event that is due u later anywhere is read at once with probability
       ``g exp(-u / 68.7)``.
    3. All go through one bus, which takes .5 to .7 us for each.
    4. Some are read again, within 2 us or some 100 us later, the more often the busier the array.
       A second read has the kind of the first.

    Events move by 400 us at most, but where the bus is full. The constants were fitted to 300 real
    recordings of N-MNIST, an array of 34x34 with up to 150 events per ms: to which rows and
    polarities follow each other after 0 to 80 us. Rates enter as those of the whole array.
    """

    def __init__(self, size: SensorSize, seed: int) -> None:
        self._size = SensorSize(*size)
        self._key = stream_key(seed, Stream.READOUT)
        self._pending = _columns(0)
        self._last_us = np.full(size.width * size.height, _FIRST_READ, np.int64)
        sums = np.zeros((2, size.height, 2))
        self._rows = (np.full(size.height, float(_FIRST_READ)), sums[0], sums[1])
        self._clock = np.full(3, float(_FIRST_READ))
        self._clock[2] = 0.0
        self._seen = 0
        self._tail = Events.empty(self._size)
        self._frames = np.zeros(0, np.int64)

    def push(self, packet: Packet) -> Packet:
        """What has certainly been read when all events of a packet are due."""
        self._add(packet.events)
        self._frames = np.concatenate([self._frames, packet.frame_t_us])
        known = [*packet.frame_t_us[-1:].tolist(), *packet.events.t[-1:].tolist()]
        if not known:
            return Packet(Events.empty(self._size), packet.frame_t_us, packet.frame_stop)
        return self._read(max(known) - kernels.LOOK_AHEAD_US)

    def end(self) -> Packet:
        """All that is left."""
        return self._read(np.inf)

    def save(self) -> dict[str, NDArray[Any]]:
        """Everything that is under way, as arrays by name."""
        saved: dict[str, NDArray[Any]]
        saved = {f"pending {name}": column.copy() for name, column in self._pending.items()}
        saved |= {f"tail {name}": getattr(self._tail, name).copy() for name in COLUMNS}
        for name, rows in zip(("last", "slow", "fast"), self._rows, strict=True):
            saved[f"rows {name}"] = rows.copy()
        return saved | {
            "last_us": self._last_us.copy(),
            "clock": self._clock.copy(),
            "seen": np.array([self._seen]),
            "frames": self._frames.copy(),
        }

    def restore(self, saved: dict[str, NDArray[Any]]) -> None:
        """Go on from what `save` gave."""
        self._pending = {name: saved[f"pending {name}"].copy() for name in _PENDING}
        columns = tuple(saved[f"tail {name}"].copy() for name in COLUMNS)
        self._tail = Events.from_columns(columns, self._size)
        self._rows = (saved["rows last"].copy(), saved["rows slow"].copy(),
                      saved["rows fast"].copy())  # fmt: skip
        self._last_us, self._clock = saved["last_us"].copy(), saved["clock"].copy()
        self._seen, self._frames = int(saved["seen"][0]), saved["frames"].copy()

    def _add(self, events: Events) -> None:
        """Put events among those that are pending."""
        n = len(events)
        pixel = events.y.astype(np.int64) * self._size.width + events.x
        interval = np.empty(n)
        kernels.intervals(events.t, pixel, self._last_us, interval)
        number = np.arange(self._seen, self._seen + n, dtype=np.uint64)
        self._seen += n
        # Somewhere in its microsecond; time is cut to whole ones again when it is read.
        due = events.t + uniform(self._key, np.ones(1, np.uint64) << np.uint64(31), number)
        no = np.zeros(n, np.bool_)
        new = (due, due, pixel, events.p, events.kind, interval,
               number * np.uint64(kernels.DRAWS), no, no, np.zeros(n, np.int64))  # fmt: skip
        self._pending = {
            name: np.concatenate([self._pending[name], column])
            for name, column in zip(_PENDING, new, strict=True)
        }

    def _read(self, horizon_us: float) -> Packet:
        n = len(self._pending["due"])
        room = _columns(2 * n)
        for name, column in room.items():
            column[:n] = self._pending[name]
        once = np.flatnonzero(~room["again"][:n])
        order = once[np.argsort(room["due"][once], kind="stable")]
        row_first = np.empty(self._size.height, np.int64)
        link(order, room["pixel"], self._size.width, row_first, room["following"])
        out = np.empty(2 * n), np.empty(2 * n, np.int64)
        # Every pull puts an event into the heap once more: it is tidied when half of it is full.
        heap = np.empty(8 * n), np.empty(8 * n, np.int64)
        total, read = kernels.read_until(
            horizon_us, self._key, self._size.width, tuple(room.values()), n, order,
            (*self._rows, row_first), self._clock, heap, out,
        )  # fmt: skip
        some = out[1][:read]
        y, x = np.divmod(room["pixel"][some], self._size.width)
        columns = (np.floor(out[0][:read]).astype(np.int64), x.astype(np.uint16),
                   y.astype(np.uint16), room["on"][some], room["kind"][some])  # fmt: skip
        left = np.flatnonzero(~room["fired"][:total])
        self._pending = {name: column[:total][left] for name, column in room.items()}
        return self._finished(Events.from_columns(columns, self._size), horizon_us)

    def _finished(self, read: Events, horizon_us: float) -> Packet:
        """What is in order for good, and the frames before it."""
        known = Events.concatenate([self._tail, read], self._size)
        known = known[np.lexsort((known.x, known.y, known.t))]
        cut = len(known) if horizon_us == np.inf else np.searchsorted(known.t, int(horizon_us))
        self._tail = known[int(cut) :]
        finished = known[: int(cut)]
        done = self._frames < horizon_us
        frames, self._frames = self._frames[done], self._frames[~done]
        return Packet(finished, frames, np.searchsorted(finished.t, frames, side="right"))
