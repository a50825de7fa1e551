"""The kernels, against plain NumPy."""

import numpy as np

from eventsim import random
from eventsim.transforms import kernels


def test_the_compiled_draws_are_those_of_the_base():
    key = random.stream_key(3, 1)
    mask = np.empty(1000, np.bool_)
    kernels.draw_mask(key, 0.25, mask)
    numbers = np.arange(1000, dtype=np.uint64)
    bits = random.draw_bits(key, np.zeros(1, np.uint64), numbers) >> np.uint64(11)
    assert np.array_equal(mask, bits.astype(np.float64) < 0.25 * 2.0**53)


def test_pixels_rest_as_a_loop_over_each_says():
    rng = np.random.default_rng(0)
    t = np.sort(rng.integers(-500, 500, 400))
    x, y = rng.integers(0, 3, 400).astype(np.uint16), rng.integers(0, 2, 400).astype(np.uint16)
    mask = np.empty(400, np.bool_)
    kernels.find_refractory(30, 3, 2, t, x, y, mask)
    last, expected = {}, []
    for place, when in zip(zip(x, y, strict=True), t, strict=True):
        alive = place not in last or when - last[place] >= 30
        expected.append(alive)
        if alive:
            last[place] = when
    assert mask.tolist() == expected
