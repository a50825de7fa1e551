"""The counting kernel, against NumPy."""

import numpy as np

from eventsim.representations import kernels


def test_counting_is_what_numpy_counts():
    rng = np.random.default_rng(0)
    n = 3000
    x, y = rng.integers(0, 7, n).astype(np.uint16), rng.integers(0, 5, n).astype(np.uint16)
    p, bounds = rng.random(n) < 0.5, np.array([100, 900, 900, 2500])
    out = np.zeros((3, 2, 5, 7), np.float32)
    kernels.count(x, y, p, bounds, out)
    expected = np.zeros((3, 2, 5, 7))
    for k in range(3):
        part = slice(bounds[k], bounds[k + 1])
        np.add.at(expected[k], (p[part].astype(int), y[part], x[part]), 1)
    assert np.array_equal(out, expected)
