"""People replaced by somebody who does not exist."""

import numpy as np
import pytest

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import ReplaceBoxes
from eventsim.transforms.replace_boxes import template, tracks_of

BOXES = [(0, 5, 5, 35, 35), (200_000, 25, 5, 55, 35)]  # 20 px in 0.2 s


def test_what_was_there_does_not_matter(many):
    """Two other people in the same boxes give the same events in them."""
    rng = np.random.default_rng(1)
    early = many.window(0, 200_000)
    other = Events.of(early.t, (early.x + 3) % 64, early.y, rng.random(len(early)) < 0.5,
                      size=early.size)  # fmt: skip
    method = ReplaceBoxes(BOXES, margin=0.5, hold_us=1e6)  # all of the sensor
    assert method(early, Draws.of(1)) == method(other, Draws.of(1))
    assert len(method(early, Draws.of(1))) > 1000
    assert method(early, Draws.of(1)).kind.max() == 0


def test_the_new_one_moves_as_the_boxes_do():
    many = Events.of([0, 200_000], [0, 63], [0, 47], [1, 1], size=(64, 48))
    made = ReplaceBoxes(BOXES, margin=1.0, hold_us=200_000)(many, Draws.of(1))
    early, late = made.window(1, 60_000), made.window(140_000, 200_000)
    assert len(early) > 200
    assert np.median(late.x) - np.median(early.x) == pytest.approx(14, abs=4)
    assert early.y.min() >= 5
    assert early.y.max() < 35


def test_outside_of_the_boxes_nothing_changes(many):
    made = ReplaceBoxes([(0, 5, 5, 20, 20), (900_000, 8, 5, 23, 20)], hold_us=1e6)(
        many, Draws.of(1)
    )
    outside = (many.x >= 30) & (many.y >= 30)
    assert made[(made.x >= 30) & (made.y >= 30)] == many[outside]


def test_boxes_that_overlap_follow_each_other():
    rows = np.array([[0, 0, 0, 10, 10], [0, 50, 0, 60, 10], [9, 3, 0, 13, 10], [9, 48, 0, 58, 10],
                     [99, 3, 0, 13, 10]], float)  # fmt: skip
    tracks = tracks_of(rows, 10.0)
    assert [track[:, 1].tolist() for track in tracks] == [[0, 3], [50, 48], [3]]


def test_the_head_is_a_head():
    head = template()
    assert np.isnan(head[0, 0])
    assert head[32, 32] > head[26, 22]  # the nose is brighter than an eye


def test_one_box_alone_moves_nowhere(many):
    made = ReplaceBoxes([(500_000, 0, 0, 64, 48)], hold_us=1e7)(many, Draws.of(1))
    assert len(made) == 0
