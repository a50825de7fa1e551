"""Coarser times and places, by hand."""

import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import Quantize


def test_times_go_down_and_places_to_the_middle():
    events = Events.of([-3, 9, 10, 19], [0, 3, 4, 6], [0, 1, 2, 4], [1, 0, 1, 0], size=(7, 5))
    made = Quantize(10, 4)(events, Draws.of(0))
    assert made.t.tolist() == [-10, 0, 10, 10]
    assert made.x.tolist() == [2, 2, 6, 6]  # the last block has three columns, its middle is 6
    assert made.y.tolist() == [2, 2, 2, 4]  # the last block has one row
    assert Quantize(1, 1)(events, Draws.of(0)) == events


@pytest.mark.parametrize("bad", [{"step_us": 0}, {"step_us": 1.5}, {"side_px": 0}])
def test_numbers_that_make_no_sense(bad):
    with pytest.raises(ConfigError, match=next(iter(bad))):
        Quantize(**bad)
