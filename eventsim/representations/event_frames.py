"""Event frames: counts in bins of time, polarity and place."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events


def count_events(
    events: Events, edges_us: Sequence[int] | NDArray[np.integer]
) -> NDArray[np.float32]:
    """Count the events of a recording.

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
    bins = np.searchsorted(edges, events.t, side="right") - 1
    inside = (bins >= 0) & (bins < edges.size - 1)
    width, height = events.size
    shape = (edges.size - 1, 2, height, width)
    polarity = events.p[inside].astype(np.intp)
    cells = np.ravel_multi_index(
        (bins[inside], polarity, events.y[inside], events.x[inside]), shape
    )
    return np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape).astype(np.float32)
