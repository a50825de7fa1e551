"""Closed paths of recorded data sets: N-MNIST's triangle, CIFAR10-DVS's diamond, a square.

Each is a sequence of legs that ends where it began. A leg waits (`onset_us`), moves (`move_us`) and
rests until the next one. The middle of the path's bounding box is the middle of the sensor.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import get_args

import numpy as np

from eventsim.errors import ConfigError
from eventsim.motion.paths import EyePath
from eventsim.motion.profiles import Profile, move

TRIANGLE_PX = 7.0
"""N-MNIST: displacements (3.5, 7), (3.5, -7), (-7, 0) px of the sensor, as in programs that
stabilize its recordings (7 px a degree, Orchard et al. 2015: corners 1 degree apart)."""
TRIANGLE_US = 300_000
"""Three saccades of 100 ms (Orchard et al. 2015). In the recordings they are rather 105 ms
apart, and ``loop_us=315_000`` comes closer to them."""
MOVE_SHARE, ONSET_SHARE = 0.85, 0.05
"""Share of a saccade's 100 ms in which the image moves, and that before it. In recordings of
N-MNIST half of a move lies between 35 and 59 ms, 90 % between 19 and 72 ms (measured by motion
compensation, 150 recordings): minimum jerk over 85 ms that begins at 5 ms has 35 .. 60 and
21 .. 74 ms."""
DIAMOND_PX = 8.0
"""Width and height of CIFAR10-DVS's diamond, which was not published in px; chosen by eye."""
DIAMOND_US, DIAMOND_LOOPS = 200_000, 6
"""Time and number of loops of CIFAR10-DVS (Li et al. 2017), 1.2 s in all."""
SQUARE_PX = 8.0
"""Side of the square; N-ImageNet's was not published, chosen by eye."""
SQUARE_US = 200_000
"""Time of a square; N-ImageNet's was not published, chosen by eye to be as CIFAR10-DVS's."""


def triangle(
    *,
    amplitude_px: float = TRIANGLE_PX,
    loop_us: int = TRIANGLE_US,
    loops: int = 1,
    profile: Profile = "minimum-jerk",
    onset_us: int | None = None,
    move_us: int | None = None,
) -> EyePath:
    """Three saccades on an isosceles triangle, as in N-MNIST and N-Caltech101.

    Parameters
    ----------
    amplitude_px : float
        Base and height of the triangle, px, > 0.
    loop_us : int
        Of the three saccades together, microseconds.
    loops : int
        How often, >= 1.
    profile : {"minimum-jerk", "constant"}
        Of the speed.
    onset_us, move_us : int, optional
        Of each saccade: rest before the move, and the move; microseconds. Default: 0.05 and 0.85
        of its time for ``minimum-jerk``, none and all of it for ``constant``.

    Returns
    -------
    EyePath
        From 0 to ``loops * loop_us``, closed.

    Raises
    ------
    ConfigError
        If a number is out of range, or rest and move are longer than a saccade.

    References
    ----------
    .. [1] Orchard, Jayawant, Cohen and Thakor, "Converting static image datasets to spiking
       neuromorphic datasets using saccades", Front. Neurosci. 9:437, 2015.

    Examples
    --------
    >>> path = triangle()
    >>> path.at([0, 100_000, 200_000, 300_000])[:, :2].tolist()
    [[-3.5, -3.5], [0.0, 3.5], [3.5, -3.5], [-3.5, -3.5]]
    """
    corners = [(-0.5, -0.5), (0.0, 0.5), (0.5, -0.5)]
    if profile == "minimum-jerk":
        onset_us = int(loop_us / 3 * ONSET_SHARE) if onset_us is None else onset_us
        move_us = int(loop_us / 3 * MOVE_SHARE) if move_us is None else move_us
    return loop_path(corners, amplitude_px, loop_us, loops, profile, onset_us or 0, move_us)


def diamond(
    *,
    amplitude_px: float = DIAMOND_PX,
    loop_us: int = DIAMOND_US,
    loops: int = DIAMOND_LOOPS,
    profile: Profile = "constant",
    onset_us: int = 0,
    move_us: int | None = None,
) -> EyePath:
    """Closed loop of four diagonals, as in CIFAR10-DVS ("repeated closed-loop smooth").

    Parameters
    ----------
    amplitude_px : float
        Width and height of the diamond, px, > 0; a diagonal goes half of it both ways.
    loop_us, loops, profile, onset_us, move_us
        As in `triangle`; by default a diagonal moves all the time.

    Returns
    -------
    EyePath
        From 0 to ``loops * loop_us``, closed.

    Raises
    ------
    ConfigError
        As `triangle`.

    References
    ----------
    .. [1] Li, Liu, Ji, Li and Shi, "CIFAR10-DVS: an event-stream dataset for object
       classification", Front. Neurosci. 11:309, 2017.
    """
    corners = [(0.0, -0.5), (0.5, 0.0), (0.0, 0.5), (-0.5, 0.0)]
    return loop_path(corners, amplitude_px, loop_us, loops, profile, onset_us, move_us)


def square(
    *,
    amplitude_px: float = SQUARE_PX,
    loop_us: int = SQUARE_US,
    loops: int = 1,
    profile: Profile = "constant",
    onset_us: int = 0,
    move_us: int | None = None,
) -> EyePath:
    """Closed loop of right, down, left and up, as the rack of N-ImageNet moves.

    Parameters
    ----------
    amplitude_px : float
        Side of the square, px, > 0.
    loop_us, loops, profile, onset_us, move_us
        As in `triangle`; by default a side moves all the time.

    Returns
    -------
    EyePath
        From 0 to ``loops * loop_us``, closed.

    Raises
    ------
    ConfigError
        As `triangle`.

    References
    ----------
    .. [1] Kim, Bae, Park, Zhang and Kim, "N-ImageNet: towards robust, fine-grained object
       recognition with event cameras", ICCV 2021.
    """
    corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
    return loop_path(corners, amplitude_px, loop_us, loops, profile, onset_us, move_us)


def loop_path(
    corners: Sequence[tuple[float, float]],
    amplitude_px: float,
    loop_us: int,
    loops: int,
    profile: Profile,
    onset_us: int,
    move_us: int | None,
) -> EyePath:
    """Path that goes from corner to corner and back to the first, some times over.

    Parameters
    ----------
    corners : sequence of (x, y)
        In units of `amplitude_px`.
    amplitude_px, loop_us, loops, profile, onset_us, move_us
        As in `triangle`; `move_us` None is all the rest of a leg.

    Returns
    -------
    EyePath

    Raises
    ------
    ConfigError
        As `triangle`.
    """
    legs = len(corners)
    shortest_us = loop_us // legs
    move_us = shortest_us - onset_us if move_us is None else move_us
    _check(amplitude_px, loops, profile)
    if not (onset_us >= 0 and move_us >= 1 and onset_us + move_us <= shortest_us):
        raise ConfigError(
            f"rest and move of a leg must fit into its {shortest_us} us ({loop_us} us in {legs} "
            f"legs), found a rest of {onset_us} us and a move of {move_us} us."
        )
    t_us, points = [np.zeros(1, np.int64)], [np.array([corners[0]])]
    stops = list(pairwise([*corners, corners[0]])) * loops
    for leg, (start, end) in enumerate(stops):
        begin_us = loop_us * leg // legs
        step = np.subtract(end, start)
        since_us, share = move(float(np.hypot(*step)) * amplitude_px, move_us, profile)
        if begin_us + onset_us > t_us[-1][-1]:
            t_us.append(np.array([begin_us + onset_us]))
            points.append(np.array([start]))
        t_us.append(begin_us + onset_us + since_us)
        points.append(start + share[:, np.newaxis] * step)
    if t_us[-1][-1] < loop_us * loops:
        t_us.append(np.array([loop_us * loops]))
        points.append(np.array([corners[0]]))
    x, y = (np.concatenate(points) * amplitude_px).T
    return EyePath.of(np.concatenate(t_us), x, y)


def _check(amplitude_px: float, loops: int, profile: str) -> None:
    if not amplitude_px > 0:
        raise ConfigError(f"amplitude_px must be above 0, found {amplitude_px:g}.")
    if loops < 1:
        raise ConfigError(f"loops must be 1 or more, found {loops}.")
    if profile not in get_args(Profile):
        raise ConfigError(
            f"profile must be one of {', '.join(get_args(Profile))}, found {profile!r}."
        )
