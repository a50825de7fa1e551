"""The fit on recordings that are simulated themselves: it must come near what they were made by."""

import json
import tomllib
from dataclasses import replace

import numpy as np
import pytest

from eventsim.errors import ConfigError, SourceError
from eventsim.events import SensorSize
from eventsim.motion.path_files import read_path
from eventsim.pipeline.cards import load_dataset_card
from eventsim.pixel.device import load_device_map
from eventsim.results import read_results

N = 40


@pytest.fixture
def digits(bars):
    """Bars of 28x28."""
    return np.pad(np.kron(bars[0], np.ones((2, 2), np.uint8)), ((0, 0), (2, 2), (2, 2)))[:N]


@pytest.fixture
def model(program):
    """A loop that is no triangle."""
    angle = 2 * np.pi * np.arange(program.NODES) / program.NODES
    camera = {"contrast_threshold_on": 0.3, "contrast_threshold_off": 0.25, "leak_rate_hz": 0.5,
              "leak_jitter": 0.1, "threshold_mismatch": 0, "refractory_period_us": 200}  # fmt: skip
    x, y = 3 * np.cos(angle), 2.5 * np.sin(angle)
    return program.Model(tuple(x.tolist()), tuple(y.tolist()), 0.6, 30.0, camera)


@pytest.fixture
def files(program, model, digits, tmp_path):
    """Recordings by that model as .npz, and their images in another order."""
    k, t, x, y, p = program_columns = model.record(digits, 100_000)
    assert all(column.size == t.size for column in program_columns)
    order = np.lexsort((t, k))
    columns = {"t": t[order], "x": x[order], "y": y[order], "p": p[order].astype(bool)}
    offsets = np.searchsorted(k[order], np.arange(N + 1))
    np.savez(tmp_path / "real.npz", **columns, offsets=offsets, mnist_index=np.arange(N)[::-1])
    np.savez(tmp_path / "mnist.npz", x_train=digits[::-1])
    return tmp_path / "real.npz", tmp_path / "mnist.npz"


def test_digits_side_by_side_do_not_see_each_other(program, model, digits):
    model = replace(model, camera=model.camera | {"leak_rate_hz": 0})
    together = model.record(digits, 20_000)
    k = 13
    alone = model.record(digits[k : k + 1], 20_000)
    mine = together[0] == k
    for a, b in zip(alone[1:], together[1:], strict=True):
        assert np.array_equal(a, b[mine])
    assert alone[1].size > 300


def test_speeds_follow_the_events(program, model, digits):
    real = model.record(digits, 60_000)
    # The same way at an even speed by the clock, where the real one goes in two bursts.
    warp = np.arange(program.NODES) + 8 * np.sin(4 * np.pi * np.arange(program.NODES) / 126)
    axes = [np.interp(warp, np.arange(program.NODES + 1), np.append(a, a[0]), period=126)
            for a in (model.x_px, model.y_px)]  # fmt: skip
    wrong = replace(model, x_px=tuple(axes[0].tolist()), y_px=tuple(axes[1].tolist()))

    def error(some):
        found = program.course(some.record(digits, 60_000), N)
        wanted = program.course(real, N)
        return np.abs(found - wanted).sum() / wanted.sum()

    assert error(model) == 0
    assert error(wrong) > 0.15
    assert error(program.even_speed(wrong, digits, real)) < 0.3 * error(wrong)


def test_a_search_comes_nearer_and_is_the_same_again(program, model, digits):
    real = model.record(digits, 60_000)
    target = program.Target(real, N)
    assert target.distance(real) == pytest.approx(0, abs=1e-6)
    wrong = replace(model, blur_px=1.2, ambient_dn=60.0)
    before = target.distance(wrong.record(digits, 60_000))
    found = program.search(wrong, digits, target, range(25), seed=3)
    assert target.distance(found.record(digits, 60_000)) < before
    # The same in two parts.
    half = program.search(wrong, digits, target, range(12), seed=3)
    assert found == program.search(half, digits, target, range(12, 25), seed=3)


def test_a_quick_run_comes_nearer_and_goes_on_where_it_was_stopped(program, tmp_path, monkeypatch):
    assert program.main(out=tmp_path / "whole", quick=True) == 0
    whole = read_results(tmp_path / "whole" / "results.json")
    assert whole["quick"]
    assert whole["score"]["distance"] < 0.95 * whole["figures"]["curve"][0][1]

    real, calls = program.changed, []

    def stopped(model, rng):
        calls.append(1)
        if len(calls) == 60:
            raise KeyboardInterrupt
        return real(model, rng)

    monkeypatch.setattr(program, "changed", stopped)
    with pytest.raises(KeyboardInterrupt):
        program.main(out=tmp_path / "parts", quick=True)
    assert read_results(tmp_path / "parts" / "results.json")["score"] is None
    assert program.main(out=tmp_path / "parts", quick=True) == 0
    assert len(calls) == 60 + 50  # from step 50 on
    parts = read_results(tmp_path / "parts" / "results.json")
    assert (parts["figures"], parts["score"]) == (whole["figures"], whole["score"])
    with pytest.raises(ConfigError, match="Or give --quick"):
        program.main(out=tmp_path)


def test_a_device_is_measured(program, model, digits):
    """Noise that is added by hand, far from the bars and among them."""
    rng = np.random.default_rng(0)
    real = model.record(digits, program.END_US)
    k = np.repeat(np.arange(N), 12)
    more = (k, rng.integers(0, program.END_US, k.size), np.full(k.size, 1), np.full(k.size, 2),
            np.zeros(k.size, int))  # fmt: skip
    columns = [np.concatenate(pair) for pair in zip(real, more, strict=True)]
    # A pixel that makes only half of its events.
    blind = (columns[2] == 17) & (columns[3] == 17) & (np.arange(columns[0].size) % 2 == 0)
    device, leak_hz = program.measure_device(model, digits, tuple(c[~blind] for c in columns))
    # 1,156 pixels, most of them quiet, 12.6 s each: .5 Hz.
    assert leak_hz == pytest.approx(0.5, rel=0.08)
    hot = device[2, 1]
    assert hot[3] == pytest.approx(12 / 0.315, rel=0.1)
    assert hot[4] < 0.1
    assert np.median(device[..., 0]) == pytest.approx(1, abs=0.02)
    assert device[17, 17, :2] == pytest.approx([2, 2], rel=0.25)


def test_the_dataset_is_polished(program, model, digits, tmp_path):
    """Thresholds a tenth too high: mended by what the very dataset holds."""
    device = np.ones((34, 34, 6)) * [1, 1, 1, 0, 1, 1]
    model = replace(model, camera=program.CAMERA | model.camera)
    program.write_card(model, device, tmp_path)
    real = program.as_dataset(digits, tmp_path / "card.toml")
    assert len(np.unique(real[0])) == N
    assert real[1].max() < program.END_US
    high = {name: 1.1 * model.camera[name] for name in model.camera if "threshold_o" in name}

    def errors(some):
        program.write_card(some, device, tmp_path)
        found = program.as_dataset(digits, tmp_path / "card.toml")
        rate, wanted = program.course(found, N), program.course(real, N)
        return abs(rate.sum() / wanted.sum() - 1), np.abs(rate - wanted).sum() / wanted.sum()

    wrong = replace(model, camera=model.camera | high)
    before = errors(wrong)
    after = errors(program.polish(wrong, device, digits, real, tmp_path))
    assert before[0] > 0.05
    assert after[0] < 0.3 * before[0]
    assert after[1] < 0.5 * before[1]


def test_everything_is_written_and_can_be_used(program, files, tmp_path, capsys):
    out = tmp_path / "out"
    few = program.Settings(steps=2, recordings_used=30)
    assert program.main(*files, out=out, settings=few) == 0
    assert "card.toml" in capsys.readouterr().out
    fitted = program.Model(**json.loads((out / "model.json").read_text()))
    path = read_path(out / "nmnist_path.csv")
    assert path.is_closed
    assert path.x_px[:-1] == pytest.approx(fitted.x_px, abs=1e-3)
    load_device_map(str(out / "nmnist_device.csv"), SensorSize(34, 34))
    card = tomllib.loads((out / "card.toml").read_text())
    for name, value in card["camera"]["settings"].items():
        if name in fitted.camera:
            assert value == pytest.approx(fitted.camera[name], rel=1e-3)
    assert card["motion"]["blur_px"] == pytest.approx(fitted.blur_px, abs=1e-3)
    method = load_dataset_card(out / "card.toml").make_method()
    assert method.motion.path == str(out / "nmnist_path.csv")
    assert method.camera.settings.device_map == str(out / "nmnist_device.csv")
    # It goes on from there.
    settings = replace(few, start=out / "model.json")
    assert program.main(*files, out=tmp_path / "b", settings=settings) == 0


def test_wrong_files_and_numbers(program, files, tmp_path):
    settings = program.Settings(recordings_used=41)
    with pytest.raises(ConfigError, match="must be 20 to 40, found 41"):
        program.main(*files, out=tmp_path / "out", settings=settings)
    with pytest.raises(SourceError, match=r"Give a model\.json"):
        program.main(*files, out=tmp_path / "out",
                     settings=program.Settings(recordings_used=30, start=files[0]))  # fmt: skip
    with pytest.raises(SourceError, match="t is missing"):
        program.main(files[1], files[1])
    with pytest.raises(SourceError, match="cannot be read"):
        program.main(tmp_path / "no.npz", files[1])
    with pytest.raises(SourceError, match="train_images or x_train"):
        program.main(files[0], files[0])


def test_help_needs_no_extra(without_extras):
    done = without_extras("--help")
    assert (done.returncode, done.stderr) == (0, "")
    done = without_extras("a.npz", "b.npz")
    assert done.returncode == 1
    assert "pip install 'eventsim-dvs[realism]'" in done.stderr
