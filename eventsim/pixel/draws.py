"""The random numbers of a running pixel: the same as `eventsim.random`, one at a time.

The kernels draw a number only for a noise event or a leak interval, never for a
pixel and frame.
"""

import math

import numpy as np

from eventsim import random
from eventsim.pixel.compiled import kernel

_mix64 = kernel(random.mix64)
_GOLDEN = random.GOLDEN
_S11, _S32 = np.uint64(11), np.uint64(32)
SHORTEST_LEAK_INTERVAL = np.float32(0.05)
"""Shortest leak interval as a share of its mean; chosen by eye, keeps a jitter of 1 positive."""


@kernel
def uniform_draw(key, pixel, n):  # type: ignore[no-untyped-def]
    """Uniform draw in (0, 1); equals ``eventsim.random.uniform``."""
    counter = (np.uint64(pixel) << _S32) | np.uint64(n)
    bits = _mix64(key + counter * _GOLDEN)
    return (np.float64(bits >> _S11) + 0.5) * 2.0**-53


@kernel
def exponential_draw(key, pixel, n):  # type: ignore[no-untyped-def]
    """Exponential draw with mean 1."""
    return -math.log(uniform_draw(key, pixel, n))


@kernel
def normal_draw(key, pixel, n):  # type: ignore[no-untyped-def]
    """Standard normal draw (Box and Muller); equals ``eventsim.random.normal``."""
    a = uniform_draw(key, pixel, 2 * n)
    b = uniform_draw(key, pixel, 2 * n + 1)
    return math.sqrt(-2.0 * math.log(a)) * math.cos(2.0 * math.pi * b)


@kernel
def leak_draw(key, pixel, n, nominal, jitter):  # type: ignore[no-untyped-def]
    """Leak for the n-th leak interval of a pixel, ln per second.

    The interval is ``(1 + jitter N(0, 1))`` times its mean, so that the rate asked for is the
    mean rate (a jitter of the slope instead would raise it by jitter squared).
    """
    interval = np.float32(1.0 + jitter * normal_draw(key, pixel, n))
    return nominal / max(interval, SHORTEST_LEAK_INTERVAL)
