"""A box from another sample."""

import numpy as np
import pytest

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import CutMix


def scattered(seed):
    """Events evenly over space and time; the kind says whose they are."""
    rng, n = np.random.default_rng(seed), 20_000
    t = np.sort(rng.integers(0, 1_000_000, n))
    columns = (rng.integers(0, 64, n), rng.integers(0, 48, n), rng.random(n) < 0.5)
    return Events.of(t, *columns, np.full(n, seed), size=(64, 48))


ONE, TWO = scattered(0), scattered(1)


def test_the_first_is_outside_of_a_box_and_the_other_inside():
    mixed, weight = CutMix(0.3)(ONE, TWO, Draws.of(4))
    theirs = mixed[mixed.kind == 1]
    box = [(c.min(), c.max()) for c in (theirs.t, theirs.x, theirs.y)]

    def inside(events):
        return np.logical_and.reduce(
            [
                (c >= a) & (c <= b)
                for c, (a, b) in zip((events.t, events.x, events.y), box, strict=True)
            ]
        )

    assert theirs == TWO[inside(TWO)]
    assert not inside(mixed[mixed.kind == 0]).any()
    assert len(theirs) / len(TWO) == pytest.approx(0.3, abs=0.02)
    assert weight == pytest.approx(1 - len(theirs) / len(mixed))


def test_nothing_and_all():
    assert CutMix(0.0)(ONE, TWO, Draws.of(0)) == (ONE, 1.0)
    assert CutMix(1.0)(ONE, TWO, Draws.of(0)) == (TWO, 0.0)
    assert CutMix()(ONE[:0], TWO[:0], Draws.of(0))[1] == 1.0
