"""Small labeled images of shapes, drawn from a seed: to try things without any data."""

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.random import Draws

SHAPES = ("bar", "cross", "plank", "ring")
"""In the order of their labels; a plank lies."""
LEAST_SIDE_PX = 12
THICKNESS_PX = 2


def draw_shapes(
    count: int, *, side_px: int = 20, seed: int = 1
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Draw bright shapes on dark ground, at random places, in random shades.

    Parameters
    ----------
    count : int
    side_px : int
        Of the images, at least `LEAST_SIDE_PX`.
    seed : int

    Returns
    -------
    images : (count, side_px, side_px) ndarray of uint8
        Shapes of 120 to 255 on 20; half as wide as the image, at most a fifth of it off center.
    labels : (count,) ndarray of int64
        Places in `SHAPES`, one after the other.

    Raises
    ------
    ConfigError
        If the side is too short.
    """
    if side_px < LEAST_SIDE_PX:
        raise ConfigError(f"side_px must be at least {LEAST_SIDE_PX}, found {side_px}.")
    images = np.full((count, side_px, side_px), 20, np.uint8)
    labels = np.arange(count) % len(SHAPES)
    half, reach = side_px // 4, side_px // 5
    row, column = np.indices((side_px, side_px)) - side_px // 2
    for k, image in enumerate(images):
        draws = Draws.of(seed, index=k)
        y, x = row - draws.integer(0, -reach, reach), column - draws.integer(1, -reach, reach)
        upright = (np.abs(y) <= half) & (np.abs(2 * x + 1) <= THICKNESS_PX)
        level = (np.abs(x) <= half) & (np.abs(2 * y + 1) <= THICKNESS_PX)
        ring = np.abs(np.hypot(x + 0.5, y + 0.5) - half + THICKNESS_PX / 2) <= THICKNESS_PX / 2
        shape = (upright, upright | level, level, ring)[labels[k]]
        image[shape] = draws.integer(2, 120, 255)
    return images, labels
