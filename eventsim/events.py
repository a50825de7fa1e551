"""The one definition of an event.

An event says that the brightness of one pixel changed: when, where, in which
direction, and (which only a simulator knows) why.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Any, NamedTuple, Protocol, overload, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import EventError, OutsideSensorError, TimeOrderError


class Kind(IntEnum):
    """What pushed a pixel over its threshold; of recordings from real cameras it is unknown."""

    SIGNAL = 0
    SHOT = 1
    LEAK = 2
    HOT = 3
    UNKNOWN = 4


class Event(NamedTuple):
    """One event, as Python numbers: t in microseconds, x and y in px; see `Events`."""

    t: int
    x: int
    y: int
    p: bool
    kind: Kind


class SensorSize(NamedTuple):
    """Pixels across and down."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


STRUCTURED = np.dtype([("x", np.int16), ("y", np.int16), ("t", np.int64), ("p", np.bool_)])
"""The structured dtype of the field (tonic's): columns x, y, t, p."""

MAX_SIDE_PX = 32_767
"""Most columns or rows of a sensor: int16 coordinates are the dialect of the field."""

COLUMNS = {"t": np.int64, "x": np.uint16, "y": np.uint16, "p": np.bool_, "kind": np.uint8}


def checked_size(size: tuple[int, int]) -> SensorSize:
    """A sensor size that coordinates can hold.

    Raises
    ------
    OutsideSensorError
        If a side is not 1 to 32,767 px.
    """
    if not all(1 <= n <= MAX_SIDE_PX for n in size):
        raise OutsideSensorError(
            f"a sensor must have 1 to {MAX_SIDE_PX} pixels per side, found {size[0]}x{size[1]}."
        )
    return SensorSize(*size)


def exactly(column: NDArray[Any], name: str) -> NDArray[Any]:
    """A column in the type that `Events` keeps it in, if nothing is lost.

    Raises
    ------
    EventError
        If a number has a fraction, is not finite or is out of range.
    """
    with np.errstate(invalid="ignore"):
        cast: NDArray[Any] = column.astype(COLUMNS[name])
        lost = cast != column
    if column.dtype == np.uint64:
        lost |= column > np.uint64(2**63 - 1)
    if name == "kind":
        lost |= cast > max(Kind)
    bad = np.flatnonzero(lost)
    if bad.size:
        raise EventError(
            f"{name} must hold whole numbers that fit {np.dtype(COLUMNS[name])}"
            f"{' and name a kind' if name == 'kind' else ''}, but event {bad[0]} has "
            f"{name}={column[bad[0]]}. Round or scale the column first."
        )
    return cast


@dataclass(frozen=True, eq=False)
class Events:
    """Events of one sensor, sorted by time, ties in raster order.

    Attributes
    ----------
    t : (N,) ndarray of int64
        Time, microseconds, non-decreasing.
    x : (N,) ndarray of uint16
        Column from the left, px, in [0, size.width).
    y : (N,) ndarray of uint16
        Row from the top, px, in [0, size.height).
    p : (N,) ndarray of bool
        Polarity: True is ON, brighter.
    kind : (N,) ndarray of uint8
        A `Kind`: 0 signal, 1 shot noise, 2 leak, 3 hot pixel, 4 unknown.
    size : SensorSize
        Of the sensor; travels with the events.

    Examples
    --------
    >>> events = Events.of([5, 9], [0, 3], [1, 1], [True, False], size=(4, 2))
    >>> len(events), events.window(0, 9).t.tolist()
    (2, [5])
    """

    t: NDArray[np.int64]
    x: NDArray[np.uint16]
    y: NDArray[np.uint16]
    p: NDArray[np.bool_]
    kind: NDArray[np.uint8]
    size: SensorSize

    @classmethod
    def of(
        cls,
        t: Sequence[int] | NDArray[np.generic],
        x: Sequence[int] | NDArray[np.generic],
        y: Sequence[int] | NDArray[np.generic],
        p: Sequence[bool] | NDArray[np.generic],
        kind: Sequence[int] | NDArray[np.generic] | None = None,
        *,
        size: tuple[int, int],
    ) -> "Events":
        """Events from columns in any integer type, checked.

        Parameters
        ----------
        t, x, y, p, kind : (N,) sequences
            As the attributes; `p` may be -1/+1, and `kind` be left out, which is unknown. Columns
            sorted by `t` but not by row and column inside a microsecond are put in that order.
        size : (width, height)

        Returns
        -------
        Events

        Raises
        ------
        EventError
            If the columns differ in length, or hold something that their type cannot.
        TimeOrderError
            If `t` goes backwards.
        OutsideSensorError
            If a coordinate is not on the sensor.
        """
        columns = [np.asarray(c) for c in (t, x, y, p)]
        unknown = np.full(len(columns[0]), Kind.UNKNOWN, np.uint8)
        columns.append(unknown if kind is None else np.asarray(kind))
        lengths = [len(c) for c in columns]
        if len(set(lengths)) > 1:
            raise EventError(
                "the columns t, x, y, p, kind must have one length, found "
                + ", ".join(str(n) for n in lengths)
                + "."
            )
        width, height = checked_size(size)
        for name, column, limit in (("x", columns[1], width), ("y", columns[2], height)):
            bad = np.flatnonzero((column < 0) | (column >= limit))
            if bad.size:
                raise OutsideSensorError(
                    f"{name} must be in [0, {limit}) on a {width}x{height} sensor, but event "
                    f"{bad[0]} has {name}={column[bad[0]]}. Pass the right size or crop the events."
                )
        columns[3] = columns[3] > 0
        cast = [exactly(c, name) for c, name in zip(columns, COLUMNS, strict=True)]
        events = cls.from_columns(cast, (width, height))
        back = np.flatnonzero(np.diff(events.t) < 0)
        if back.size:
            i = int(back[0]) + 1
            raise TimeOrderError(
                f"events must be sorted by t, but event {i} has t={events.t[i]} us after "
                f"t={events.t[i - 1]} us. Sort the columns by t first."
            )
        order = np.lexsort((events.x, events.y, events.t))
        return events[order]

    @classmethod
    def from_columns(cls, columns: Sequence[NDArray[Any]], size: tuple[int, int]) -> "Events":
        """Events from columns t, x, y, p, kind that keep all promises; nothing is checked."""
        t, x, y, p, kind = columns
        return cls(t, x, y, p, kind, SensorSize(*size))

    @classmethod
    def empty(cls, size: tuple[int, int]) -> "Events":
        """No events on a sensor of this size."""
        return cls.from_columns([np.empty(0, d) for d in COLUMNS.values()], size)

    @classmethod
    def concatenate(cls, pieces: Sequence["Events"], size: tuple[int, int]) -> "Events":
        """Join pieces that follow each other in time.

        Raises
        ------
        EventError
            If a piece has another size.
        TimeOrderError
            If a piece begins before the one before it ends.
        """
        for piece in pieces:
            if piece.size != SensorSize(*size):
                raise EventError(
                    f"pieces must be of one sensor, expected {SensorSize(*size)}, found "
                    f"{piece.size}. Crop or place them first."
                )
        pieces = [piece for piece in pieces if len(piece)]
        for before, after in pairwise(pieces):
            if after.t[0] < before.t[-1]:
                raise TimeOrderError(
                    f"pieces must follow each other, but one begins at {after.t[0]} us "
                    f"after one that ends at {before.t[-1]} us. Pass them in order of time."
                )
        if not pieces:
            return cls.empty(size)
        joined = [np.concatenate([getattr(p, name) for p in pieces]) for name in COLUMNS]
        return cls.from_columns(joined, size)

    def __len__(self) -> int:
        return len(self.t)

    @overload
    def __getitem__(self, index: int | np.integer[Any]) -> Event: ...
    @overload
    def __getitem__(self, index: slice | NDArray[np.generic]) -> "Events": ...
    def __getitem__(
        self, index: int | np.integer[Any] | slice | NDArray[np.generic]
    ) -> "Event | Events":
        """One event, or those chosen by a slice, a mask or an array of indices."""
        if isinstance(index, int | np.integer):
            t, x, y, p, kind = (getattr(self, name)[index].item() for name in COLUMNS)
            return Event(t, x, y, p, Kind(kind))
        return Events(
            self.t[index], self.x[index], self.y[index], self.p[index], self.kind[index], self.size
        )

    def __eq__(self, other: object) -> bool:
        """Equal sensor and equal events, bit for bit."""
        if not isinstance(other, Events):
            return NotImplemented
        return self.size == other.size and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in COLUMNS
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        if not len(self):
            return f"Events(0 on {self.size})"
        on = float(np.mean(self.p))
        return f"Events({len(self):,} on {self.size}, {self.t[0]}..{self.t[-1]} us, {on:.0%} ON)"

    def _repr_html_(self) -> str:
        """What a notebook shows: a small picture, and a few numbers."""
        import eventsim

        return str(eventsim.view.html_of(self))

    def window(self, t0_us: int, t1_us: int) -> "Events":
        """Events with ``t0_us <= t < t1_us``, found by bisection; a view, no copy."""
        a, b = np.searchsorted(self.t, [t0_us, t1_us])
        return self[int(a) : int(b)]

    def region(self, x0: int, y0: int, x1: int, y1: int) -> "Events":
        """Events with ``x0 <= x < x1`` and ``y0 <= y < y1``, on a sensor of that size.

        Raises
        ------
        OutsideSensorError
            If the region is empty or reaches over the sensor.
        """
        if not (0 <= x0 < x1 <= self.size.width and 0 <= y0 < y1 <= self.size.height):
            raise OutsideSensorError(
                f"a region must lie on the {self.size} sensor and hold a pixel, found columns "
                f"{x0}..{x1} and rows {y0}..{y1}."
            )
        inside = (self.x >= x0) & (self.x < x1) & (self.y >= y0) & (self.y < y1)
        part = self[inside]
        x, y = part.x - np.uint16(x0), part.y - np.uint16(y0)
        return Events(part.t, x, y, part.p, part.kind, SensorSize(x1 - x0, y1 - y0))

    def to(
        self, representation: "Representation", t0_us: int | None = None, t1_us: int | None = None
    ) -> NDArray[Any]:
        """An array of the events: ``events.to(VoxelGrid(5))`` of `eventsim.representations`.

        Parameters
        ----------
        representation : Representation
        t0_us, t1_us : int, optional
            Window of time ``t0_us <= t < t1_us``, microseconds; by default that of the events.
        """
        return representation(self, t0_us, t1_us)

    def save(self, path: "str | os.PathLike[str]", *, format: str | None = None) -> list[str]:
        """Write the events to a file for another program: `eventsim.write`."""
        import eventsim

        return eventsim.write(self, os.fspath(path), format=format)

    def to_structured(self) -> NDArray[np.void]:
        """The structured array (x, y, t, p) of the field; `kind` and `size` stay behind.

        Returns
        -------
        (N,) ndarray of `STRUCTURED`
        """
        array = np.empty(len(self), STRUCTURED)
        for name in ("x", "y", "t", "p"):
            array[name] = getattr(self, name)
        return array

    @classmethod
    def from_structured(cls, array: NDArray[np.void], *, size: tuple[int, int]) -> "Events":
        """Events from a structured array with fields x, y, t (microseconds) and p.

        Parameters
        ----------
        array : (N,) structured ndarray
            `p` may be bool, 0/1 or -1/+1; fields beside the four are ignored, but `kind` is read.
        size : (width, height)

        Raises
        ------
        EventError
            If a field is missing, or as `of`.
        """
        names = array.dtype.names or ()
        missing = [name for name in ("x", "y", "t", "p") if name not in names]
        if missing:
            raise EventError(
                f"a structured array needs the fields x, y, t, p; {', '.join(missing)} "
                f"is not among {', '.join(names) or 'none'}. Rename the fields."
            )
        kind = array["kind"] if "kind" in names else None
        return cls.of(array["t"], array["x"], array["y"], array["p"] > 0, kind, size=size)


@runtime_checkable
class Representation(Protocol):
    """Events to an array: a frozen value that is called with events and a window of time."""

    def __call__(
        self, events: Events, t0_us: int | None = None, t1_us: int | None = None
    ) -> NDArray[Any]:
        """Represent the events with ``t0_us <= t < t1_us``."""


class Packet(NamedTuple):
    """A piece of a recording: whole frame intervals and the events in them.

    Attributes
    ----------
    events : Events
        Sorted; later than those of the packet before it.
    frame_t_us : (F,) ndarray of int64
        Times of the frames that end the intervals, microseconds.
    frame_stop : (F,) ndarray of int64
        Number of events of this packet up to and including each frame's time, so that
        ``events[frame_stop[i]]`` is the first event after frame i.
    objects : (N,) ndarray of uint16 or None
        Of each event, the id of the object that its pixel shows, 0 is none; of labeled frames.
    """

    events: Events
    frame_t_us: NDArray[np.int64]
    frame_stop: NDArray[np.int64]
    objects: NDArray[np.uint16] | None = None


def is_noise(kind: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether events are known to be noise, by their kinds."""
    known: NDArray[np.bool_] = (kind != Kind.SIGNAL) & (kind != Kind.UNKNOWN)
    return known
