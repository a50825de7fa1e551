"""What a filter is, and a filter at work on a stream."""

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError, EventError, TimeOrderError
from eventsim.events import Events, SensorSize
from eventsim.random import Draws

Memory = dict[str, NDArray[Any]]
"""What a filter remembers of the events so far: arrays by name."""


@runtime_checkable
class Filter(Protocol):
    """A way to tell signal from noise: a frozen value.

    It is also a transform, so that pipelines and loaders take it: ``STCF()(events)`` are the events
    that are kept. What it remembers between the packets of a stream, a `Denoiser` holds.

    Attributes
    ----------
    threshold : float
        Events that score at least so much are kept.
    """

    @property
    def threshold(self) -> float:
        """The least score that is kept."""

    def memory(self, size: SensorSize) -> Memory:
        """What there is to remember before the first event."""

    def scores(self, events: Events, memory: Memory) -> NDArray[np.float64]:
        """(N,) how much each event looks like signal; `memory` goes on, **in place**."""

    def __call__(self, events: Events, rng: Draws | None = None) -> Events:
        """Keep the signal of a whole stream; nothing is drawn."""


class Denoiser:
    """A filter at work on one stream, packet by packet.

    Wherever the stream is cut, the same events are kept: each is judged by those before it.

    Parameters
    ----------
    how : Filter
    size : SensorSize

    Examples
    --------
    >>> from eventsim.denoise import STCF
    >>> events = Events.of([0, 900, 1000], [3, 9, 4], [3, 9, 3], [1, 1, 1], size=(12, 12))
    >>> denoiser = Denoiser(STCF(neighbors=1), events.size)
    >>> denoiser.keep(events[:2]).tolist(), denoiser.keep(events[2:]).tolist()
    ([False, False], [True])
    """

    def __init__(self, how: Filter, size: SensorSize | tuple[int, int]) -> None:
        self.how = how
        self.size = SensorSize(*size)
        self._memory = how.memory(self.size)
        self._until_us = np.iinfo(np.int64).min

    def scores(self, events: Events) -> NDArray[np.float64]:
        """How much each event of the next packet looks like signal.

        Parameters
        ----------
        events : Events
            Of the same sensor, not before those of the packet before.

        Returns
        -------
        (N,) ndarray of float64
            Kept are those with ``how.threshold`` or more. In the units of the filter.

        Raises
        ------
        EventError
            If they are of another sensor.
        TimeOrderError
            If they begin before the last packet ended.
        """
        if events.size != self.size:
            raise EventError(
                f"the packets of a stream must be of one sensor, expected {self.size}, found "
                f"{events.size}. Begin another Denoiser."
            )
        if not len(events):
            return self.how.scores(events, self._memory)
        if events.t[0] < self._until_us:
            raise TimeOrderError(
                f"packets must follow each other, but one begins at {events.t[0]} us after one "
                f"that ends at {self._until_us} us. Pass them in order of time."
            )
        self._until_us = int(events.t[-1])
        return self.how.scores(events, self._memory)

    def keep(self, events: Events) -> NDArray[np.bool_]:
        """(N,) bool: which events of the next packet are kept; as `scores`."""
        return np.asarray(self.scores(events) >= self.how.threshold)

    def __call__(self, events: Events) -> Events:
        """Keep the signal of the next packet."""
        return events[self.keep(events)]

    def saved(self) -> Memory:
        """All that is remembered, copied: ``numpy.savez(file, **denoiser.saved())`` keeps it."""
        now = {name: array.copy() for name, array in self._memory.items()}
        return {**now, "until_us": np.array(self._until_us, np.int64)}

    def restore(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Go on where `saved` was called, by the same filter on a sensor of the same size.

        Parameters
        ----------
        saved : mapping
            From `saved`, or the file that it was saved to.

        Raises
        ------
        ConfigError
            If it was saved by another filter, or for another sensor.
        """
        fresh = {**self._memory, "until_us": np.array(0, np.int64)}
        given = {name: np.array(saved[name]) for name in saved}
        if {n: (a.shape, a.dtype) for n, a in given.items()} != {
            n: (a.shape, a.dtype) for n, a in fresh.items()
        }:
            raise ConfigError(
                f"what was saved does not fit {type(self.how).__name__} on a {self.size} sensor. "
                "Restore it into the filter and the size that it was saved from."
            )
        self._until_us = int(given.pop("until_us"))
        self._memory = given


def denoised(how: Filter, events: Events) -> Events:
    """Events of a whole stream that a filter keeps."""
    return Denoiser(how, events.size)(events)


def quiet_planes(count: int, size: SensorSize, border: int) -> NDArray[np.float64]:
    """(count, H + 2 border, W + 2 border) float64: last times of pixels that never fired."""
    return np.full((count, size.height + 2 * border, size.width + 2 * border), -np.inf)


def check_number(name: str, value: float, low: float, high: float) -> None:
    """Check a setting of a filter.

    Raises
    ------
    ConfigError
        If it is not in [low, high].
    """
    if not low <= value <= high:
        raise ConfigError(f"{name} must be in [{low:g}, {high:g}], found {value!r}.")


def check_count(name: str, value: int, low: int, high: int) -> None:
    """Check a setting of a filter that is a whole number; raises as `check_number`."""
    check_number(name, value, low, high)
    if int(value) != value:
        raise ConfigError(f"{name} must be a whole number, found {value!r}.")


MOST_US = 1e12
"""Longest window, 11 days: to catch seconds given in nanoseconds."""
