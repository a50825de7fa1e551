"""Shifted copies."""

import numpy as np
import pytest

from eventsim.events import Events, Kind
from eventsim.random import Draws
from eventsim.transforms import CorrelatedNoise

LINE = Events.of(np.arange(0, 1_000_000, 1000), np.full(1000, 50), np.arange(1000) % 80,
                 np.arange(1000) % 2, size=(100, 80))  # fmt: skip


def test_copies_lie_around_events():
    noisy = CorrelatedNoise(5000.0, 1.5, 1000.0)(LINE, Draws.of(0))
    added = noisy[noisy.kind == Kind.SHOT]
    assert len(added) == pytest.approx(5000 * 0.97, rel=0.02)  # some leave the upper and lower rim
    assert np.std(added.x - 50.0) == pytest.approx(np.sqrt(1.5**2 + 1 / 12), rel=0.03)
    assert noisy[noisy.kind == Kind.UNKNOWN] == LINE


def test_none_are_added_to_nothing():
    assert len(CorrelatedNoise()(LINE[:0], Draws.of(0))) == 0
    assert CorrelatedNoise(0.0)(LINE, Draws.of(0)) == LINE
