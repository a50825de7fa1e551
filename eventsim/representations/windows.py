"""The window of time that a representation looks at, and its bins."""

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events


def cut(events: Events, t0_us: int | None, t1_us: int | None) -> tuple[Events, int, int]:
    """The events of a window, and where it begins and ends.

    Parameters
    ----------
    events : Events
    t0_us, t1_us : int, optional
        If left out, the time of the first event and the one after that of the last.

    Returns
    -------
    events : Events
        With ``t0_us <= t < t1_us``.
    t0_us, t1_us : int

    Raises
    ------
    ConfigError
        If the window ends before it begins.
    """
    if t0_us is None:
        t0_us = int(events.t[0]) if len(events) else 0
    if t1_us is None:
        t1_us = max(int(events.t[-1]), t0_us) + 1 if len(events) else t0_us + 1
    if t1_us <= t0_us:
        raise ConfigError(f"a window must end after it begins, found {t0_us} to {t1_us} us.")
    return events.window(t0_us, t1_us), t0_us, t1_us


def bin_edges(t0_us: int, t1_us: int, bins: int) -> NDArray[np.int64]:
    """Borders of bins of equal duration, rounded down to microseconds.

    Parameters
    ----------
    t0_us, t1_us : int
        Half-open: the last bin ends before `t1_us`.
    bins : int

    Returns
    -------
    (bins + 1,) ndarray of int64
        ``edge[k] = t0 + k (t1 - t0) // bins``; bin k holds ``edge[k] <= t < edge[k + 1]``.
    """
    return t0_us + np.arange(bins + 1, dtype=np.int64) * (t1_us - t0_us) // bins


def check_bins(bins: int, least: int = 1) -> None:
    """Refuse a number of bins that makes no sense.

    Raises
    ------
    ConfigError
    """
    if isinstance(bins, bool) or not isinstance(bins, int) or bins < least:
        raise ConfigError(f"bins must be {least} or more, found {bins!r}.")
