"""When does one pixel cross a threshold?

Inside a frame interval the drive D(z) is a line plus one exponential: it turns at
most once, and on each monotone piece a threshold is crossed at most once, at a root
that is bracketed and found by a few Newton steps.
"""

import math

import numpy as np

from eventsim.packets.compiled import kernel
from eventsim.pixel.circuit import (
    drive_of,
    lag_at,
    lag_of,
    mostly_drifted,
    slope_of,
    tolerance,
)

f32 = np.float32
NEVER = f32(2.0)
CLOSE_ENOUGH = f32(1e-4)
"""A Newton step smaller than this share of the interval is the last: the error after it is about
x / 2 times its square, below 4e-7 of the interval for x = 80."""
MAX_STEPS = 40
"""Bisection alone would reach float32 resolution in 24 steps."""

_ZERO, _HALF, _ONE = f32(0.0), f32(0.5), f32(1.0)
_TWO, _THREE = f32(2.0), f32(3.0)
_FLAT = f32(1e-12)


@kernel
def turning_point(rise, drift, lag0, x):
    """Where the drive turns in (0, 1), or NEVER: ``exp(-x z) = (drift + rise) / (x w0 + rise)``.

    It is the moment at which log luminance and photoreceptor output cross (drift apart).
    """
    if not x > _ZERO:
        return NEVER
    below = x * lag0 + rise
    if below == _ZERO:
        return NEVER
    ratio = (drift + rise) / below
    if not (_ZERO < ratio < _ONE):
        return NEVER
    z = f32(-math.log(np.float64(ratio))) / x
    return z if _ZERO < z < _ONE else NEVER


@kernel
def first_guess(f0, f1, slope0, slope1):
    """Root of a rising function from its ends: z as a cubic Hermite polynomial of f.

    The end derivatives are limited to three times the chord, which keeps the cubic monotone
    (Fritsch and Carlson, SIAM J. Numer. Anal. 17, 1980).
    """
    rise = max(f1 - f0, _FLAT)
    h = min(max(-f0 / rise, _ZERO), _ONE)
    m0 = min(rise / max(slope0, _FLAT), _THREE)
    m1 = min(rise / max(slope1, _FLAT), _THREE)
    g = _ONE - h
    return h * h * (_THREE - _TWO * h) + m0 * h * g * g - m1 * h * h * g


@kernel
def newton_step(z, low, high, start, rise, drift, lag0, x):
    """One safeguarded Newton step towards the root of a rising drive.

    Returns the next z and the narrowed bracket. A step that would leave the bracket is
    replaced by its middle. No branches: lanes of a vector take it together.
    """
    w = lag_at(lag0, rise, x, z)
    f = drive_of(start, rise, drift, z, w)
    slope = slope_of(drift, x, w)
    low = z if f < _ZERO else low
    high = high if f < _ZERO else z
    z = z - f / max(slope, _FLAT)
    middle = _HALF * (low + high)
    z = z if z >= low else middle
    z = z if z <= high else middle
    return z, low, high


@kernel
def piece_ends(rise, drift, lag0, x):
    """Where the two monotone pieces of a drive end: (turn or NEVER, lag there, lag at z = 1)."""
    turn = turning_point(rise, drift, lag0, x)
    lag_turn = lag_of(lag0, rise, x, turn) if turn < _ONE else _ZERO
    return turn, lag_turn, lag_of(lag0, rise, x, _ONE)


@kernel
def root_on_piece(low_end, high_end, level, sign, start, rise, drift, lag0, x):
    """Where the drive reaches `level` on a monotone piece, rising (sign 1) or falling (-1).

    `low_end` and `high_end` are (z, lag there). A piece that ends short of the level, by no more
    than the tolerance, reaches it at its end.
    """
    a, lag_a = low_end
    b, lag_b = high_end
    if not x > _ZERO:
        slope = rise + drift
        if slope == _ZERO:
            return b
        return min(max((level - start) / slope, a), b)
    start, rise, drift, lag0 = sign * (start - level), sign * rise, sign * drift, sign * lag0
    lag_a, lag_b = sign * lag_a, sign * lag_b
    fa = drive_of(start, rise, drift, a, lag_a)
    fb = drive_of(start, rise, drift, b, lag_b)
    if fb <= _ZERO:
        return b
    length = b - a
    slope_a, slope_b = slope_of(drift, x, lag_a), slope_of(drift, x, lag_b)
    guess = first_guess(fa, fb, slope_a * length, slope_b * length)
    z, low, high = a + guess * length, a, b
    for _ in range(MAX_STEPS):
        before = z
        z, low, high = newton_step(z, low, high, start, rise, drift, lag0, x)
        if abs(z - before) < CLOSE_ENOUGH:
            break
    return z


@kernel
def next_crossing(z0, lag, ends, start, rise, drift, lag0, x, on, off):
    """First threshold crossing at or after z0.

    Parameters
    ----------
    z0, lag : float32
        Where to begin, as a fraction of the interval, and the lag there.
    ends : tuple
        Of `piece_ends`: the same for all events of the interval until the drift changes.
    start, rise, drift, lag0, x : float32
        As in ``circuit.drive_of`` and ``circuit.lag_at``.
    on, off : float32
        Contrast thresholds, ln, > 0.

    Returns
    -------
    z : float32
        Moment of the crossing; NEVER if there is none.
    direction : int
        1 ON, -1 OFF, 0 none.
    leaked : bool
        Whether on that monotone piece the drift raised the drive more than the light did.
    """
    turn, lag_turn, lag_end = ends
    here = drive_of(start, rise, drift, z0, lag)
    near = tolerance(rise)
    a = z0
    b, lag_b = (turn, lag_turn) if a < turn < _ONE else (_ONE, lag_end)
    while True:
        there = drive_of(start, rise, drift, b, lag_b)
        leaked = drift > _ZERO and mostly_drifted(drift * (b - a), there - here)
        if here >= on:  # exceeded while the pixel was blind
            return a, 1, drift > abs(rise)
        if here <= -off:
            return a, -1, False
        low, high = (a, lag), (b, lag_b)
        if there >= on - near and there > here:
            return root_on_piece(low, high, on, _ONE, start, rise, drift, lag0, x), 1, leaked
        if there <= near - off and there < here:
            return root_on_piece(low, high, -off, -_ONE, start, rise, drift, lag0, x), -1, False
        if b == _ONE:
            return NEVER, 0, False
        a, lag, here = b, lag_b, there
        b, lag_b = _ONE, lag_end
