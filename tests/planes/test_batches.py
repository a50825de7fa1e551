"""What is accepted as a batch of images, and what is refused."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.planes.batches import as_images, as_samples
from eventsim.planes.i2e import i2e


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.zeros((2, 4, 8, 8), np.uint8), "alpha"),
        (np.zeros((2, 8, 8, 3), np.uint8), "channels first"),
        (np.zeros((8, 8), np.uint8), "must be"),
        (np.zeros((1, 1, 0, 8), np.uint8), "px per side"),
        (np.zeros((1, 1, 8, 8), np.int64), "int64"),
        (np.full((3, 1, 8, 8), np.nan), "image 0 has NaN"),
        ([[["a"]]], "<U1"),
    ],
)
def test_wrong_images_are_refused_in_one_line(images, words):
    with pytest.raises(ConfigError, match=words) as caught:
        i2e(images)
    assert "\n" not in str(caught.value)


def test_images_come_out_with_channels_in_one_of_two_types():
    assert as_images(np.zeros((2, 4, 5), np.uint8)).shape == (2, 1, 4, 5)
    assert as_images(np.zeros((2, 3, 4, 5), np.float64)).dtype == np.float32
    turned = as_images(np.zeros((2, 3, 4, 5), np.uint8)[..., ::-1])
    assert turned.flags.c_contiguous


def test_samples_count_from_0_if_nothing_is_said():
    assert as_samples(None, 3).tolist() == [0, 1, 2]
    assert as_samples([7, 5], 2).tolist() == [7, 5]


def test_channels_that_lie_side_by_side_give_the_same_planes():
    images = np.random.default_rng(0).integers(0, 256, (3, 9, 70, 3), dtype=np.uint8)
    turned = images.transpose(0, 3, 1, 2)
    assert as_images(turned).shape == (3, 1, 9, 70)
    assert np.array_equal(as_images(turned)[:, 0], images.max(axis=3))
    assert np.array_equal(i2e(turned), i2e(turned.copy()))
