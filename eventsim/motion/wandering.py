"""Random paths: a walk of constant velocities, and the drift and microsaccades of an eye.

A path is a function of its seed and settings, see `eventsim.random`.
"""

import math

import numpy as np
from numpy.typing import NDArray

from eventsim import random
from eventsim.errors import ConfigError
from eventsim.motion.paths import EyePath
from eventsim.motion.profiles import minimum_jerk
from eventsim.random import Stream

WALK_US = 200_000
WALK_MEAN_US = 24_000.0
DIRECTIONS = 12
SPEEDS = 3
"""200 ms, segments of 24 ms on average, 12 directions and 3 speeds: Grimaldi and Perrinet [1]_.

.. [1] Grimaldi and Perrinet, "Learning heterogeneous delays in a layer of spiking neurons for fast
   motion detection", Biol. Cybern. 117, 2023.
"""
WALK_PX_S = 100.0
"""Middle speed. Grimaldi and Perrinet use 1 px per bin of 1 ms, far above a fixating eye; a tenth
of it chosen by eye."""
SPEED_RATIO = 2.0
"""Of one speed to the next; chosen by eye."""

FIXATION_US = 1_000_000
DRIFT_PX2_S = 20.0
"""Diffusion D of the drift, ``var = 2 D t`` an axis. Chosen by eye; an eye has some tens of
arcmin^2/s, which is less at N-MNIST's 7 px a degree, and would hardly make events."""
PULL_US = 200_000.0
"""Time constant of the pull to the center: rests within ``sqrt(D tau)`` = 2 px. Chosen by eye."""
MICROSACCADE_HZ = 1.5
"""Human 1 .. 2 Hz (Martinez-Conde, Macknik and Hubel 2004)."""
REFRACTORY_US = 150_000.0
"""Least time between the onsets of two of them; chosen by eye, as an eye hardly is faster."""
MICROSACCADE_PX = 4.0
"""Mean length, drawn from half to one and a half of it. At 7 px a degree 0.6 degrees, in the human
range (below 1 degree). Chosen by eye."""
PX_PER_DEGREE = 7.0
"""Of N-MNIST (Orchard et al. 2015), for the duration."""
SACCADE_US, SACCADE_US_PER_DEGREE = 21_000.0, 2_200.0
"""Main sequence, duration = 21 ms + 2.2 ms a degree (Carpenter, "Movements of the eyes", 1988);
microsaccades lie on the curve of larger ones (Zuber, Stark and Cook 1965)."""
STEP_US = 2_000
"""Between two nodes of a fixation; the standard deviation of a step of drift is then 0.28 px, about
the largest step between two frames. Chosen by eye."""


def random_walk(
    seed: int,
    *,
    duration_us: int = WALK_US,
    mean_us: float = WALK_MEAN_US,
    speed_px_s: float = WALK_PX_S,
    speed_ratio: float = SPEED_RATIO,
) -> EyePath:
    """Random walk: at random moments a new direction and speed.

    Parameters
    ----------
    seed : int
    duration_us : int
        Of the path, microseconds, >= 1.
    mean_us : float
        Mean time of one velocity, microseconds, > 0.
    speed_px_s : float
        Middle one of the three speeds, px/s, > 0.
    speed_ratio : float
        Of one speed to the next, >= 1.

    Returns
    -------
    EyePath
        From 0 to `duration_us`; begins at (0, 0).

    Raises
    ------
    ConfigError
        If a number is out of range.

    Notes
    -----
    Segments last ``-mean ln u``, rounded up to microseconds; the last is cut. Each draws one of 12
    directions (30 degrees apart, the first to the right) and one of the speeds ``speed / ratio,
    speed, speed ratio``, whatever the segment before had.

    References
    ----------
    .. [1] Grimaldi and Perrinet, "Learning heterogeneous delays in a layer of spiking neurons for
       fast motion detection", Biol. Cybern. 117, 2023.
    """
    _above(duration_us=duration_us, mean_us=mean_us, speed_px_s=speed_px_s)
    if not speed_ratio >= 1:
        raise ConfigError(f"speed_ratio must be at least 1, found {speed_ratio:g}.")
    times = _poisson_us(seed, duration_us, mean_us, dead_us=0.0)
    t_us = np.concatenate([[0], times, [duration_us]]).astype(np.int64)
    choice = _uniform(seed, Stream.PATH_CHOICE, 0, t_us.size - 1) * (DIRECTIONS * SPEEDS)
    direction, speed = np.divmod(choice.astype(np.int64), SPEEDS)
    angle = direction * (2 * np.pi / DIRECTIONS)
    length = speed_px_s * speed_ratio ** (speed - 1.0) * np.diff(t_us) * 1e-6
    x, y = (np.concatenate([[0.0], np.cumsum(length * f(angle))]) for f in (np.cos, np.sin))
    return EyePath.of(t_us, x, y)


def drift_microsaccade(  # noqa: PLR0913 - five numbers of two movements, all with a default
    seed: int,
    *,
    duration_us: int = FIXATION_US,
    drift_px2_s: float = DRIFT_PX2_S,
    pull_us: float = PULL_US,
    microsaccade_px: float = MICROSACCADE_PX,
    microsaccade_hz: float = MICROSACCADE_HZ,
    px_per_degree: float = PX_PER_DEGREE,
    step_us: int = STEP_US,
) -> EyePath:
    """Fixation of an eye: slow random drift, and now and then a microsaccade.

    Parameters
    ----------
    seed : int
    duration_us : int
        Of the path, microseconds, >= 1.
    drift_px2_s : float
        Diffusion of the drift, px^2/s, >= 0.
    pull_us : float
        Time constant of the pull to the center, microseconds, > 0.
    microsaccade_px : float
        Mean length of a microsaccade, px, > 0.
    microsaccade_hz : float
        Mean rate of microsaccades, Hz, >= 0, below 1 / 150 ms.
    px_per_degree : float
        Size of a degree of the visual field, px, > 0.
    step_us : int
        Time between two nodes, microseconds, >= 1.

    Returns
    -------
    EyePath
        From 0 to `duration_us`; begins at (0, 0).

    Raises
    ------
    ConfigError
        If a number is out of range.

    Notes
    -----
    From one node to the next the place goes as the process of Ornstein and Uhlenbeck [1]_ does
    exactly, ``P <- P exp(-dt / tau) + sqrt(D tau (1 - exp(-2 dt / tau))) N + S``, with S what
    microsaccades move in the step. Onsets are 150 ms plus an exponential time apart, of the mean
    rate asked for. A microsaccade has a length from half to one and a half of the mean and any
    direction, a duration by the main sequence, and moves with minimum jerk.

    References
    ----------
    .. [1] Uhlenbeck and Ornstein, "On the theory of the Brownian motion", Phys. Rev. 36, 1930.
    .. [2] Martinez-Conde, Macknik and Hubel, "The role of fixational eye movements in visual
       perception", Nat. Rev. Neurosci. 5, 2004.
    .. [3] Zuber, Stark and Cook, "Microsaccades and the velocity-amplitude relationship for
       saccadic eye movements", Science 150, 1965.
    """
    _above(duration_us=duration_us, pull_us=pull_us, microsaccade_px=microsaccade_px)
    _above(px_per_degree=px_per_degree, step_us=step_us)
    if not drift_px2_s >= 0:
        raise ConfigError(f"drift_px2_s must be 0 or more, found {drift_px2_s:g}.")
    highest_hz = 1e6 / REFRACTORY_US
    if not 0 <= microsaccade_hz < highest_hz:
        raise ConfigError(
            f"microsaccade_hz must be from 0 to below {highest_hz:.3g} (at most one in "
            f"{REFRACTORY_US / 1000:g} ms), found {microsaccade_hz:g}."
        )
    t_us = np.append(np.arange(0, duration_us, step_us, dtype=np.int64), duration_us)
    jumps = _microsaccades(seed, t_us, microsaccade_px, microsaccade_hz, px_per_degree)
    steps_s, pull_s = np.diff(t_us) * 1e-6, pull_us * 1e-6
    keep = np.exp(-steps_s / pull_s)
    spread = np.sqrt(drift_px2_s * pull_s * -np.expm1(-2 * steps_s / pull_s))
    moves = np.diff(jumps, axis=1)
    for axis in (0, 1):
        moves[axis] += spread * _normal(seed, axis, steps_s.size)
    places = np.zeros((2, t_us.size))
    for i in range(t_us.size - 1):
        places[:, i + 1] = places[:, i] * keep[i] + moves[:, i]
    return EyePath.of(t_us, places[0], places[1])


def _microsaccades(
    seed: int, t_us: NDArray[np.int64], mean_px: float, rate_hz: float, px_per_degree: float
) -> NDArray[np.float64]:
    """How far microsaccades have moved the image at each time, (2, N), px."""
    moved = np.zeros((2, t_us.size))
    if rate_hz == 0:
        return moved
    onsets = _poisson_us(seed, int(t_us[-1]), 1e6 / rate_hz - REFRACTORY_US, dead_us=REFRACTORY_US)
    length = mean_px * (0.5 + _uniform(seed, Stream.PATH_CHOICE, 0, onsets.size))
    angle = 2 * np.pi * _uniform(seed, Stream.PATH_CHOICE, 1, onsets.size)
    durations_us = SACCADE_US + SACCADE_US_PER_DEGREE * length / px_per_degree
    for onset, lasts_us, px, a in zip(onsets, durations_us, length, angle, strict=True):
        done = minimum_jerk((t_us - onset) / lasts_us)
        moved += np.array([[math.cos(a)], [math.sin(a)]]) * px * done
    return moved


def _poisson_us(seed: int, end_us: int, mean_us: float, *, dead_us: float) -> NDArray[np.int64]:
    """Moments of a Poisson process in (0, end_us), with a dead time after each."""
    times: list[int] = []
    t, n = 0, 0
    while True:  # in pieces, as the number is not known beforehand
        waits = -mean_us * np.log(_uniform(seed, Stream.PATH_TIME, 0, 64, first=n))
        for wait in waits.tolist():
            dead = dead_us if times else 0.0
            t = max(t + 1, math.ceil(t + dead + wait))
            if t >= end_us:
                return np.array(times, np.int64)
            times.append(t)
        n += 64


def _uniform(
    seed: int, stream: Stream, pixel: int, count: int, *, first: int = 0
) -> NDArray[np.float64]:
    n = np.arange(first, first + count, dtype=np.uint64)
    return random.uniform(random.stream_key(seed, stream), np.full_like(n, pixel), n)


def _normal(seed: int, pixel: int, count: int) -> NDArray[np.float64]:
    n = np.arange(count, dtype=np.uint64)
    return random.normal(random.stream_key(seed, Stream.PATH_NORMAL), np.full_like(n, pixel), n)


def _above(**numbers: float) -> None:
    for name, value in numbers.items():
        if not value > 0:
            raise ConfigError(f"{name} must be above 0, found {value:g}.")
