"""`eventsim bench-denoise`, as it is typed."""

import json

import eventsim
from eventsim.cli.main import main
from eventsim.events import Events, Kind
from eventsim.scenes.poisson import poisson_noise
from eventsim.shipped import find

SMALL = ["--scene", "traffic", "--sensor", "davis346", "--lux", "2", "--lux", "100", "--size",
         "48x32", "--seconds", "0.3"]  # fmt: skip


def results(folder):
    found = json.loads((folder / "bench.json").read_text())
    del found["seconds_per_mev"]
    return found


def test_two_runs_with_a_seed_are_equal(tmp_path, capsys):
    methods = ["--method", "STCF", "--method", "MLPF", "--method", "GraphFilter"]
    for name, seed in (("one", "1"), ("two", "1"), ("other", "2")):
        assert main(["bench-denoise", str(tmp_path / name), *SMALL, *methods, "--seed", seed]) == 0
    one, two, other = (results(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two
    assert one != other
    assert len(one["rows"]) == 6
    assert one["positive_class"] == "signal"
    printed = capsys.readouterr().out
    assert "3 filters on 2 streams" in printed
    assert "traffic, davis346, 100 lux" in printed
    assert (tmp_path / "one" / "bench.html").read_text().startswith("<!doctype html>")


def test_recordings_with_kinds_or_with_noise_that_is_added(tmp_path, capsys):
    words = ["convert", str(find("bigbuckbunny.mp4")), str(tmp_path / "clip.zarr")]
    words += ["--size", "48x32", "--stop", "0.3", "--set", "illuminance_lux=2"]
    assert main(words) == 0
    events = eventsim.open_dataset(tmp_path / "clip.zarr")[0].events
    real = tmp_path / "real.npz"
    eventsim.write(events[events.kind == Kind.SIGNAL], real)
    quiet = tmp_path / "quiet.npz"
    eventsim.write(poisson_noise(3.0, size=(60, 40), seconds=0.5, seed=1), quiet)
    for name, given in (
        ("kinds", [str(tmp_path / "clip.zarr")]),
        ("card", [str(real), "--noise-sensor", "davis346", "--noise-lux", "2"]),
        ("recorded", [str(real), "--noise-recording", str(quiet)]),
    ):
        assert main(["bench-denoise", str(tmp_path / name), *given, "--method", "STCF"]) == 0
        (row,) = results(tmp_path / name)["rows"]
        assert 0.6 < row["auc"] < 1, name
    assert results(tmp_path / "kinds")["streams"][0]["name"] == "clip.zarr#bigbuckbunny"
    assert results(tmp_path / "recorded")["streams"][0]["labels"].startswith("all but the noise")
    capsys.readouterr()
    eventsim.write(Events.of(events.t, events.x, events.y, events.p, size=events.size), real)
    assert main(["bench-denoise", str(tmp_path / "out"), str(real)]) == 2
    assert "does not say what is noise" in capsys.readouterr().err


def test_wrong_words_are_one_line(tmp_path, capsys):
    out = str(tmp_path / "out")
    eventsim.write(poisson_noise(3.0, size=(60, 40), seconds=0.5, seed=1), tmp_path / "noise.npz")
    for words, said in (
        (["--scene", "pann"], "Did you mean 'pan'"),
        (["--sensor", "davis34"], "Did you mean 'davis346'"),
        (["--lux", "0"], "lux must be above 0"),
        (["--seconds", "-1"], "seconds must be above 0"),
        (["--size", "sensor"], "--size must be WIDTHxHEIGHT"),
        (["--method", "stcf"], "Did you mean 'STCF'"),
        (["--noise-sensor", "davis346"], "labels are for recordings"),
        ([str(tmp_path / "noise.npz"), "--lux", "3"], "are of simulated streams"),
        ([str(tmp_path / "none.npz")], "none.npz"),
    ):
        capsys.readouterr()
        assert main(["bench-denoise", out, *words]) == 2, words
        err = capsys.readouterr().err
        assert said in err
        assert len(err.strip().splitlines()) == 1
    assert main(["bench-denoise", str(tmp_path / "no" / "out"), *SMALL]) == 2
    assert main(["bench-denoise", str(tmp_path / "noise.npz"), *SMALL]) == 2
    assert "is a file" in capsys.readouterr().err
