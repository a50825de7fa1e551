"""Bicubic resizing against Keys' formula."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.stills.resizing import resize_image


def keys(x, a=-0.5):
    x = np.abs(x)
    near = (a + 2) * x**3 - (a + 3) * x**2 + 1
    far = a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a
    return np.where(x < 1, near, np.where(x < 2, far, 0))


def matrix(n_in, n_out):
    """Weights of all input pixels for each output pixel; widened where it shrinks."""
    scale = n_in / n_out
    centers = (np.arange(n_out) + 0.5) * scale
    weights = keys((np.arange(n_in) + 0.5 - centers[:, None]) / max(scale, 1))
    return weights / weights.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("size", [(32, 32), (128, 40), (11, 9), (28, 13)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_it_is_an_antialiased_cubic(size, dtype):
    most = np.iinfo(dtype).max
    # Mid grays, so that nothing is clamped: 8 bits are, and rounded, after each axis.
    image = np.random.default_rng(0).integers(most // 4, most * 3 // 4, (28, 26), dtype=dtype)
    expected = matrix(28, size[1]) @ image.astype(float) @ matrix(26, size[0]).T
    found = resize_image(image, size)
    assert found.dtype == dtype
    assert found.shape == size[::-1]
    assert np.abs(found - expected).max() <= (1.6 if dtype == np.uint8 else 0.6)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_channels_are_resized_one_by_one(dtype):
    image = np.random.default_rng(1).integers(0, 256, (9, 8, 3), dtype=np.uint8).astype(dtype)
    found = resize_image(image, (12, 14))
    for c in range(3):
        assert np.array_equal(found[:, :, c], resize_image(image[:, :, c].copy(), (12, 14)))


def test_the_same_size_is_the_same_array():
    image = np.zeros((4, 5), np.uint8)
    assert resize_image(image, (5, 4)) is image


def test_crop_covers_and_cuts_the_center():
    image = np.zeros((10, 30), np.uint8)
    image[:, 10:20] = 255
    found = resize_image(image, (10, 10), fit="crop")
    assert (found == 255).all()
    wide = resize_image(np.zeros((100, 33), np.uint8), (16, 16), fit="crop")
    assert wide.shape == (16, 16)


def test_wrong_wishes():
    with pytest.raises(ConfigError, match="fit must be"):
        resize_image(np.zeros((4, 4), np.uint8), (2, 2), fit="pad")
    with pytest.raises(ConfigError, match="size"):
        resize_image(np.zeros((4, 4), np.uint8), (0, 2))
