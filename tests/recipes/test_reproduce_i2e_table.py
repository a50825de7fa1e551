"""The table is counted right; its published numbers need the images themselves."""

import json

import numpy as np
import pytest

import eventsim
from eventsim.errors import SourceError


def test_rates_are_those_of_i2e(program, tmp_path):
    values = np.random.default_rng(0).integers(0, 256, (7, 32, 32), dtype=np.uint8)
    np.savez(tmp_path / "set.npz", train_images=values)
    out = tmp_path / "table.json"
    assert program.main(mnist=tmp_path / "set.npz", out=out) == 0
    (row,) = json.loads(out.read_text())
    planes = eventsim.i2e(values, 0.10)
    assert row["images"] == 7
    assert row["rate_percent"] == pytest.approx(100 * planes.mean())
    expected = 100 * planes.mean(axis=(0, 2, 3, 4))
    assert row["planes_percent"] == pytest.approx(expected, abs=1e-3)


def test_nothing_given_and_nothing_there(program, tmp_path, capsys):
    assert program.main() == 2
    assert "at least one of" in capsys.readouterr().err
    with pytest.raises(SourceError):
        program.main(mnist=tmp_path / "no")
