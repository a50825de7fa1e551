"""Weights that are read, and files that are none."""

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
