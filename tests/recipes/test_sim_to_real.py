"""From simulated shapes to those of another camera: it learns, resumes, and is the same again."""

import dataclasses
import json

import pytest
import torch

from eventsim.errors import ConfigError
from eventsim.results import read_results


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def rows_of(folder):
    return json.loads((folder / "results.json").read_text())["figures"]["rows"]


def accuracy(rows, **wanted):
    (found,) = [row for row in rows if wanted.items() <= row.items()]
    return found["accuracy"]


def test_it_learns_and_goes_on_where_it_was_stopped(program, tmp_path, monkeypatch, capsys):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert program.main(out=whole, quick=True) == 0
    rows = rows_of(whole)
    assert len(rows) == 6
    found = read_results(whole / "results.json")
    assert found["quick"]
    assert found["score"] == {
        "accuracy, k = 0": accuracy(rows, body="spiking", training="tuned", shots="0")
    }
    assert found["figures"]["spikes"] > 0
    for body in ("spiking", "relu"):
        assert accuracy(rows, body=body, training="tuned", shots="0") > 0.75  # chance is 0.25
        tuned = accuracy(rows, body=body, training="tuned", shots="2")
        assert tuned > accuracy(rows, body=body, training="real", shots="2") + 0.1
    assert all((row["spikes"] > 0) == (row["body"] == "spiking") for row in rows)
    assert all(0 < row["synaptic_operations"] < row["multiply_accumulates"] for row in rows)
    assert (whole / "curve.png").read_bytes()[:4] == b"\x89PNG"
    assert "k = 0" in capsys.readouterr().out

    # Interrupted in the middle of the pretraining, and once more later.
    datasets = whole / "simulated.zarr", whole / "real.zarr"
    real = program.save_checkpoint
    for after in (4, 9):
        calls = []

        def counted(*arguments, calls=calls, after=after):
            calls.append(real(*arguments))
            if len(calls) == after:
                raise KeyboardInterrupt

        monkeypatch.setattr(program, "save_checkpoint", counted)
        with pytest.raises(KeyboardInterrupt):
            program.main(*datasets, out=parts, settings=program.QUICK)
        with pytest.raises(ConfigError, match="another bins"):
            program.main(*datasets, out=parts, settings=dataclasses.replace(program.QUICK, bins=5))
    monkeypatch.setattr(program, "save_checkpoint", real)
    assert program.main(*datasets, out=parts, settings=program.QUICK) == 0
    assert rows_of(parts) == rows

    with pytest.raises(ConfigError, match="another epochs"):
        program.main(*datasets, out=parts, settings=dataclasses.replace(program.QUICK, epochs=9))


def test_paired_recordings_of_the_test_are_left_out(program, tmp_path, monkeypatch):
    simulated, real = program.quick_datasets(tmp_path)
    seen = []
    monkeypatch.setattr(program, "train", lambda net, data, *_: seen.append(data))
    for paired in (False, True):
        settings = dataclasses.replace(program.QUICK, shots="0", paired=paired)
        program.main(simulated, real, out=tmp_path / str(paired), settings=settings)
    # Samples of the test are 40 to 139 in the real set, and there are 500 simulated ones.
    assert len(seen[0]) == program.QUICK.limit
    assert set(seen[0].samples) >= set(range(40, 140))
    assert not {*seen[2].samples} & {*range(40, 140)}


@pytest.mark.parametrize("words", [["--shots", "1,x"], ["--steps", "0"], ["--bins=-1"]])
def test_a_setting_out_of_range_is_one_line(program, words, capsys):
    with pytest.raises(SystemExit):
        program.app(["a.zarr", "b.zarr", *words])
    assert words[0].split("=")[0] in capsys.readouterr().err


def test_two_datasets_are_needed(program, tmp_path):
    with pytest.raises(ConfigError, match="Or give --quick"):
        program.main(out=tmp_path)


def test_help_needs_no_extra(without_extras):
    done = without_extras("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "--shots" in done.stdout
    done = without_extras("a.zarr", "b.zarr")
    assert done.returncode == 1
    assert "pip install 'eventsim-dvs[snn]'" in done.stderr
