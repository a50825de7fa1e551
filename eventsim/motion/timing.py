"""When to take a frame of a moving image: often enough, and not more often."""

import math

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import SensorSize
from eventsim.motion.paths import EyePath

LONGEST_US = 1_000_000_000
"""Longest time between two frames, 17 minutes: half of what a packed event can say."""
MOST_FRAMES = 50_000_000
"""Of one path; a slip of a unit is found by it. Chosen by eye."""


def frame_times(
    path: EyePath, size: SensorSize, step_px: float, longest_us: int | None = None
) -> NDArray[np.int64]:
    """Times of frames on a path.

    Parameters
    ----------
    path : EyePath
    size : SensorSize
        Of the sensor, px.
    step_px : float
        Largest displacement of what any pixel sees between two frames, px.
    longest_us : int, optional
        Longest time between two frames, microseconds. Default: no limit while the image rests.

    Returns
    -------
    (F,) ndarray of int64
        Strictly increasing, microseconds: all nodes of the path, and times between them.

    Raises
    ------
    ConfigError
        If these would be more than 50 million.

    Notes
    -----
    Between two poses no point of the image that the sensor sees moves further than ``|d(x, y)| +
    r zoom |d rotation| + r |d zoom|``, with r its largest distance from the center of the image.
    A piece is never cut finer than into microseconds.
    """
    pieces_us = np.diff(path.t_us)
    moves = np.abs(np.diff(path.poses, axis=0))
    far_px = np.hypot(moves[:, 0], moves[:, 1])
    if not path.only_shifts:
        shift = float(np.hypot(path.x_px, path.y_px).max())
        reach = (math.hypot(size.width / 2, size.height / 2) + shift) / float(path.zoom.min())
        far_px = far_px + reach * (moves[:, 2] * path.zoom.max() + moves[:, 3])
    # What rounding adds to a whole number of steps makes no step more.
    steps = np.ceil(far_px / step_px - 1e-9)
    steps = np.maximum(steps, np.ceil(pieces_us / (longest_us or LONGEST_US)))
    counts = np.clip(steps, 1, pieces_us).astype(np.int64)
    total = int(counts.sum()) + 1
    if total > MOST_FRAMES:
        raise ConfigError(
            f"a path may take at most {MOST_FRAMES} frames, found {total}. Use a larger step_px, "
            "or a shorter or slower path."
        )
    first = np.cumsum(counts) - counts
    k = np.arange(total - 1) - np.repeat(first, counts)
    share_us = k * np.repeat(pieces_us, counts) // np.repeat(counts, counts)
    return np.append(np.repeat(path.t_us[:-1], counts) + share_us, path.t_us[-1])
