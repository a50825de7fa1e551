"""Dead leaves: made of a seed, with edges of all sizes; and disks."""

import numpy as np
import pytest

from eventsim.scenes.leaves import dead_leaves, paint_disk


def test_a_picture_is_a_function_of_its_seed():
    one = dead_leaves((50, 40), seed=1)
    assert one.shape == (40, 50)
    assert one.dtype == np.float32
    assert np.array_equal(one, dead_leaves((50, 40), seed=1))
    assert not np.array_equal(one, dead_leaves((50, 40), seed=2))
    assert 15 <= one.min() < 30 < 150 < one.max() <= 240


def test_it_has_plains_and_edges():
    steps = np.abs(np.diff(np.log(dead_leaves((200, 150), seed=3)), axis=1))
    assert (steps < 1e-6).mean() > 0.3
    assert (steps > 0.3).mean() > 0.03


def test_a_disk_covers_its_area_wherever_it_lies():
    for center in ((10.0, 8.0), (10.3, 8.9)):
        picture = np.zeros((20, 20))
        paint_disk(picture, center, 4.0, 1.0)
        assert picture.sum() == pytest.approx(np.pi * 16, rel=0.02)
    picture = np.zeros((20, 20))
    paint_disk(picture, (-50.0, 3.0), 4.0, 1.0)
    paint_disk(picture, (0.0, 0.0), 4.0, 1.0)
    assert picture.sum() == pytest.approx(np.pi * 4, rel=0.03)
