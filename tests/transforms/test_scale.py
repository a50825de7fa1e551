"""Magnified by factors whose result is known."""

import numpy as np
import pytest

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import Scale


def test_twice_as_large_spreads_each_pixel_over_four(many):
    inner = many[(many.x >= 16) & (many.x < 48) & (many.y >= 12) & (many.y < 36)]
    large = Scale(2.0)(inner, Draws.of(0))
    assert len(large) == len(inner)
    # (x - 32) * 2 + 32, and either half of the pixel, evenly: no lattice.
    assert np.bincount(large.x % 2) / len(large) == pytest.approx([0.5, 0.5], abs=0.02)
    assert np.bincount(large.y % 2) / len(large) == pytest.approx([0.5, 0.5], abs=0.02)


def test_half_as_large_puts_pixels_together_exactly():
    row = Events.of(np.arange(8), np.arange(8), np.zeros(8), np.ones(8), size=(8, 8))
    small = Scale(0.5)(row, Draws.of(0))
    assert small.x.tolist() == [2, 2, 3, 3, 4, 4, 5, 5]
    assert set(small.y.tolist()) == {2}
