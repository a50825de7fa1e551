"""What the transforms have in common: choosing, moving and ordering events."""

from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from eventsim.events import COLUMNS, Events, SensorSize
from eventsim.random import Draws
from eventsim.transforms import jitter_kernels, kernels


@runtime_checkable
class Transform(Protocol):
    """Events to events: a frozen value that is called with the events and their random numbers."""

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Transform events; the input is left as it is."""


def columns_of(events: Events) -> list[NDArray[Any]]:
    """The five columns t, x, y, p, kind."""
    return [getattr(events, name) for name in COLUMNS]


def kept(events: Events, mask: NDArray[np.bool_]) -> Events:
    """The events that a mask lets live, in their order.

    Parameters
    ----------
    events : Events
    mask : (N,) ndarray of bool
    """
    room = room_for(len(events))
    n = kernels.compact(mask, *columns_of(events), tuple(room))
    return Events.from_columns([column[:n] for column in room], events.size)


def moved(
    events: Events, matrix: NDArray[np.float64], rng: Draws, size: SensorSize | None = None
) -> Events:
    """Move events by an affine map; those that leave the sensor are lost.

    An event is somewhere in its pixel: it is put at a random place in it, moved, and falls into
    the pixel that it comes to lie in. So magnified events spread evenly, where rounding would leave
    a lattice, and the identity leaves all where they are.

    Parameters
    ----------
    events : Events
    matrix : (2, 3) ndarray
        ``(x', y') = matrix @ (x, y, 1)``, px, the corner of the first pixel being (0, 0).
    rng : Draws
    size : SensorSize, optional
        Of another sensor that they come to lie on.
    """
    to = events.size if size is None else size
    room = room_for(len(events))
    key = np.uint64(rng.key)
    n = kernels.move_affine(matrix, key, tuple(to), *columns_of(events), tuple(room))
    return settled(Events.from_columns([column[:n] for column in room], to))


def about(center: tuple[float, float], linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """(2, 3) matrix of a linear map that leaves a point where it is."""
    point = np.array(center)
    return np.column_stack([linear, point - linear @ point])


def settled(events: Events) -> Events:
    """Put the events of each microsecond in raster order, **in place**: the columns must be ours.

    Parameters
    ----------
    events : Events
        Sorted by time.
    """
    kernels.settle(*columns_of(events))
    return events


def ordered(columns: list[NDArray[Any]], size: SensorSize) -> Events:
    """Events of columns in any order: sorted by time, ties in raster order."""
    room = room_for(len(columns[0]))
    jitter_kernels.arrange(time_order(columns[0]), *columns, tuple(room))
    return Events.from_columns([column[:-1] for column in room], size)


def time_order(t: NDArray[np.int64]) -> NDArray[np.int64]:
    """(N,) int64: order of times, equal ones as they are; four times as fast as NumPy's."""
    if not len(t):
        return np.empty(0, np.int64)
    order, spare = np.empty(len(t), np.int64), np.empty(len(t), np.int64)
    keys, other = np.empty(len(t), np.uint64), np.empty(len(t), np.uint64)
    return order if jitter_kernels.sort_times(t, order, keys, spare, other) else spare


def merged(events: Events, more: Events) -> Events:
    """All events of two streams of one sensor, sorted."""
    pairs = zip(columns_of(events), columns_of(more), strict=True)
    return ordered([np.concatenate(pair) for pair in pairs], events.size)


def span_us(events: Events) -> tuple[int, int]:
    """First time and one after the last; (0, 0) without events."""
    return (int(events.t[0]), int(events.t[-1]) + 1) if len(events) else (0, 0)


def room_for(n: int) -> list[NDArray[Any]]:
    """Five columns for so many events, and one more, which a kernel may write before it counts."""
    return [np.empty(n + 1, dtype) for dtype in COLUMNS.values()]
