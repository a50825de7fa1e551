"""Shifted by hand."""

import numpy as np

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import Translate


def test_events_shift_and_what_leaves_is_lost():
    three = Events.of([0, 1, 2], [0, 2, 3], [0, 1, 2], [1, 0, 1], size=(4, 3))
    shifted = Translate(1.0, -1.0)(three, Draws.of(0))
    assert (shifted.t.tolist(), shifted.x.tolist(), shifted.y.tolist()) == ([1], [3], [0])


def test_all_shifts_of_the_range_are_drawn_alike():
    one = Events.of([0], [6], [3], [True], size=(12, 7))
    seen = [int(Translate((-2, 2), 0.0)(one, Draws.of(seed)).x[0]) for seed in range(500)]
    counts = np.bincount(seen, minlength=12)
    assert counts[4:9].sum() == 500
    assert (abs(counts[4:9] - 100) < 40).all()  # 4.5 standard deviations
