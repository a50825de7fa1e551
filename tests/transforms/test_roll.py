"""Shifted around by hand."""

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import Roll


def test_what_leaves_comes_in_on_the_other_side():
    two = Events.of([0, 0], [0, 3], [0, 2], [1, 0], size=(4, 3))
    rolled = Roll(1.0, 1.0)(two, Draws.of(0))
    assert (rolled.x.tolist(), rolled.y.tolist()) == ([0, 1], [0, 1])
    assert rolled.p.tolist() == [False, True]


def test_back_again_is_the_identity(events):
    there = Roll(5.0, -2.0)(events, Draws.of(0))
    assert Roll(-5.0, 2.0)(there, Draws.of(0)) == events
    assert len(there) == len(events)
