"""Draws in vectors are those of `eventsim.random`, and their functions those of numpy."""

import functools

import numpy as np
import pytest
from numba import njit

from eventsim import random
from eventsim.pixel import birth
from eventsim.pixel import layout as at


@functools.cache
def compiled(name):
    function = getattr(birth, name)
    arguments = ", ".join(f"a{k}" for k in range(function.py_func.__code__.co_argcount))
    code = f"def call({arguments}): function({arguments})"
    space = {"function": function}
    exec(code, space)
    return njit(error_model="numpy")(space["call"])


PIXELS = 5000


@pytest.mark.parametrize("first", [0, 7, 2**29 - PIXELS])
@pytest.mark.parametrize("n", [0, 1, 2**32 - 1])
def test_uniform_draws_are_equal(first, n):
    key = random.stream_key(3, 5)
    out = np.empty(PIXELS)
    compiled("uniforms")(key, np.uint64(n), first, PIXELS, out)
    pixel = np.arange(first, first + PIXELS, dtype=np.uint64)
    assert np.array_equal(out, random.uniform(key, pixel, np.full_like(pixel, n)))


def test_normal_draws_are_equal_to_the_last_digits():
    key = random.stream_key(3, 5)
    out, other = np.empty(200_000), np.empty(200_000)
    compiled("normals")(key, 0, out.size, other, out)
    pixel = np.arange(out.size, dtype=np.uint64)
    expected = random.normal(key, pixel, np.zeros_like(pixel))
    assert np.abs(out - expected).max() < 1e-14
    assert np.array_equal(out.astype(np.float32), expected.astype(np.float32))


def test_logarithms():
    rng = np.random.default_rng(0)
    edges = [2.0**-53, 1 - 2.0**-53, 0.5, np.sqrt(0.5), np.nextafter(np.sqrt(0.5), 0), 1.0, 3.0]
    values = np.concatenate([edges, rng.random(10_000), 10.0 ** rng.uniform(-300, 300, 10_000)])
    expected, found = np.log(values), values.copy()
    compiled("logarithms")(found, found.size)
    assert (np.abs(found - expected) <= 5e-16 * np.maximum(1, np.abs(expected))).all()


@pytest.mark.parametrize("sigma", [0.01, 0.5, 20.0])
def test_factors_are_exponentials(sigma):
    key = random.stream_key(1, 2)
    factor = np.empty(PIXELS)
    compiled("draw_factors")(PIXELS, sigma, key, factor)
    pixel = np.arange(PIXELS, dtype=np.uint64)
    expected = np.exp(sigma * random.normal(key, pixel, np.zeros_like(pixel)))
    assert factor == pytest.approx(expected, rel=1e-13)


def test_noise_of_two_pixels_by_hand():
    """The second one has half the ON threshold: its ON events are twice as likely."""
    blocks = np.zeros((1, at.ROWS * at.BLOCK), np.float32)
    blocks[0, at.ON : at.ON + 2] = 0.5, 0.25
    blocks[0, at.OFF : at.OFF + 2] = 0.5, 0.5
    factor = np.array([1.0, 3.0])
    shot, share, leak = (np.empty(2, np.float32) for _ in range(3))
    compiled("share_noise")(blocks, 2, (0.5, 0.5), 8.0, factor, shot, share, leak)
    # factor (nominal / on + nominal / off) is 2 and 9, over their mean 5.5.
    assert shot == pytest.approx([2 / 5.5, 9 / 5.5])
    assert share == pytest.approx([1 / 2, 2 / 3])
    # 8 Hz on average for factors of mean 2: 4 and 12 Hz, times the threshold.
    assert leak.tolist() == [2.0, 3.0]
