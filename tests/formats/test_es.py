import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.events import Events
from eventsim.formats.es import LONGEST_PAUSE_US
from eventsim.formats.reading import read, write

HEADER = b"Event Stream\x02\x00\x00\x01" + bytes([4, 0, 3, 0])


def test_a_file_by_hand(tmp_path):
    body = bytes([5 << 1 | 1, 2, 0, 2, 0, 255, 254, 3 << 1, 1, 0, 0, 0])
    (tmp_path / "a.es").write_bytes(HEADER + body)
    events = read(tmp_path / "a.es")
    assert events.size == (4, 3)
    assert events.t.tolist() == [5, 5 + 127 + 3]
    assert events.x.tolist() == [2, 1]
    assert events.y.tolist() == [0, 2]  # rows count from the bottom
    assert events.p.tolist() == [True, False]


def test_a_library_of_others_reads_the_same(tmp_path):
    event_stream = pytest.importorskip("event_stream")
    rng = np.random.default_rng(3)
    t = np.cumsum(rng.integers(0, 500, 20_000))
    columns = rng.integers(0, 640, t.size), rng.integers(0, 480, t.size), rng.integers(0, 2, t.size)
    events = Events.of(t, *columns, size=(640, 480))
    write(events, tmp_path / "a.es")
    with event_stream.Decoder(str(tmp_path / "a.es")) as decoder:
        array = np.concatenate(list(decoder))
        assert (decoder.width, decoder.height) == (640, 480)
    assert np.array_equal(array["t"], events.t)
    assert np.array_equal(array["x"], events.x)
    assert np.array_equal(479 - array["y"], events.y)
    assert np.array_equal(array["on"], events.p)


def test_events_across_the_pieces_that_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr("eventsim.formats.es.READ_BYTES", 13)
    events = Events.of([0, 127, 128, 900], [0, 1, 2, 3], [0, 1, 2, 0], [1, 0, 1, 1], size=(4, 3))
    write(events, tmp_path / "a.es")
    assert read(tmp_path / "a.es") == events


def test_other_kinds_and_versions_are_refused(tmp_path):
    (tmp_path / "a.es").write_bytes(HEADER[:15] + b"\x02" + HEADER[16:])
    with pytest.raises(SourceError, match=r"found version 2, kind 2"):
        read(tmp_path / "a.es")
    (tmp_path / "a.es").write_bytes(HEADER[:16] + bytes(4))
    with pytest.raises(SourceError, match=r"1 to 32767 pixels per side, found 0x0"):
        read(tmp_path / "a.es")


def test_a_long_time_without_an_event_is_refused(tmp_path):
    events = Events.of([0, LONGEST_PAUSE_US + 1], [0, 0], [0, 0], [1, 1], size=(4, 3))
    with pytest.raises(SourceError, match=r"2147483649 us are without an event"):
        write(events, tmp_path / "a.es")
