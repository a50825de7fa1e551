"""Rows of events, by hand."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations import EventTokens


def test_a_row_is_place_polarity_and_time_since_the_one_before():
    two = Events.of([2000, 5000], [0, 8], [2, 4], [1, 0], size=(9, 5))
    rows = EventTokens(length=3)(two, 1000, 9000)
    assert rows.tolist() == [[-1, 0, 1, 1], [1, 1, -1, 3], [0, 0, 0, 0]]


def test_of_more_events_some_are_taken_at_even_distances():
    many = Events.of(np.arange(100), np.arange(100), np.zeros(100), np.ones(100), size=(100, 1))
    rows = EventTokens(length=10, unit_us=1.0)(many, 0, 100)
    assert rows[:, 3].tolist() == [0] + [10] * 9
    assert np.allclose((rows[:, 0] + 1) / 2 * 99, 10 * np.arange(10))


def test_settings_that_make_no_sense_are_refused():
    with pytest.raises(ConfigError, match="length"):
        EventTokens(length=0)
