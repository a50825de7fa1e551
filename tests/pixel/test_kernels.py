"""The compiled entry points: one set for a process, and all that they promise is there."""

import numpy as np

from eventsim import random
from eventsim.pixel.kernels import Kernels, kernels


def test_one_set_for_a_process():
    assert kernels() is kernels()
    assert all(callable(kernel) for kernel in kernels())
    assert {"thresholds", "noise", "tile", "codes", "sort"} < set(Kernels._fields)


def test_an_edit_of_any_file_compiles_anew():
    """What a kernel was compiled of is part of its closure, and so of its key on disk."""
    cells = kernels().tile.py_func.__closure__
    assert any(isinstance(cell.cell_contents, int) and cell.cell_contents > 2**32 for cell in cells)


def test_uniform_draws():
    key, out = random.stream_key(1, 2), np.empty(3)
    kernels().uniform(key, np.uint64(4), 5, 3, out)
    pixel = np.array([5, 6, 7], np.uint64)
    assert np.array_equal(out, random.uniform(key, pixel, np.full(3, 4, np.uint64)))
