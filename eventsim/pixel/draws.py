"""The random numbers of a running pixel: the same as `eventsim.random`, one at a time.

The kernels draw a number only for a noise event or a leak interval, never for a
pixel and frame.
"""

import math

import numpy as np

from eventsim import random
from eventsim.packets.compiled import kernel

mix64 = kernel(random.mix64)
_GOLDEN = random.GOLDEN
_S12, _S32, _S41 = np.uint64(12), np.uint64(32), np.uint64(41)
f32 = np.float32
_TO_UNIT = f32(2.0**-24)
_ONE, _TWO = f32(1.0), f32(2.0)
_THIRD, _FIFTH, _SEVENTH, _NINTH = (f32(1 / k) for k in (3, 5, 7, 9))
_LN2 = f32(0.6931471805599453)
_SQRT_HALF_BITS = np.int32(0x3F3504F3)  # of float32 sqrt(1/2)
SHORTEST_LEAK_INTERVAL = np.float32(0.05)
"""Shortest leak interval as a share of its mean; chosen by eye, keeps a jitter of 1 positive."""


@kernel
def uniform_draw(key, pixel, n):
    """Uniform draw in (0, 1); equals ``eventsim.random.uniform``."""
    counter = (np.uint64(pixel) << _S32) | np.uint64(n)
    bits = mix64(key + counter * _GOLDEN)
    return (np.float64(bits >> _S12) + 0.5) * 2.0**-52


@kernel
def minus_log(u):
    """``-ln(u)`` for a float32 0 < u < 1, to 2e-7, in operations that vectors have.

    With u = m 2**e and m in [1/sqrt 2, sqrt 2), ``ln m = 2 atanh(s)``, s = (m - 1) / (m + 1), by
    its series: |s| < 0.172, and the first term left out is below 2e-9.
    """
    bits = f32(u).view(np.int32) - _SQRT_HALF_BITS
    e = bits >> np.int32(23)
    m = np.int32((bits & np.int32(0x7FFFFF)) + _SQRT_HALF_BITS).view(np.float32)
    s = (m - _ONE) / (m + _ONE)
    q = s * s
    series = _ONE + q * (_THIRD + q * (_FIFTH + q * (_SEVENTH + q * _NINTH)))
    return -(f32(e) * _LN2 + _TWO * s * series)


@kernel
def exponential_draw(key, pixel, n):
    """Exponential draw with mean 1, from 23 random bits."""
    counter = (np.uint64(pixel) << _S32) | np.uint64(n)
    return minus_log(unit(mix64(key + counter * _GOLDEN)))


@kernel
def unit(bits):
    """A float32 in (0, 1) from the upper 23 of 64 random bits."""
    return f32(np.int32(2) * np.int32(bits >> _S41) + np.int32(1)) * _TO_UNIT


@kernel
def normal_draw(key, pixel, n):
    """Standard normal draw (Box and Muller); equals ``eventsim.random.normal``."""
    a = uniform_draw(key, pixel, 2 * n)
    b = uniform_draw(key, pixel, 2 * n + 1)
    return math.sqrt(-2.0 * math.log(a)) * math.cos(2.0 * math.pi * b)


@kernel
def leak_draw(key, pixel, n, nominal, jitter):
    """Leak for the n-th leak interval of a pixel, ln per second.

    The interval is ``(1 + jitter N(0, 1))`` times its mean, so that the rate asked for is the
    mean rate (a jitter of the slope instead would raise it by jitter squared).
    """
    interval = np.float32(1.0 + jitter * normal_draw(key, pixel, n))
    return nominal / max(interval, SHORTEST_LEAK_INTERVAL)
