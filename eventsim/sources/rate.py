"""Times of frames that follow each other evenly."""

import math

from eventsim.errors import ConfigError

MOST_FPS = 1e6
"""Above, two frames would fall on one microsecond."""


def checked_rate(fps: float) -> float:
    """A frame rate that microseconds can tell apart.

    Raises
    ------
    ConfigError
        If it is not above 0 and at most `MOST_FPS`.
    """
    if not (math.isfinite(fps) and 0 < fps <= MOST_FPS):
        raise ConfigError(f"fps must be above 0 and at most {MOST_FPS:.0f}, found {fps:g}.")
    return fps


def times_by_rate(fps: float, count: int) -> list[int]:
    """Times of so many frames, microseconds; the first is at 0.

    Examples
    --------
    >>> times_by_rate(30, 4)
    [0, 33333, 66667, 100000]
    """
    return [round(i * 1e6 / fps) for i in range(count)]
