from pathlib import Path

import numpy as np
import pytest

from eventsim.errors import ConfigError, OutsideSensorError, SourceError, TimeOrderError
from eventsim.events import SensorSize
from eventsim.formats import checking
from eventsim.formats.checking import Care, checked_pieces, smallest_size
from eventsim.formats.file import Block, EventFile


def file_of(*blocks, size=(10, 8), dtype=np.int32):
    made = [
        Block(np.array(t, np.int64), np.array(x, dtype), np.array(y, dtype), np.array(p, bool), 3)
        for t, x, y, p in blocks
    ]
    return EventFile(Path("a.raw"), "evt3", size and SensorSize(*size), lambda: iter(made))


def at(t, x=None):
    return t, [0] * len(t) if x is None else x, [0] * len(t), [1] * len(t)


def test_pieces_never_tear_a_microsecond_apart_and_are_in_raster_order():
    file = file_of(
        ([1, 2, 2], [5, 9, 4], [1, 1, 1], [1, 0, 1]), ([2, 2, 3], [7, 1, 0], [1, 0, 0], [1, 1, 0])
    )
    pieces = [piece for piece, _ in checked_pieces(file)]
    assert [piece.t.tolist() for piece in pieces] == [[1], [2, 2, 2, 2], [3]]
    assert pieces[1].x.tolist() == [1, 4, 7, 9]
    assert pieces[1].p.tolist() == [True, True, True, False]
    assert sum(n for _, n in checked_pieces(file)) == 6


def test_many_events_of_one_microsecond_are_sorted_stably():
    rng = np.random.default_rng(1)
    x, y, p = rng.integers(0, 10, 500), rng.integers(0, 8, 500), rng.integers(0, 2, 500) > 0
    (piece, _), = checked_pieces(file_of((np.zeros(500), x, y, p)))  # fmt: skip
    order = np.lexsort((x, y))
    assert np.array_equal(piece.x, x[order])
    assert np.array_equal(piece.y, y[order])
    assert np.array_equal(piece.p, p[order])


def test_a_time_that_goes_back_refuses_the_file_and_names_the_event():
    with pytest.raises(TimeOrderError, match=r"event 3 has t=4 us after t=7 us"):
        list(checked_pieces(file_of(at([1, 7]), at([8 - 1, 4]))))


def test_events_that_come_late_can_be_dropped():
    file = file_of(at([1, 5, 3]), at([4, 5, 9]))
    pieces = [piece for piece, _ in checked_pieces(file, Care(backwards="drop"))]
    assert np.concatenate([piece.t for piece in pieces]).tolist() == [1, 5, 5, 9]
    assert file.notes == ["2 events that came late were left out"]


def test_events_can_be_sorted():
    file = file_of(at([1, 5, 3], [1, 2, 3]), at([4, 5, 9], [4, 1, 6]))
    pieces = [piece for piece, _ in checked_pieces(file, Care(backwards="sort"))]
    assert np.concatenate([piece.t for piece in pieces]).tolist() == [1, 3, 4, 5, 5, 9]
    assert np.concatenate([piece.x for piece in pieces]).tolist() == [1, 3, 4, 1, 2, 6]
    assert file.notes == ["events were sorted by time, which went backwards 1 times"]


def test_too_many_are_not_sorted(monkeypatch):
    monkeypatch.setattr(checking, "MOST_SORTED", 3)
    with pytest.raises(SourceError, match=r"more than 3 events"):
        list(checked_pieces(file_of(at([1, 5, 3, 4])), Care(backwards="sort")))


def test_too_many_of_one_microsecond_are_refused(monkeypatch):
    monkeypatch.setattr(checking, "MOST_AT_ONCE", 3)
    with pytest.raises(SourceError, match=r"more than 3 events at t=5 us"):
        list(checked_pieces(file_of(at([5, 5]), at([5, 5]))))


@pytest.mark.parametrize(("x", "place"), [([0, 10], "x=10, y=0"), ([0, -1], "x=-1, y=0")])
def test_an_event_off_the_sensor_refuses_the_file_or_is_dropped(x, place):
    file = file_of(at([1, 2]), at([3, 4], x))
    with pytest.raises(OutsideSensorError, match=f"event 3 is at {place}, not on a sensor of 10x8"):
        list(checked_pieces(file))
    pieces = [piece for piece, _ in checked_pieces(file, Care(outside="drop"))]
    assert np.concatenate([piece.t for piece in pieces]).tolist() == [1, 2, 3]
    assert file.notes == ["1 events outside of 10x8 were left out"]


def test_a_size_that_is_not_known_is_asked_for_and_the_smallest_is_named():
    file = file_of(at([1, 2], [3, 7]), size=None)
    with pytest.raises(ConfigError, match=r"Give --size WIDTHxHEIGHT .* its events need 8x1"):
        list(checked_pieces(file))
    assert smallest_size(file) == (8, 1)
    with pytest.raises(OutsideSensorError, match=r"column 40000, row 0"):
        smallest_size(file_of(at([1], [40000]), size=None))
    with pytest.raises(OutsideSensorError, match=r"x=-3"):
        smallest_size(file_of(at([1], [-3]), size=None))
