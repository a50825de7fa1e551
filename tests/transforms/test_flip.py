"""Mirrored by hand."""

import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import Flip

THREE = Events.of([1, 1, 2], [0, 2, 1], [0, 0, 2], [1, 0, 1], [0, 1, 2], size=(4, 3))


def test_left_becomes_right_and_ties_stay_in_raster_order():
    flipped = Flip()(THREE, Draws.of(0))
    assert flipped.x.tolist() == [1, 3, 2]  # of 0, 2 at t = 1: 3, 1, put in order
    assert flipped.y.tolist() == [0, 0, 2]
    assert flipped.p.tolist() == [False, True, True]
    assert flipped.kind.tolist() == [1, 0, 2]


def test_top_becomes_bottom():
    assert Flip("y")(THREE, Draws.of(0)).y.tolist() == [2, 2, 0]


@pytest.mark.parametrize("axis", ["x", "y"])
def test_twice_is_the_identity(axis, events):
    once = Flip(axis)(events, Draws.of(0))
    assert once != events
    assert Flip(axis)(once, Draws.of(0)) == events


def test_another_axis_is_refused():
    with pytest.raises(ConfigError, match="axis must be x or y"):
        Flip("z")
