"""Pixels that may not say much, by hand."""

import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import RateCap


def test_the_first_of_each_period_are_kept():
    t = [-1, 0, 1, 2, 9, 10, 11]
    events = Events.of(t, [0, 0, 1, 0, 0, 0, 0], [0] * 7, [1] * 7, size=(2, 1))
    assert RateCap(2, 10)(events, Draws.of(0)).t.tolist() == [-1, 0, 1, 2, 10, 11]
    assert RateCap(1, 10)(events, Draws.of(0)).t.tolist() == [-1, 0, 1, 10]


@pytest.mark.parametrize("bad", [{"most": 0}, {"period_us": 0.5}])
def test_numbers_that_make_no_sense(bad):
    with pytest.raises(ConfigError, match=next(iter(bad))):
        RateCap(**bad)
