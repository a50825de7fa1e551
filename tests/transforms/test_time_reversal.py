"""Backwards, by hand."""

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import TimeReversal


def test_times_are_mirrored_and_polarities_turned():
    three = Events.of([10, 10, 14], [0, 1, 2], [0, 0, 0], [1, 0, 1], [0, 1, 2], size=(3, 1))
    back = TimeReversal()(three, Draws.of(0))
    assert back.t.tolist() == [10, 14, 14]
    assert back.x.tolist() == [2, 0, 1]
    assert back.p.tolist() == [False, False, True]
    assert back.kind.tolist() == [2, 0, 1]


def test_twice_is_the_identity(events):
    once = TimeReversal()(events, Draws.of(0))
    assert once != events
    assert TimeReversal()(once, Draws.of(1)) == events
