"""Whether the times of frames look like what was meant."""

import numpy as np
from numpy.typing import NDArray

SLOW_FPS = 5.0
"""Below, frames are so far apart that motion between them is lost; chosen by eye."""
FAST_FPS = 20_000.0
"""Above, times are rather milliseconds than microseconds: 20 frames/s would look like that. Cameras
that are faster exist, and are seldom; chosen by eye."""


def pace_note(t_us: NDArray[np.int64]) -> str | None:
    """What to say of frames that follow each other too slowly or too fast.

    Parameters
    ----------
    t_us : (F,) ndarray of int64
        Times of frames, microseconds, increasing.

    Returns
    -------
    str or None
        None if there is nothing to say, or fewer than two frames.

    Examples
    --------
    >>> pace_note(np.array([0, 33_000, 67_000])) is None
    True
    """
    if len(t_us) < 2:
        return None
    fps = 1e6 / float(np.median(np.diff(t_us)))
    if fps < SLOW_FPS:
        return (
            f"{fps:.2g} frames/s: what moves between frames that far apart fades from one place to "
            "the other. Use a video with more frames/s"
        )
    if fps > FAST_FPS:
        return (
            f"{fps:,.0f} frames/s: are the times in milliseconds? Whole numbers are microseconds; "
            "write seconds with a decimal point"
        )
    return None
