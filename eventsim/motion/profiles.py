"""How a move goes on in time: at one speed, or as a bell as muscles and motors do it."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Profile = Literal["minimum-jerk", "constant"]

SMOOTH_TO_PX = 0.05
"""How far a smooth move may lie from its straight pieces, px; a fifth of the largest step
between two frames. Chosen by eye."""
FEWEST_PIECES = 8
"""Straight pieces of the shortest smooth move; chosen by eye."""
_SHARPEST = 10 / math.sqrt(3)
"""Largest second derivative of the minimum-jerk profile, at ``u = (3 - sqrt(3)) / 6``."""


def minimum_jerk(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of a move that is done at a share of its time.

    Parameters
    ----------
    u : (...) ndarray of float64
        Time, 0 at the start and 1 at the end of the move; outside of that it rests.

    Returns
    -------
    (...) ndarray of float64
        ``10 u^3 - 15 u^4 + 6 u^5``, in [0, 1]: speed and acceleration are 0 at both ends.

    References
    ----------
    .. [1] Flash and Hogan, "The coordination of arm movements: an experimentally confirmed
       mathematical model", J. Neurosci. 5(7), 1985.

    Examples
    --------
    >>> minimum_jerk(np.array([-1.0, 0.0, 0.5, 1.0, 2.0])).tolist()
    [0.0, 0.0, 0.5, 1.0, 1.0]
    """
    u = np.clip(u, 0.0, 1.0)
    return np.asarray(u**3 * (10 + u * (6 * u - 15)), np.float64)


def pieces_of(length_px: float) -> int:
    """Straight pieces that a smooth move needs.

    A straight piece of the share h of the time is off by at most ``length max|s''| h^2 / 8``.
    """
    return max(FEWEST_PIECES, math.ceil(math.sqrt(length_px * _SHARPEST / 8 / SMOOTH_TO_PX)))


def move(
    length_px: float, duration_us: int, profile: Profile
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Nodes of one move, without its start.

    Parameters
    ----------
    length_px : float
        How far it goes, px.
    duration_us : int
        Microseconds, >= 1.
    profile : {"minimum-jerk", "constant"}

    Returns
    -------
    t_us : (n,) ndarray of int64
        Since the start, strictly increasing, the last is `duration_us`.
    share : (n,) ndarray of float64
        Of the move that is done then; the last is 1.
    """
    pieces = 1 if profile == "constant" else min(pieces_of(length_px), duration_us)
    t_us = np.arange(1, pieces + 1, dtype=np.int64) * duration_us // pieces
    share = t_us / duration_us
    return t_us, share if profile == "constant" else minimum_jerk(share)
