"""Rows whose light was taken later than that of others: their events come later, too."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events, Packet, SensorSize

_BESIDE_TIME = ("x", "y", "p", "kind")
_COLUMNS: dict[str, type[np.generic]] = {
    "t": np.int64, "x": np.uint16, "y": np.uint16, "p": np.bool_, "kind": np.uint8,
}  # fmt: skip


class RowDelay:
    """Moves the events of each row by a time of its own; a stage of packets.

    Events of row r of H come later by ``round(r / (H - 1) rows_us)``; of negative times, the last
    row is first. What may still be overtaken is held back.

    Parameters
    ----------
    size : SensorSize
    rows_us : float
        From the first row to the last, microseconds.

    Examples
    --------
    >>> events = Events.of([5, 6], [0, 0], [0, 1], [True, True], size=(1, 2))
    >>> stage = RowDelay(events.size, -4)
    >>> stage.push(Packet(events, np.array([8]), np.array([2]))).events.t.tolist()
    [6]
    >>> stage.end().events.t.tolist()
    [9]
    """

    def __init__(self, size: SensorSize, rows_us: float) -> None:
        self._size = SensorSize(*size)
        self._late_us = row_delays_us(self._size.height, rows_us)
        self._held = Events.empty(self._size)

    def push(self, packet: Packet) -> Packet:
        """What comes before all that is still to come."""
        events, frames = packet.events, packet.frame_t_us
        held = self._held
        waiting = _sorted(
            np.concatenate([held.t, events.t + self._late_us[events.y]]),
            *(np.concatenate([getattr(held, n), getattr(events, n)]) for n in _BESIDE_TIME),
            size=self._size,
        )
        known = [*frames[-1:].tolist(), *events.t[-1:].tolist()]
        if not known:
            return packet
        stop = int(np.searchsorted(waiting.t, max(known), side="right"))
        self._held = waiting[stop:]
        out = waiting[:stop]
        return Packet(out, frames, np.searchsorted(out.t, frames, side="right"))

    def end(self) -> Packet:
        """All that is left."""
        none = np.zeros(0, np.int64)
        left, self._held = self._held, Events.empty(self._size)
        return Packet(left, none, none)

    def save(self) -> dict[str, NDArray[Any]]:
        """Everything that waits, as arrays by name."""
        return {f"late {name}": getattr(self._held, name).copy() for name in _COLUMNS}

    def restore(self, saved: dict[str, NDArray[Any]]) -> None:
        """Go on from what `save` gave."""
        columns = tuple(saved[f"late {name}"].astype(kind) for name, kind in _COLUMNS.items())
        self._held = Events.from_columns(columns, self._size)


def row_delays_us(height: int, rows_us: float) -> NDArray[np.int64]:
    """By how much the events of each row come later, (H,), microseconds, >= 0."""
    row = np.arange(height)
    if rows_us < 0:
        row = row[::-1]
    late: NDArray[np.int64] = np.rint(row * (abs(rows_us) / max(1, height - 1))).astype(np.int64)
    return late


def _sorted(
    t: NDArray[np.int64],
    x: NDArray[np.uint16],
    y: NDArray[np.uint16],
    p: NDArray[np.bool_],
    kind: NDArray[np.uint8],
    *,
    size: SensorSize,
) -> Events:
    order = np.lexsort((x, y, t))
    return Events(t[order], x[order], y[order], p[order], kind[order], size)
