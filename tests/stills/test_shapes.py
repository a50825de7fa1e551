"""Shapes are where and what they should be."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.stills.shapes import SHAPES, draw_shapes


def test_each_shape_by_its_extent():
    images, labels = draw_shapes(40, side_px=20, seed=1)
    assert images.shape == (40, 20, 20)
    assert labels.tolist() == [0, 1, 2, 3] * 10
    for image, label in zip(images, labels, strict=True):
        rows, columns = np.nonzero(image > 20)
        height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
        wanted = {"bar": (11, 2), "cross": (11, 11), "plank": (2, 11), "ring": (10, 10)}
        assert (height, width) == wanted[SHAPES[label]]
        assert 120 <= image.max() <= 255
    assert len({image.max() for image in images}) > 20


def test_an_image_belongs_to_its_seed_and_place():
    images, _ = draw_shapes(10, seed=4)
    assert np.array_equal(images[:5], draw_shapes(5, seed=4)[0])
    assert not np.array_equal(images, draw_shapes(10, seed=5)[0])


def test_a_shape_needs_room():
    with pytest.raises(ConfigError, match="at least 12"):
        draw_shapes(1, side_px=11)
