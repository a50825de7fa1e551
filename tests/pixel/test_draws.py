"""The draws of the kernels are those of eventsim.random."""

import math

import numpy as np
import pytest
from scipy.stats import kstest

from eventsim import random
from eventsim.packets.compiled import kernel
from eventsim.pixel.draws import (
    SHORTEST_LEAK_INTERVAL,
    exponential_draw,
    leak_draw,
    minus_log,
    normal_draw,
    uniform_draw,
)
from eventsim.random import Stream

f32 = np.float32
KEY = random.stream_key(9, Stream.SHOT_TIME)
PIXEL = np.repeat(np.arange(200, dtype=np.int64) * 5_000, 250)
N = np.tile(np.arange(250, dtype=np.uint32), 200)


@kernel
def all_draws(key, pixel, n, out):
    for k in range(pixel.size):
        out[0, k] = uniform_draw(key, pixel[k], n[k])
        out[1, k] = normal_draw(key, pixel[k], n[k])
        out[2, k] = exponential_draw(key, pixel[k], n[k])


@kernel
def leak_draws(key, pixel, n, nominal, jitter, out):
    for k in range(pixel.size):
        out[k] = leak_draw(key, pixel[k], n[k], nominal, jitter)


@kernel
def logs(u, out):
    for k in range(u.size):
        out[k] = minus_log(u[k])


@pytest.fixture(scope="module")
def draws():
    out = np.empty((3, PIXEL.size))
    all_draws(KEY, PIXEL, N, out)
    return out


def as_random(draw):
    return draw(KEY, PIXEL.astype(np.uint64), N.astype(np.uint64))


def test_uniform_is_that_of_random(draws):
    assert np.array_equal(draws[0], as_random(random.uniform))


def test_normal_is_that_of_random(draws):
    # Logarithm and cosine may come from another library: the last bits are free.
    assert np.abs(draws[1] - as_random(random.normal)).max() < 1e-13


def test_exponential(draws):
    # From the upper 23 of the bits that make the uniform draw of the same number.
    exact = -np.log(as_random(random.uniform))
    usual = exact < 5
    assert np.abs(draws[2][usual] - exact[usual]).max() < 2e-5
    assert abs(draws[2].mean() - 1) < 4 / math.sqrt(PIXEL.size)
    assert draws[2].min() > 0
    assert draws[2].max() <= 24 * math.log(2)
    assert kstest(draws[2], "expon").pvalue > 1e-3


def test_minus_log():
    u = np.concatenate(
        [
            np.arange(1, 1 << 24, 499) / 2.0**24,
            [2.0**-24, 2.0**-23, 0.5, 1 - 2.0**-24, math.sqrt(0.5), 0.70710677, 0.70710684],
        ]
    ).astype(f32)
    out = np.empty_like(u)
    logs(u, out)
    exact = -np.log(u.astype(np.float64))
    assert np.abs(out - exact).max() < 1e-6
    near_one = exact < 1
    assert np.abs(out - exact)[near_one].max() < 2e-7
    assert np.all(out > 0)


def leaks(jitter, nominal=2.0):
    out = np.empty(PIXEL.size)
    leak_draws(KEY, PIXEL, N, f32(nominal), f32(jitter), out)
    return out


def test_leak_without_jitter_is_nominal():
    assert np.all(leaks(0.0) == 2.0)


@pytest.mark.parametrize("jitter", [0.05, 0.1, 0.2])
def test_leak_intervals_have_the_mean_and_spread_asked_for(jitter):
    interval = 2.0 / leaks(jitter)
    assert abs(interval.mean() - 1) < 4 * jitter / math.sqrt(PIXEL.size)
    assert interval.std() == pytest.approx(jitter, rel=0.02)


def test_leak_intervals_stay_positive():
    interval = 2.0 / leaks(1.0)
    assert interval.min() == pytest.approx(float(SHORTEST_LEAK_INTERVAL), rel=1e-6)
    # P(N < -0.95) = 17.1 % of them are at the limit.
    assert (interval < 0.0501).mean() == pytest.approx(0.171, abs=0.01)
