"""Exactly what lies inside is gone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import DropArea

FULL = Events.of(np.arange(20 * 12), np.arange(240) % 20, np.arange(240) // 20, np.ones(240),
                 size=(20, 12))  # fmt: skip


@given(seed=st.integers(0, 10_000), share=st.floats(0, 1))
def test_the_box_is_gone_and_nothing_else(seed, share):
    transform, rng = DropArea(share), Draws.of(seed)
    x0, y0, x1, y1 = transform.box((20, 12), rng)
    assert (x1 - x0, y1 - y0) == (round(share * 20), round(share * 12))
    inside = (FULL.x >= x0) & (FULL.x < x1) & (FULL.y >= y0) & (FULL.y < y1)
    assert transform(FULL, rng) == FULL[~inside]


def test_beside_and_above_the_box_all_is_left():
    # The reference code of EventDrop would leave 15 * 9 of these.
    assert len(DropArea(0.25)(FULL, Draws.of(1))) == 240 - 5 * 3


def test_boxes_reach_every_corner():
    boxes = np.array([DropArea(0.5).box((20, 12), Draws.of(seed)) for seed in range(300)])
    assert boxes.min(0)[:2] == pytest.approx([0, 0])
    assert boxes.max(0)[2:] == pytest.approx([20, 12])
