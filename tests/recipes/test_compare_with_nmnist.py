"""The comparison on recordings that are simulated themselves: a fit must come near them."""

import json

import numpy as np
import pytest

from eventsim.errors import ConfigError, SourceError


@pytest.fixture
def digits(bars):
    """Bars of 28x28."""
    return np.pad(np.kron(bars[0], np.ones((2, 2), np.uint8)), ((0, 0), (2, 2), (2, 2)))


@pytest.fixture
def files(program, digits, tmp_path):
    """Recordings of 24 bars by a known camera, as .npz, and their images."""
    empty = np.zeros((1, 9, 2, 34, 34), np.float32)
    model = program.first_guess(empty)
    recordings = [model.record(image, seed) for seed, image in enumerate(digits[:24])]
    columns = {name: np.concatenate([getattr(r, name) for r in recordings]) for name in "txyp"}
    offsets = np.cumsum([0, *(len(r) for r in recordings)])
    np.savez(tmp_path / "real.npz", **columns, offsets=offsets, mnist_index=np.arange(24)[::-1])
    np.savez(tmp_path / "mnist.npz", x_train=digits[:24][::-1])
    return tmp_path / "real.npz", tmp_path / "mnist.npz"


def test_the_true_camera_is_found_to_be_like_itself(program, files, tmp_path, monkeypatch):
    images, real = program.read_recordings(*files)
    model = program.first_guess(np.zeros((1, 9, 2, 34, 34), np.float32))
    assert np.array_equal(model.histograms(images), real)
    figures = program.compare(real, model.histograms(images))
    assert figures["correlation"] == figures["correlation_of_counts"] == 1
    assert figures["saccades_ratio"] == [1, 1, 1]
    assert figures["auc_real_or_simulated"] == pytest.approx(0.5, abs=0.05)


def test_a_fit_lowers_the_loss_and_writes_everything(program, files, tmp_path, capsys):
    out = tmp_path / "out"
    assert program.main(*files, out=out, fit_steps=3, fit_recordings=4) == 0
    assert json.loads((out / "metrics.json").read_text())["recordings"] == 20
    assert "correlation" in capsys.readouterr().out
    assert (out / "real_and_simulated.png").read_bytes()[:4] == b"\x89PNG"
    model = program.Model(**json.loads((out / "model.json").read_text()))
    images, real = program.read_recordings(*files)
    before = program.loss(program.first_guess(real[:4]), images[:4], real[:4])
    assert program.loss(model, images[:4], real[:4]) <= before


def test_wrong_files_and_numbers(program, files, tmp_path):
    with pytest.raises(ConfigError, match="must leave ten"):
        program.main(*files, out=tmp_path / "out", fit_recordings=20)
    with pytest.raises(SourceError, match="t is missing"):
        program.main(files[1], files[1])
    with pytest.raises(SourceError, match="cannot be read"):
        program.main(tmp_path / "no.npz", files[1])
