"""A denoiser that is trained on a few streams: it learns, resumes, and is used."""

import numpy as np
import pytest
import torch

from eventsim.denoise import MLPF, Denoiser, GraphFilter
from eventsim.errors import ConfigError
from eventsim.results import read_results
from eventsim.scenes.poisson import poisson_noise


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_it_learns_and_goes_on_where_it_was_stopped(program, tmp_path, monkeypatch, capsys):
    settings = program.Settings(model="mlpf", streams=12, samples=300, epochs=8)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert program.train(settings, whole, 1, quick=True) == 0
    found = read_results(whole / "results.json")
    assert found["score"]["AUC"] == found["figures"]["auc"]["MLPF"] > 0.7
    assert found["quick"]
    assert "MLPF" in capsys.readouterr().out

    saves = []
    real = program.save_checkpoint

    def stops(*arguments):
        real(*arguments)
        saves.append(arguments)
        if len(saves) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(program, "save_checkpoint", stops)
    with pytest.raises(KeyboardInterrupt):
        program.train(settings, parts, 1, quick=True)
    monkeypatch.setattr(program, "save_checkpoint", real)
    assert program.train(settings, parts, 1, quick=True) == 0
    with np.load(whole / "weights.npz") as one, np.load(parts / "weights.npz") as two:
        assert all(np.array_equal(one[name], two[name]) for name in one.files)
    with pytest.raises(ConfigError):
        program.train(program.Settings(model="mlpf", streams=9), parts, 1, quick=True)
    trained = MLPF(weights=str(whole / "weights.npz"))
    events = poisson_noise(10.0, seed=3)
    scores = [Denoiser(how, events.size).scores(events) for how in (trained, MLPF())]
    assert not np.array_equal(*scores)


def test_its_quick_form_trains_the_graph_network(program, tmp_path):
    assert program.main(out=tmp_path, workers=1, quick=True) == 0
    found = read_results(tmp_path / "results.json")
    auc = found["figures"]["auc"]
    assert auc["GraphFilter"] > 0.75
    how = GraphFilter(weights=str(tmp_path / "weights.npz"))
    events = poisson_noise(9.0)
    assert np.isfinite(Denoiser(how, events.size).scores(events)).all()
