"""The learned anonymizer: it trains, fresh attackers try, and numbers come out."""

import pytest
import torch

from eventsim.privacy.faces import package_faces, record
from eventsim.results import read_results


@pytest.fixture(autouse=True)
def _one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


SMALL = ["--people", "2", "--sessions", "8", "--rounds", "2", "--attack-rounds", "2"]


def test_it_runs_from_end_to_end_and_goes_on(program, tmp_path, capsys, monkeypatch):
    words = [*SMALL, "--seeds", "2", "--out"]
    assert program.main([*words, str(tmp_path / "whole")]) == 0
    printed = capsys.readouterr().out
    for name in ("raw", "nothing", "learned"):
        assert any(row.startswith(name) for row in printed.split("\n"))
    found = read_results(tmp_path / "whole" / "results.json")
    assert found["score"].keys() == {"gesture told", "people told"}
    encoder = program.EventAnonymizer()
    saved = torch.load(tmp_path / "whole" / "encoder.pt", weights_only=True)
    encoder.load_state_dict(saved)

    real = program.learn_encoder

    def stopped(*arguments):
        if arguments[-1] == 2:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(program, "learn_encoder", stopped)
    with pytest.raises(KeyboardInterrupt):
        program.main([*words, str(tmp_path / "parts")])
    assert read_results(tmp_path / "parts" / "results.json")["score"] is None
    monkeypatch.setattr(program, "learn_encoder", real)
    assert program.main([*words, str(tmp_path / "parts")]) == 0
    assert read_results(tmp_path / "parts" / "results.json")["figures"] == found["figures"]
    assert program.main([*SMALL, "--seeds", "3", "--out", str(tmp_path / "parts")]) == 2
    assert "another seeds" in capsys.readouterr().err


def test_attackers_of_a_quick_run_learn(program, tmp_path):
    assert program.main(["--quick", "--out", str(tmp_path)]) == 0
    found = read_results(tmp_path / "results.json")
    assert found["quick"]
    (raw,), (nothing,) = found["figures"]["raw"], found["figures"]["nothing"]
    assert raw["SSIM"] > nothing["SSIM"] + 0.04


@pytest.mark.parametrize("words", [["--people", "1"], ["--seeds", "0"], ["--rounds", "no"]])
def test_a_number_out_of_range_is_one_line(program, words, capsys):
    with pytest.raises(SystemExit):
        program.main(words)
    assert f"argument {words[0]}" in capsys.readouterr().err


def test_clips_become_grids_with_their_truths(program):
    clips = record(package_faces(2), sessions=1, test_sessions=0, seed=1)
    data = program.as_tensors(clips)
    assert data.grids.shape == (2, 10, 32, 32)
    assert data.people.tolist() == [0, 1]
    signed = data.grids.sign() * data.grids**2
    signs = clips[0].events.p.astype(int) * 2 - 1
    assert signed[0].sum().item() == pytest.approx(signs.sum(), abs=1)
    assert torch.allclose(data.pictures[0].mean(), torch.tensor(clips[0].truth.mean()).float())


def test_an_attacker_learns_what_is_in_plain_sight(program):
    """Codes that say who it is, and no more."""
    people = torch.arange(64) % 3
    codes = torch.nn.functional.one_hot(people, 3).float()[:, None, :, None, None]
    codes = codes.expand(64, 1, 3, 8, 8)
    spy = program.Reader(3, 8, 3)
    program.learn(
        spy, codes, lambda out, pick: torch.nn.functional.cross_entropy(out, people[pick]), 30, 1
    )
    assert (spy(codes).argmax(1) == people).all()


def test_help_needs_no_extra(without_extras):
    done = without_extras("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "--attack-rounds" in done.stdout
    done = without_extras()
    assert done.returncode == 1
    assert "pip install 'eventsim-dvs[privacy]'" in done.stderr
