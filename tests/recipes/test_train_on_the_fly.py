"""The first recipe on two easy classes: it learns, and an interrupted run ends the same."""

import json
import tomllib
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, SourceError
from eventsim.motion.settings import MotionSettings
from eventsim.pipeline.image_plan import ImageInput, SaccadeMethod, plan_images
from eventsim.pipeline.run import run
from eventsim.planes.i2e import i2e

OPTIONS = {"epochs": 6, "batch": 8, "ratio": 0.2, "size": 12, "flip": False}
PRESETS = ("i2e_baseline_1", "i2e_baseline_2", "i2e_transfer")


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


@pytest.fixture
def learn(program, images, tmp_path):
    """Train in a folder of a name with some settings, and return its score and figures."""

    def call(name, source=images, **options):
        settings = program.Settings(**(OPTIONS | options))
        assert program.main(source, out=tmp_path / name, settings=settings) == 0
        found = json.loads((tmp_path / name / "results.json").read_text())
        assert not found["quick"]
        return found["score"] | found["figures"]

    return call


def weights(folder):
    return torch.load(folder / "checkpoint.pt", weights_only=True)["parts"]["net"]


def test_it_learns_and_goes_on_where_it_was_stopped(program, learn, tmp_path, monkeypatch):
    figures = learn("whole", noise=0.01, threshold_spread=0.2)
    assert figures["accuracy"] > 0.9
    assert 0 < figures["epochs"][0]["conversion_share"] < 1
    assert 0 < figures["spikes"] < figures["synaptic_operations"]
    assert (tmp_path / "whole" / "confusion.png").read_bytes()[:4] == b"\x89PNG"

    real, done = program.run_epoch, []

    def stopped(*arguments):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(1)
        return real(*arguments)

    monkeypatch.setattr(program, "run_epoch", stopped)
    with pytest.raises(KeyboardInterrupt):
        learn("parts", noise=0.01, threshold_spread=0.2)
    monkeypatch.setattr(program, "run_epoch", real)
    learn("parts", noise=0.01, threshold_spread=0.2)
    first, second = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_quick_run_needs_nothing_and_is_the_same_again(program, tmp_path):
    threads = torch.get_num_threads()
    found = []
    for name in ("a", "b"):
        assert program.main(out=tmp_path / name, quick=True) == 0
        epochs = json.loads((tmp_path / name / "results.json").read_text())["figures"]["epochs"]
        found.append([epoch["accuracy"] for epoch in epochs])
    torch.set_num_threads(threads)
    assert found[0] == found[1]
    assert found[0][-1] > 0.7  # chance is 0.25
    with pytest.raises(ConfigError, match="or --quick"):
        program.main(out=tmp_path)


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_are_settings(program, preset, monkeypatch):
    seen = []
    monkeypatch.setattr(program, "learn", lambda *given: seen.append(given) or 0)
    words = ["some.zarr", "--preset", preset, "--epochs", "3"]
    assert program.app.meta(words, result_action="return_value") == 0
    [(_, settings, _)] = seen
    recipe = Path(program.__file__).parent / f"{preset}.toml"
    asked = tomllib.loads(recipe.read_text())["settings"]
    asked = {name.replace("-", "_"): value for name, value in asked.items()}
    # As they are in the file, but for what the command line says.
    assert asdict(settings) == asdict(program.Settings()) | asked | {"epochs": 3}
    assert asked["network"] in program.BLOCKS


@pytest.mark.parametrize("word", ["batch=0", "noise=2", "shift-px=-1", "threshold-spread=-1"])
def test_a_setting_out_of_range_is_one_line(program, word, capsys):
    with pytest.raises(SystemExit):
        program.app.meta(["some.zarr", f"--{word}"])
    assert f"--{word.split('=')[0]}" in capsys.readouterr().err


def test_a_large_network_and_a_cosine(learn, tmp_path):
    figures = learn("a", network="ms-resnet18", epochs=1, optimizer="sgd", schedule="cosine",
                    learning_rate=0.1, last_learning_rate=0.01, size=8, limit=24)  # fmt: skip
    assert figures["multiply_accumulates"] > 1e6
    saved = torch.load(tmp_path / "a" / "checkpoint.pt", weights_only=True)["parts"]
    (group,) = saved["optimizer"]["param_groups"]
    assert group["lr"] == pytest.approx(0.01)  # the end of the cosine
    assert group["momentum"] == 0.9
    assert saved["net"]["stages.2.body.1.layers.0.weight"].shape == (64, 64, 3, 3)


def test_from_planes_to_a_camera(program, learn, images, tmp_path):
    """Weights of planes help on recordings, and their read-out fits if the classes are as many."""
    learn("planes")
    method = SaccadeMethod(MotionSettings(amplitude_px=2, duration_us=100_000),
                           choose_camera("dvs128"))  # fmt: skip
    plan = plan_images([ImageInput(str(images), split=s) for s in ("train", "test")], method)
    run(plan, tmp_path / "camera.zarr")
    start = str(tmp_path / "planes" / "checkpoint.pt")
    options = {"source": tmp_path / "camera.zarr", "epochs": 1, "learning_rate": 1e-4}
    fresh, started = learn("fresh", **options), learn("started", **options, start=start)
    assert started["accuracy"] > max(fresh["accuracy"], 0.8)
    with pytest.raises(ConfigError, match="of another network than ms-resnet18"):
        learn("large", **options, start=start, network="ms-resnet18")
    with pytest.raises(ConfigError, match=r"no.pt does not exist. Give a checkpoint.pt"):
        learn("none", **options, start=str(tmp_path / "no.pt"))


def test_another_setting_does_not_go_on(learn):
    learn("out", epochs=1)
    with pytest.raises(ConfigError, match="another ratio"):
        learn("out", epochs=1, ratio=0.3)


def test_images_must_be_there_and_labeled(program, tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        program.main(tmp_path / "no", out=tmp_path / "out")
    np.savez(tmp_path / "a.npz", x_train=np.zeros((2, 8, 8), np.uint8))
    with pytest.raises(ConfigError, match="no labels"):
        program.main(tmp_path / "a.npz", out=tmp_path / "out")


def test_a_move_belongs_to_seed_and_index(program):
    settings = program.Settings(size=8, shift_px=2)
    values = np.arange(64, dtype=np.uint8).reshape(1, 1, 8, 8).repeat(50, axis=0)
    index = np.arange(50)
    one = program.moved(values, settings, 5, index)
    assert np.array_equal(one[20:30], program.moved(values[20:30], settings, 5, index[20:30]))
    assert not np.array_equal(one, program.moved(values, settings, 6, index))
    upright = np.where((one[:, 0, 4, 4] > one[:, 0, 4, 3])[:, None, None], one[:, 0],
                       one[:, 0, :, ::-1])  # fmt: skip
    # Row 4 and column 4 of a flipped image are row 4 and column 3; shifts are -2 to 2 of both.
    dy, dx = np.divmod(upright[:, 4, 4].astype(int), 8)
    assert {*dy} == {*dx} == {2, 3, 4, 5, 6}


def test_planes_of_training_are_of_another_camera(program):
    rng = np.random.default_rng(0)
    values = rng.integers(0, 256, (20, 1, 16, 16), dtype=np.uint8)
    labels, index = np.zeros(20, int), np.arange(20)

    def planes(epoch, **options):
        settings = program.Settings(shift_px=0, flip=False, ratio=0.5, **options)
        return program.Images(values, labels, ("a",), settings).planes(index, epoch).numpy()

    plain = i2e(values, 0.5)
    assert np.array_equal(planes(None, noise=0.1, threshold_spread=0.5), plain)
    assert np.array_equal(planes(1, directions="default"), plain)
    noisy = planes(1, directions="default", noise=0.1)
    assert (noisy >= plain).all()
    added = (noisy > plain).sum() / (plain == 0).sum()
    assert 0 < added < 0.1
    assert np.array_equal(noisy, planes(1, directions="default", noise=0.1))
    ones = [planes(e, directions="default", threshold_spread=0.5).mean() for e in range(8)]
    assert len({*ones}) > 5  # thresholds of 8-bit images are whole
    least, most = (i2e(values, ratio).mean() for ratio in (0.75, 0.5 / 1.5))
    assert least < min(ones) < plain.mean() < max(ones) < most
    assert planes(None, enlarge=2).shape == (20, 8, 2, 32, 32)


def test_help_needs_no_extra(without_extras):
    done = without_extras("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "--learning-rate" in done.stdout
    assert "--preset" in done.stdout
    done = without_extras("images")
    assert done.returncode == 1
    assert "pip install 'eventsim-dvs[snn]'" in done.stderr
