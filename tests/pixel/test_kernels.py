"""The compiled entry points: one set for a process, and all that they promise is there."""

import hashlib
from pathlib import Path

import numpy as np

from eventsim import random
from eventsim.pixel.kernels import FOLDERS, Kernels, forget_others, kernels


def test_one_set_for_a_process():
    assert kernels() is kernels()
    assert all(callable(kernel) for kernel in kernels())
    assert {"draw_thresholds", "run_tile", "run_codes", "sort_events"} < set(Kernels._fields)


def test_an_edit_of_any_file_compiles_anew():
    """The names of the files on disk hold a fingerprint of all that a kernel is made of."""
    text = b"".join(path.read_bytes() for folder in FOLDERS for path in sorted(folder.glob("*.py")))
    text += Path(random.__file__).read_bytes()
    for kernel in kernels():
        name, fingerprint = kernel.py_func.__qualname__.split("-")
        assert name in Kernels._fields
        assert fingerprint == hashlib.sha256(text).hexdigest()[:12]


def test_kernels_of_earlier_versions_are_deleted(tmp_path):
    """Their indexes may name types that are gone: numba then fails instead of compiling."""
    cache = tmp_path / "__pycache__"
    cache.mkdir()
    kept = ["step.run_tile-abc-192.py311.nbi", "step.run_tile-abc-192.py311.1.nbc", "light.x.nbi"]
    old = ["step.run_tile-def-192.py311.nbi", "kernels.kernels.locals.tile-60.py311.1.nbc"]
    for name in kept + old:
        (cache / name).touch()
    forget_others((tmp_path, tmp_path / "none"), "abc")
    assert sorted(path.name for path in cache.iterdir()) == sorted(kept)


def test_uniform_draws():
    key, out = random.stream_key(1, 2), np.empty(3)
    kernels().uniforms(key, np.uint64(4), 5, 3, out)
    pixel = np.array([5, 6, 7], np.uint64)
    assert np.array_equal(out, random.uniform(key, pixel, np.full(3, 4, np.uint64)))
