"""Places with normal noise."""

import numpy as np
import pytest

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import SpatialJitter


def test_the_noise_has_its_standard_deviation():
    n = 20_000
    middle = Events.of(np.arange(n), np.full(n, 50), np.full(n, 40), np.ones(n), size=(100, 80))
    shaken = SpatialJitter(2.0)(middle, Draws.of(0))
    assert len(shaken) == n
    # Rounding adds 1/12 to the variance.
    assert np.var(shaken.x.astype(float)) == pytest.approx(4 + 1 / 12, rel=0.04)
    assert np.var(shaken.y.astype(float)) == pytest.approx(4 + 1 / 12, rel=0.04)
    assert abs(np.corrcoef(shaken.x, shaken.y)[0, 1]) < 0.03


def test_what_leaves_the_sensor_is_lost(events):
    assert 0 < len(SpatialJitter(3.0)(events, Draws.of(0))) < len(events)
