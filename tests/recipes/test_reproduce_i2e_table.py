"""The table is counted right; its published numbers need the images themselves."""

import numpy as np
import pytest

import eventsim
from eventsim.errors import ConfigError, SourceError
from eventsim.results import read_results


@pytest.fixture
def values(tmp_path):
    values = np.random.default_rng(0).integers(0, 256, (7, 32, 32), dtype=np.uint8)
    np.savez(tmp_path / "set.npz", train_images=values)
    return values


def test_rates_are_those_of_i2e(program, values, tmp_path):
    assert program.main(mnist=tmp_path / "set.npz", out=tmp_path / "out") == 0
    found = read_results(tmp_path / "out" / "results.json")
    (row,) = found["figures"]["sets"]
    planes = eventsim.i2e(values, 0.10)
    assert row["images"] == 7
    assert row["rate_percent"] == pytest.approx(100 * planes.mean())
    assert found["score"] == {"% ones, MNIST": row["rate_percent"]}
    expected = 100 * planes.mean(axis=(0, 2, 3, 4))
    assert row["planes_percent"] == pytest.approx(expected, abs=1e-3)


@pytest.mark.usefixtures("values")
def test_it_goes_on_after_the_last_set(program, tmp_path, monkeypatch):
    sets = {"mnist": tmp_path / "set.npz", "fashion": tmp_path / "set.npz"}
    assert program.main(**sets, out=tmp_path / "whole") == 0
    real, done = program.measure, []

    def stopped(row, *given):
        done.append(row.name)
        if len(done) == 2:
            raise KeyboardInterrupt
        return real(row, *given)

    monkeypatch.setattr(program, "measure", stopped)
    with pytest.raises(KeyboardInterrupt):
        program.main(**sets, out=tmp_path / "parts")
    assert read_results(tmp_path / "parts" / "results.json")["score"] is None
    assert program.main(**sets, out=tmp_path / "parts") == 0
    assert done == ["MNIST", "Fashion-MNIST", "Fashion-MNIST"]
    whole, parts = (read_results(tmp_path / name / "results.json") for name in ("whole", "parts"))
    assert whole["figures"] == parts["figures"]
    assert whole["score"] == parts["score"]


def test_a_quick_run_needs_nothing_and_is_the_same_again(program, tmp_path, capsys):
    figures = []
    for name in ("a", "b"):
        assert program.main(quick=True, out=tmp_path / name) == 0
        figures.append(read_results(tmp_path / name / "results.json")["figures"])
    assert figures[0] == figures[1]
    assert 1 < figures[0]["sets"][0]["rate_percent"] < 15
    assert "drawn shapes" in capsys.readouterr().out


def test_nothing_given_and_nothing_there(program, tmp_path):
    with pytest.raises(ConfigError, match="at least one of"):
        program.main(out=tmp_path)
    with pytest.raises(SourceError):
        program.main(mnist=tmp_path / "no", out=tmp_path)
