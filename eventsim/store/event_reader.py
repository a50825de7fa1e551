"""Events of the parts of a dataset: found by index or by time, decoded chunk by chunk."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import DamagedStoreError
from eventsim.events import COLUMNS, Events, SensorSize
from eventsim.store.arrays import StoredArray
from eventsim.store.cache import RecentlyUsed
from eventsim.store.decoder import decode
from eventsim.store.opening import PartArrays

_CACHE_BYTES = 32 << 20
"""Decoded chunks that are kept: 14 bytes per event, so about 70 of them; chosen by eye."""

_LONG_EVENTS = 1 << 20
"""A longer piece is decoded straight into its place: it would push everything else out. Chosen by
eye: half of the cache."""


@dataclass(frozen=True)
class Span:
    """Where the events of a recording lie.

    Attributes
    ----------
    part : int
    start, stop : int
        In the part.
    size : SensorSize
    """

    part: int
    start: int
    stop: int
    size: SensorSize


class EventReader:
    """Reads events, and keeps what it decoded a moment ago.

    Parameters
    ----------
    arrays : PartArrays
    """

    def __init__(self, arrays: PartArrays) -> None:
        self._arrays = arrays
        self._cache = RecentlyUsed(_CACHE_BYTES)

    def read(self, span: Span, a: int, b: int) -> Events:
        """Events [a, b) of a recording, in arrays of their own.

        Parameters
        ----------
        span : Span
        a, b : int
            From the start of the recording, ``0 <= a <= b``.

        Raises
        ------
        DamagedStoreError
            If they cannot be read.
        """
        first, last = span.start + a, span.start + b
        return self._arrays.read(
            span.part, "step", lambda steps: self._read(span, steps, first, last)
        )

    def forget(self) -> None:
        """Forget what was decoded."""
        self._cache = RecentlyUsed(_CACHE_BYTES)

    def first_at(self, span: Span, t_us: int) -> int:
        """Index of the first event at or after a time; reads a chunk at most.

        Parameters
        ----------
        span : Span
        t_us : int

        Returns
        -------
        int
            From the start of the recording; its length if there is none.

        Raises
        ------
        DamagedStoreError
            If it cannot be read.
        """
        rows = self._restarts(span)
        before = int(np.searchsorted(rows[:, 1], t_us)) - 1
        if before < 0:
            return 0
        place = int(rows[before, 0])

        def look(steps: StoredArray) -> int:
            lowest, piece = self._piece(span, steps, place // steps.chunk)
            return lowest + int(np.searchsorted(piece.t, t_us)) - span.start

        return self._arrays.read(span.part, "step", look)

    def _read(self, span: Span, steps: StoredArray, first: int, last: int) -> Events:
        if not first <= last <= min(span.stop, steps.shape[0]):
            raise ValueError(f"it must reach to {last}, but it ends at {steps.shape[0]}")
        out = Events.from_columns([np.empty(last - first, d) for d in COLUMNS.values()], span.size)
        if first == last:
            return out
        scratch = np.empty(steps.chunk, steps.dtype) if last - first > _LONG_EVENTS else None
        for number in range(first // steps.chunk, -(-last // steps.chunk)):
            lowest, highest = _bounds(span, steps, number)
            a, b = max(first, lowest), min(last, highest)
            target = out[a - first : b - first]
            if scratch is not None and (a, b) == (lowest, highest):
                self._decode(span, steps, number, target, scratch)
            else:
                piece = self._piece(span, steps, number)[1][a - lowest : b - lowest]
                for name in COLUMNS:
                    getattr(target, name)[:] = getattr(piece, name)
            if a > first and target.t[0] < out.t[a - first - 1]:
                raise ValueError("the times of its events go backwards")
        return out

    def _piece(self, span: Span, steps: StoredArray, number: int) -> tuple[int, Events]:
        """Events of a recording that lie in a chunk, and the index of the first of them."""
        lowest, highest = _bounds(span, steps, number)

        def make() -> Events:
            columns: list[NDArray[Any]] = [np.empty(highest - lowest, d) for d in COLUMNS.values()]
            piece = Events.from_columns(columns, span.size)
            self._decode(span, steps, number, piece)
            return piece

        key = ("events", span, number)
        return lowest, self._cache.get(key, make, lambda piece: _BYTES * len(piece))

    def _decode(
        self,
        span: Span,
        steps: StoredArray,
        number: int,
        out: Events,
        scratch: NDArray[np.uint64] | None = None,
    ) -> None:
        """Decode the events of a recording that lie in a chunk; `scratch` is room for its steps."""
        lowest, highest = _bounds(span, steps, number)
        if highest - lowest == steps.chunk:
            chunk = steps.read_chunk(number, scratch)
        else:  # other recordings lie in it, which are likely to be read as well
            key = ("steps", span.part, number)
            chunk = self._cache.get(key, lambda: steps.read_chunk(number), lambda c: c.nbytes)
        rows = self._restarts(span)
        a, b = np.searchsorted(rows[:, 0], [lowest, highest])
        if a == b or rows[a, 0] != lowest:
            raise ValueError(f"event {lowest} is not in the table of restarts")
        ends = [*rows[a + 1 : b, 0].tolist(), highest]
        for (start, t_us, pixel), stop in zip(rows[a:b].tolist(), ends, strict=True):
            origin = number * steps.chunk
            decode(
                chunk[start - origin : stop - origin],
                t_us,
                pixel,
                out[start - lowest : stop - lowest],
            )

    def _restarts(self, span: Span) -> NDArray[np.int64]:
        """Rows of the table of restarts for a recording."""
        table = self._cache.get(
            ("restarts", span.part), lambda: self._table(span.part), lambda table: table.nbytes
        )
        a, b = np.searchsorted(table[:, 0], [span.start, span.stop])
        rows: NDArray[np.int64] = table[a:b]
        if (rows[1:, 1] < rows[:-1, 1]).any():
            raise DamagedStoreError(
                f"the times of the events of part {span.part:05d} go backwards. "
                "Run `eventsim verify` on the dataset."
            )
        return rows

    def _table(self, part: int) -> NDArray[np.int64]:
        def take(array: StoredArray) -> NDArray[np.int64]:
            if array.shape[1] != 3:
                raise ValueError(f"its rows have {array.shape[1]} numbers")
            table: NDArray[np.int64] = array.rows(0, array.shape[0])
            if (table[1:, 0] <= table[:-1, 0]).any():
                raise ValueError("its events do not rise")
            return table

        return self._arrays.read(part, "restart", take)


_BYTES = sum(np.dtype(dtype).itemsize for dtype in COLUMNS.values())


def _bounds(span: Span, steps: StoredArray, number: int) -> tuple[int, int]:
    """First event of a recording that lies in a chunk, and the one after the last."""
    return max(span.start, number * steps.chunk), min(span.stop, (number + 1) * steps.chunk)
