"""The learned anonymizer: it trains, fresh attackers try, and numbers come out."""

import pytest
import torch

from eventsim.privacy.faces import package_faces, record


@pytest.fixture(autouse=True)
def _one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_it_runs_from_end_to_end(program, tmp_path, capsys):
    weights = tmp_path / "weights.pt"
    words = ["--people", "2", "--sessions", "8", "--rounds", "2", "--seeds", "1"]
    words += ["--attack-rounds", "2"]
    assert program.main([*words, "--save", str(weights)]) == 0
    printed = capsys.readouterr().out
    for name in ("raw", "nothing", "learned"):
        assert any(row.startswith(name) for row in printed.split("\n"))
    encoder = program.EventAnonymizer()
    encoder.load_state_dict(torch.load(weights, weights_only=True))


def test_quick_is_small(program):
    words = program.parse(["--quick"])
    assert (words.people, words.seeds) == (3, 1)
    assert words.rounds < program.parse([]).rounds / 10


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
