"""`eventsim info` and `eventsim view` of event files."""

import numpy as np
import pytest

from eventsim.cli import event_file
from eventsim.cli.event_file import is_event_file, load_events
from eventsim.cli.main import main
from eventsim.errors import ConfigError
from eventsim.events import Events, Kind


@pytest.fixture
def path(tmp_path):
    rng = np.random.default_rng(1)
    t = np.sort(rng.integers(0, 50_000, 400)) + 10**6
    columns = rng.integers(0, 30, 400), rng.integers(0, 20, 400), rng.integers(0, 2, 400)
    events = Events.of(t, *columns, np.full(400, Kind.LEAK), size=(32, 24))
    events.save(tmp_path / "a.raw")
    events.save(tmp_path / "a.csv")
    return tmp_path / "a.raw"


def test_info_of_a_file_with_a_size_and_of_one_without(path, capsys):
    assert main(["info", str(path)]) == 0
    printed = capsys.readouterr().out
    for words in (
        "format     evt3",
        "size       32x24",
        "events     400",
        "unknown 100.0%",
        "Hz a pixel",
    ):
        assert words in printed
    assert main(["info", str(path.with_suffix(".csv"))]) == 0
    printed = capsys.readouterr().out
    assert "leak 100.0%" in printed
    assert "does not say how large its sensor is; its events need 30x20" in printed


def test_info_of_a_broken_file_is_one_line(path, capsys):
    path.write_bytes(b"% format EVT9\n")
    assert main(["info", str(path)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "its header says EVT9" in error


@pytest.mark.parametrize("more", [[], ["--panel", "rate"], ["--scatter"], ["--transform", "Flip"]])
def test_pictures_of_a_file(more, path, tmp_path, capsys):
    out = tmp_path / "out.png"
    assert main(["view", str(path), str(out), *more]) == 0
    assert out.stat().st_size > 5000


def test_a_film_beside_the_file_by_default_and_never_over_it(path, tmp_path, capsys):
    assert main(["view", str(path), "--fps", "10", "--slow", "5"]) == 0
    assert (tmp_path / "a.raw_events.mp4").stat().st_size > 1000
    assert main(["view", str(path), str(path)]) == 2


def test_a_file_without_events_or_with_too_many_is_not_drawn(path, tmp_path, monkeypatch):
    Events.empty((4, 4)).save(tmp_path / "b.raw")
    with pytest.raises(ConfigError, match=r"has no events to show"):
        load_events(tmp_path / "b.raw", [])
    monkeypatch.setattr(event_file, "MOST_SHOWN", 100)
    with pytest.raises(ConfigError, match=r"more than 100 events. Bring it into a dataset first"):
        load_events(path, [])


def test_what_is_an_event_file(path, tmp_path):
    assert is_event_file(path)
    assert not is_event_file(tmp_path)
    assert not is_event_file(tmp_path / "no.raw")
    assert not is_event_file(tmp_path / "clip.mp4")
