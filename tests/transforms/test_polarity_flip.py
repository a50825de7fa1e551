"""Bright for dark."""

import numpy as np

from eventsim.random import Draws
from eventsim.transforms import PolarityFlip


def test_polarities_turn_and_all_else_stays(events):
    flipped = PolarityFlip()(events, Draws.of(0))
    assert np.array_equal(flipped.p, ~events.p)
    assert PolarityFlip()(flipped, Draws.of(0)) == events
