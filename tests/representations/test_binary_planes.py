"""Ones and zeros."""

import numpy as np

from eventsim.events import Events
from eventsim.representations import BinaryPlanes, EventFrames


def test_a_pixel_that_fired_is_one_however_often():
    events = Events.of([0, 1, 2, 9], [0, 0, 1, 1], [0] * 4, [1, 1, 0, 1], size=(2, 1))
    planes = BinaryPlanes(bins=2)(events, 0, 10)
    assert planes.dtype == np.uint8
    assert planes[:, :, 0].tolist() == [[[0, 1], [1, 0]], [[0, 0], [0, 1]]]
    assert np.array_equal(planes, EventFrames(bins=2)(events, 0, 10) > 0)
