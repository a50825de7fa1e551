"""Where a camera aims: never at the very same place twice."""

from dataclasses import replace

import numpy as np

from eventsim.motion.paths import EyePath
from eventsim.random import Stream, normal, stream_key


def aimed(path: EyePath, spread_px: float, seed: int) -> EyePath:
    """A path that is moved as a whole.

    Parameters
    ----------
    path : EyePath
    spread_px : float
        Standard deviation of the displacement along each axis, px of the sensor; 0 leaves the path.
    seed : int
        Of the recording.

    Returns
    -------
    EyePath

    Examples
    --------
    >>> path = EyePath.of([0, 100], [0.0, 4.0], [0.0, 0.0])
    >>> moved = aimed(path, 0.2, seed=3)
    >>> np.diff(moved.x_px).tolist(), bool(abs(moved.y_px[0]) > 0)
    ([4.0], True)
    """
    if spread_px == 0:
        return path
    key = stream_key(seed, Stream.AIM)
    dx, dy = spread_px * normal(key, np.zeros(1, np.uint64), np.arange(2, dtype=np.uint64))
    return replace(path, x_px=path.x_px + dx, y_px=path.y_px + dy)
