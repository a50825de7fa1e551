"""Event frames: counts in bins of time, polarity and place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations import kernels
from eventsim.representations.windows import bin_edges, check_bins, cut


@dataclass(frozen=True)
class EventFrames:
    """Count the events of each bin, polarity and pixel.

    Attributes
    ----------
    bins : int
    by : {"time", "count"}
        Bins of equal duration, or of an equal number of events (the remainder of the division is
        spread over them).

    Examples
    --------
    >>> events = Events.of([1, 5, 5], [0, 1, 1], [0, 0, 0], [1, 0, 0], size=(2, 1))
    >>> EventFrames(bins=2)(events, 0, 8)[:, :, 0].tolist()
    [[[0.0, 0.0], [1.0, 0.0]], [[0.0, 2.0], [0.0, 0.0]]]
    """

    bins: int = 10
    by: Literal["time", "count"] = "time"

    def __post_init__(self) -> None:
        check_bins(self.bins)
        if self.by not in ("time", "count"):
            raise ConfigError(f"by must be time or count, found {self.by!r}.")

    def __call__(
        self, events: Events, t0_us: int | None = None, t1_us: int | None = None
    ) -> NDArray[np.float32]:
        """(bins, 2, H, W) float32; polarity 0 is OFF, 1 is ON."""
        events, t0_us, t1_us = cut(events, t0_us, t1_us)
        if self.by == "count":
            bounds = np.arange(self.bins + 1) * len(events) // self.bins
        else:
            bounds = np.searchsorted(events.t, bin_edges(t0_us, t1_us, self.bins))
        return _counted(events, bounds)


def count_events(
    events: Events, edges_us: Sequence[int] | NDArray[np.integer]
) -> NDArray[np.float32]:
    """Count the events in bins of any duration.

    Parameters
    ----------
    events : Events
    edges_us : (T + 1,) sequence of integers
        Borders of the time bins, increasing; events outside of them are not counted.

    Returns
    -------
    (T, 2, H, W) ndarray of float32
        Polarity 0 is OFF, 1 is ON.

    Raises
    ------
    ConfigError
        If the borders do not increase.

    Examples
    --------
    >>> events = Events.of([1, 5, 5], [0, 1, 1], [0, 0, 0], [1, 0, 0], size=(2, 1))
    >>> count_events(events, [0, 4, 8])[:, :, 0].tolist()
    [[[0.0, 0.0], [1.0, 0.0]], [[0.0, 2.0], [0.0, 0.0]]]
    """
    edges = np.asarray(edges_us)
    if edges.ndim != 1 or edges.size < 2 or (np.diff(edges) <= 0).any():
        raise ConfigError(f"edges_us must be two or more increasing times, found {edges.tolist()}.")
    return _counted(events, np.searchsorted(events.t, edges))


def _counted(events: Events, bounds: NDArray[np.integer]) -> NDArray[np.float32]:
    out = np.zeros((len(bounds) - 1, 2, events.size.height, events.size.width), np.float32)
    kernels.count(events.x, events.y, events.p, bounds.astype(np.int64), out)
    return out
