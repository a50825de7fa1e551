"""Other sensors."""

import numpy as np
import pytest

from eventsim.events import Events, SensorSize
from eventsim.random import Draws
from eventsim.transforms import Resize


def test_a_smaller_sensor_gets_all_events_exactly(many):
    small = Resize((16, 12))(many, Draws.of(0))
    assert small.size == SensorSize(16, 12)
    expected = Events.of(many.t, many.x // 4, many.y // 4, many.p, many.kind, size=(16, 12))
    assert small == expected


def test_a_larger_sensor_is_filled_evenly(many):
    large = Resize((192, 48))(many, Draws.of(0))
    assert len(large) == len(many)
    assert np.array_equal(np.sort(large.x // 3), np.sort(many.x))
    assert np.bincount(large.x % 3) / len(large) == pytest.approx([1 / 3] * 3, abs=0.02)


def test_the_same_size_changes_nothing(many):
    assert Resize(many.size)(many, Draws.of(0)) == many
