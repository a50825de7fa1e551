"""However many write a part, one of them becomes it, and the others leave nothing behind."""

import os

import pytest

from eventsim.errors import PartTakenError, StoreError
from eventsim.store.attempts import ATTEMPTS, begin_attempt, begin_run, end_runs, is_committed
from eventsim.store.dataset import create_dataset
from eventsim.store.description import describe_group


@pytest.fixture
def dataset(tmp_path):
    create_dataset(tmp_path / "a.zarr", {}, parts=1)
    return tmp_path / "a.zarr"


def fill(attempt, word):
    (attempt.folder / "data").write_text(word)
    describe_group(attempt.folder / "commit", {})


def test_the_first_to_commit_becomes_the_part(dataset):
    run = begin_run(dataset)
    first, second = begin_attempt(dataset, 0, run), begin_attempt(dataset, 0, run)
    assert first.folder != second.folder
    fill(first, "first")
    fill(second, "second")
    assert not is_committed(dataset, 0)
    second.commit()
    with pytest.raises(PartTakenError, match="another attempt"):
        first.commit()
    assert (dataset / "parts" / "00000" / "data").read_text() == "second"
    assert list((dataset / ATTEMPTS / run).iterdir()) == []
    with pytest.raises(PartTakenError, match="never written twice"):
        begin_attempt(dataset, 0, run)


@pytest.mark.parametrize("end", [end_runs, begin_run])
def test_a_ghost_of_a_run_that_ended_changes_nothing(dataset, end):
    """It finds its folder gone, and cannot make it again."""
    run = begin_run(dataset)
    ghost = begin_attempt(dataset, 0, run)
    ghost.working_on(3)
    fill(ghost, "old")
    end(dataset)
    with pytest.raises(OSError):  # noqa: PT011 - whichever the system has for it
        ghost.working_on(4)
    with pytest.raises(FileNotFoundError):
        fill(ghost, "old")
    with pytest.raises(FileNotFoundError):
        describe_group(ghost.folder / "commit", {})
    with pytest.raises(OSError):  # noqa: PT011
        ghost.commit()
    with pytest.raises(StoreError, match="has ended"):
        begin_attempt(dataset, 0, run)
    assert not is_committed(dataset, 0)


def test_what_killed_earlier_attempts_is_remembered(dataset, monkeypatch):
    run = begin_run(dataset)
    monkeypatch.setattr("os.getpid", lambda: 2**22 + 1)  # above the largest that Linux gives
    for sample in (5, 5, 6):
        begin_attempt(dataset, 0, run).working_on(sample)
    monkeypatch.setattr("os.getpid", os.getppid)  # frozen, but there
    begin_attempt(dataset, 0, run).working_on(6)
    monkeypatch.setattr("socket.gethostname", lambda: "elsewhere")  # nobody can tell
    begin_attempt(dataset, 0, run).working_on(7)
    monkeypatch.undo()
    other = begin_attempt(dataset, 1, run)
    other.working_on(5)
    (dataset / ATTEMPTS / run / "00000-8.working").write_text("")  # died while writing it
    now = begin_attempt(dataset, 0, run)
    now.working_on(5)
    assert now.deaths() == {5: 2, 6: 1, 7: 1}
    assert other.deaths() == {}
