"""Times with normal noise."""

import numpy as np
import pytest

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import TimeJitter


def test_the_noise_has_its_standard_deviation():
    n = 20_000
    pixels = np.arange(n)  # each event has a pixel of its own, by which it is known again
    events = Events.of(1000 * pixels, pixels % 200, pixels // 200, np.ones(n), size=(200, 100))
    shaken = TimeJitter(100.0)(events, Draws.of(0))
    pixel = shaken.y.astype(np.int64) * 200 + shaken.x
    error = (shaken.t - 1000 * pixel)[1:-1]
    assert error.std() == pytest.approx(100, rel=0.02)
    assert abs(error.mean()) < 3


def test_none_leaves_the_window_and_none_is_lost(events):
    shaken = TimeJitter(5000.0)(events, Draws.of(0))
    assert len(shaken) == len(events)
    assert shaken.t[0] >= events.t[0]
    assert shaken.t[-1] <= events.t[-1]
