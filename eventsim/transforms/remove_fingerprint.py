"""Sensors that are not told by their pixels."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import kernels
from eventsim.transforms.changing import kept
from eventsim.transforms.ranges import check_number
from eventsim.transforms.spatial_jitter import SpatialJitter

_REACH = 2
"""Neighbors to each side that a pixel is held against: 5 x 5; chosen by eye."""
_LEAST_EVENTS = 10
"""A pixel with fewer is not hot; chosen by eye."""


@dataclass(frozen=True)
class RemoveFingerprint:
    """Remove what tells one sensor from another: hot pixels, and which pixels fire more easily.

    A pixel far above the median of its neighbors is silenced. One that is above it is thinned until
    it is not. Then each pixel is thinned by a share of its own, drawn again for every recording, so
    that what is left of the pattern says nothing.

    Attributes
    ----------
    hot_factor : float
        Times the median of the 5 x 5 pixels around it that make a pixel hot.
    equalize : float
        From 0, nothing, to 1, down to the median.
    spread : float
        Most that a pixel is thinned by at random.
    jitter_px : float
        Standard deviation of the shift by which neighbors share what is left: without it, what is
        fixed in a sensor comes back in the mean of many recordings. All four chosen by eye.
    """

    hot_factor: float = 8.0
    equalize: float = 1.0
    spread: float = 0.3
    jitter_px: float = 1.5

    leaves: ClassVar[str] = (
        "everybody who is seen, and of the sensor its size, its silent pixels and how fast it is."
    )

    def __post_init__(self) -> None:
        check_number("hot_factor", self.hot_factor, 1, 1e9)
        check_number("equalize", self.equalize, 0, 1)
        check_number("spread", self.spread, 0, 1)
        check_number("jitter_px", self.jitter_px, 0, 100)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Drop events."""
        width, height = events.size
        place = events.y.astype(np.int64) * width + events.x
        counts = np.bincount(place, minlength=width * height).reshape(height, width)
        around = median_around(counts)
        hot = (counts >= _LEAST_EVENTS) & (counts > self.hot_factor * np.maximum(around, 1))
        share = np.minimum(1.0, np.maximum(around, 1) / np.maximum(counts, 1)) ** self.equalize
        share *= 1.0 - self.spread * rng.uniforms(0, width * height).reshape(height, width)
        share[hot] = 0.0
        mask = np.empty(len(events), np.bool_)
        kernels.draw_by_pixel(np.uint64(rng.child(1).key), share.ravel(), place, mask)
        return SpatialJitter(self.jitter_px)(kept(events, mask), rng.child(2))


def median_around(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """(H, W) float64: median of each pixel's neighbors, without itself; the border is repeated."""
    side = 2 * _REACH + 1
    wide = np.pad(counts, _REACH, mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(wide, (side, side))
    flat = around.reshape(*counts.shape, side * side)
    others = np.delete(flat, side * side // 2, axis=2)
    return np.asarray(np.median(others, axis=2), np.float64)
