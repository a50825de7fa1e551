"""The first recipe on two easy classes: it learns, and an interrupted run ends the same."""

import json

import numpy as np
import pytest
import torch

from eventsim.errors import ConfigError, SourceError

OPTIONS = {"epochs": 6, "batch": 8, "ratio": 0.2, "size": 12, "flip": False}


@pytest.fixture
def images(tmp_path, bars):
    values, labels = bars
    np.savez(
        tmp_path / "bars.npz", x_train=values[:80], y_train=labels[:80], x_test=values[80:],
        y_test=labels[80:],
    )  # fmt: skip
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield tmp_path / "bars.npz"
    torch.set_num_threads(threads)


def weights(folder):
    return torch.load(folder / "checkpoint.pt", weights_only=True)["parts"]["net"]


def test_it_learns_and_goes_on_where_it_was_stopped(program, images, tmp_path, monkeypatch):
    assert program.main(images, out=tmp_path / "whole", **OPTIONS) == 0
    metrics = json.loads((tmp_path / "whole" / "metrics.json").read_text())
    epochs = metrics["figures"]["epochs"]
    assert epochs[-1]["accuracy"] > 0.9
    assert 0 < epochs[0]["conversion_share"] < 1
    assert (tmp_path / "whole" / "confusion.png").read_bytes()[:4] == b"\x89PNG"

    real, done = program.run_epoch, []

    def stopped(*arguments):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(1)
        return real(*arguments)

    monkeypatch.setattr(program, "run_epoch", stopped)
    with pytest.raises(KeyboardInterrupt):
        program.main(images, out=tmp_path / "parts", **OPTIONS)
    monkeypatch.setattr(program, "run_epoch", real)
    assert program.main(images, out=tmp_path / "parts", **OPTIONS) == 0
    first, second = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_quick_run_needs_nothing_and_is_the_same_again(program, tmp_path):
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    found = []
    for name in ("a", "b"):
        assert program.main(out=tmp_path / name, quick=True) == 0
        epochs = json.loads((tmp_path / name / "metrics.json").read_text())["figures"]["epochs"]
        found.append([epoch["accuracy"] for epoch in epochs])
    torch.set_num_threads(threads)
    assert found[0] == found[1]
    assert found[0][-1] > 0.7  # chance is 0.25
    with pytest.raises(ConfigError, match="or --quick"):
        program.main(out=tmp_path)


def test_another_setting_does_not_go_on(program, images, tmp_path):
    options = {**OPTIONS, "epochs": 1}
    program.main(images, out=tmp_path / "out", **options)
    with pytest.raises(ConfigError, match="another ratio"):
        program.main(images, out=tmp_path / "out", **{**options, "ratio": 0.3})


def test_images_must_be_there_and_labeled(program, tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        program.main(tmp_path / "no", out=tmp_path / "out")
    np.savez(tmp_path / "a.npz", x_train=np.zeros((2, 8, 8), np.uint8))
    with pytest.raises(ConfigError, match="no labels"):
        program.main(tmp_path / "a.npz", out=tmp_path / "out")


def test_augmentation_belongs_to_seed_epoch_and_index(program):
    settings = program.Settings("x", size=8)
    values = np.random.default_rng(0).integers(1, 255, (50, 1, 8, 8), dtype=np.uint8)
    index = np.arange(50)
    one = program.augment(values, settings, 0, index)
    assert np.array_equal(one[20:30], program.augment(values[20:30], settings, 0, index[20:30]))
    assert not np.array_equal(one, program.augment(values, settings, 1, index))
    zeros = (one == 0).sum(axis=(1, 2, 3))  # what came in from outside: up to 2 rows and columns
    assert zeros.max() <= 64 - 36
    assert len(np.unique(zeros)) > 3


def test_help_needs_no_extra(without_extras):
    done = without_extras("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "--learning-rate" in done.stdout
    done = without_extras("images")
    assert done.returncode == 1
    assert "pip install 'eventsim-dvs[snn]'" in done.stderr
