"""Weights that are read, and files that are none."""

import os

import numpy as np
import pytest

from eventsim.denoise import MLPF
from eventsim.denoise.weights import load_weights
from eventsim.errors import ConfigError

SHAPES = {"a": (2, 3), "b": (2,)}


def test_arrays_in_the_order_asked_for(tmp_path):
    np.savez(tmp_path / "w.npz", b=[1.0, 2.0], a=np.ones((2, 3)), more=[1])
    a, b = load_weights(tmp_path / "w.npz", SHAPES)
    assert a.dtype == b.dtype == np.float32
    assert (a.shape, b.tolist()) == ((2, 3), [1.0, 2.0])


def test_files_that_are_no_weights(tmp_path, noise):
    np.savez(tmp_path / "other.npz", a=np.ones((3, 2)), b=[1.0, 2.0])
    np.savez(tmp_path / "less.npz", a=np.ones((2, 3)))
    np.savez(tmp_path / "bad.npz", a=np.ones((2, 3)), b=[1.0, np.nan])
    (tmp_path / "text.npz").write_text("weights")
    for name, said in (
        ("other", r"another network: expected a \(2, 3\), found \(3, 2\)"),
        ("less", r"expected b \(2,\), found none"),
        ("bad", "not finite, in b"),
        ("text", "cannot be read"),
        ("none", "cannot be read"),
    ):
        with pytest.raises(ConfigError, match=said):
            load_weights(tmp_path / f"{name}.npz", SHAPES)
    with pytest.raises(ConfigError, match="cannot be read"):
        MLPF(weights=str(tmp_path / "none.npz"))(noise)


def test_weights_that_change_are_read_again(tmp_path):
    file = tmp_path / "w.npz"
    for value in (1.0, 2.0):
        np.savez(file, a=np.full((2, 3), value), b=[0.0, value])
        os.utime(file, ns=(0, int(value)))  # a clock may be too coarse to tell
        assert load_weights(file, SHAPES)[1].tolist() == [0.0, value]
    assert load_weights(file, SHAPES)[0] is load_weights(file, SHAPES)[0]
