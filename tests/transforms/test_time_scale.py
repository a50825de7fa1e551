"""Faster and slower."""

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import TimeScale

THREE = Events.of([10, 14, 17], [2, 1, 0], [0, 0, 0], [1, 0, 1], size=(3, 1))


def test_half_as_fast():
    slow = TimeScale(2.0)(THREE, Draws.of(0))
    assert slow.t.tolist() == [10, 18, 24]
    assert slow.x.tolist() == [2, 1, 0]


def test_events_that_fall_on_one_microsecond_are_in_raster_order():
    fast = TimeScale(0.01)(THREE, Draws.of(0))
    assert (fast.t.tolist(), fast.x.tolist()) == ([10, 10, 10], [0, 1, 2])
