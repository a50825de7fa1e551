"""Textured pictures that move by known amounts."""

import cv2
import numpy as np
import pytest

SIDE = 96


@pytest.fixture(scope="session")
def texture():
    """A large picture of spots of two sizes, linear light, DN."""
    rng = np.random.default_rng(5)
    noise = rng.random((2, 320, 320)).astype(np.float32)
    spots = cv2.GaussianBlur(noise[0], (0, 0), 2.0) + 4 * cv2.GaussianBlur(noise[1], (0, 0), 8.0)
    spots = (spots - spots.min()) / (spots.max() - spots.min())
    return (10 + 220 * spots**2).astype(np.float32)


@pytest.fixture(scope="session")
def moved(texture):
    """The picture (SIDE, SIDE) whose content has moved by (dx, dy) px."""

    def view(dx, dy=0.0, side=SIDE):
        there = np.array([[1, 0, 110 - dx], [0, 1, 110 - dy]], np.float32)
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(texture, there, (side, side), flags=flags).clip(1, 255)

    return view


@pytest.fixture(scope="session")
def coded():
    """8-bit sRGB numbers of linear light."""

    def code(light):
        c = light / 255
        return np.rint(
            255 * np.where(c <= 0.0031308, 12.92 * c, 1.055 * c ** (1 / 2.4) - 0.055)
        ).astype(np.uint8)

    return code
