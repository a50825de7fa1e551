"""Objects that cross a still picture, made of a seed: what a still camera sees."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import SensorSize, checked_size
from eventsim.frames import Encoding, Frame
from eventsim.random import Draws
from eventsim.scenes.leaves import paint_disk

STEP_PX = 0.25
"""Largest displacement from one frame to the next, as of `eventsim.motion.moved_image`."""


@dataclass(frozen=True, eq=False)
class MovingObjects:
    """Disks that cross a still picture, straight and with a speed each; they come again.

    Attributes
    ----------
    background : (H, W) ndarray
        Luminance, DN, linear.
    start_px, velocity_px_s : (N, 2) ndarray of float64
        Center at time 0, and how it moves, to the right and down.
    radius_px, luminance_dn : (N,) ndarray of float64
    """

    background: NDArray[np.floating]
    start_px: NDArray[np.float64]
    velocity_px_s: NDArray[np.float64]
    radius_px: NDArray[np.float64]
    luminance_dn: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        background: NDArray[np.floating],
        count: int,
        *,
        seed: int = 0,
        speed_px_s: tuple[float, float] = (20.0, 400.0),
        radius_px: tuple[float, float] = (2.0, 16.0),
    ) -> "MovingObjects":
        """Objects of random sizes, speeds, directions and luminances.

        Parameters
        ----------
        background : (H, W) ndarray
        count : int
        seed : int
        speed_px_s, radius_px : (low, high)
            Log-uniform; chosen by eye.
        """
        if count < 1:
            raise ConfigError(f"count must be 1 or more, found {count}.")
        height, width = background.shape
        rng = Draws.of(seed)
        speed, radius = (
            low * (high / low) ** rng.uniforms(k, count)
            for k, (low, high) in enumerate((speed_px_s, radius_px))
        )
        angle = rng.uniforms(2, count) * 2 * np.pi
        start = np.stack([rng.uniforms(3, count) * width, rng.uniforms(4, count) * height], 1)
        luminance = 10.0 * 25.0 ** rng.uniforms(5, count)  # 10 to 250 DN
        velocity = np.stack([np.cos(angle), np.sin(angle)], 1) * speed[:, None]
        return cls(background, start, velocity, radius, luminance)

    def luminance(self, t_us: float) -> NDArray[np.float32]:
        """Luminance at a moment, (H, W) float32, DN."""
        picture = np.array(self.background, np.float64)
        height, width = picture.shape
        centers = self.start_px + self.velocity_px_s * (t_us * 1e-6)
        for (x, y), radius, gray in zip(centers, self.radius_px, self.luminance_dn, strict=True):
            # It leaves on one side wholly before it comes in on the other.
            reach = 2 * (radius + 1)
            place = ((x + radius + 1) % (width + reach) - radius - 1,
                     (y + radius + 1) % (height + reach) - radius - 1)  # fmt: skip
            paint_disk(picture, place, radius, gray)
        return picture.astype(np.float32)

    def source(self, seconds: float) -> "ObjectFrames":
        """Frames, so often that nothing moves farther than `STEP_PX` from one to the next."""
        fastest = float(np.hypot(*self.velocity_px_s.T).max())
        count = int(np.ceil(seconds * max(fastest / STEP_PX, 10.0))) + 1
        return ObjectFrames(self, np.unique(np.linspace(0, seconds * 1e6, count).astype(np.int64)))


class ObjectFrames:
    """Frames of a scene, rendered one by one; a `eventsim.frames.FrameSource`.

    Parameters
    ----------
    scene : MovingObjects
    t_us : (N,) ndarray of int64
    """

    def __init__(self, scene: MovingObjects, t_us: NDArray[np.int64]) -> None:
        height, width = scene.background.shape
        self.size: SensorSize = checked_size((width, height))
        self.encoding = Encoding("linear")
        self.notes: list[str] = []
        self.lost_frames = 0
        self.expected_frames = len(t_us)
        self._scene, self._t_us = scene, t_us

    def __iter__(self) -> Iterator[Frame]:
        for t_us in self._t_us.tolist():
            yield Frame(t_us, self._scene.luminance(t_us))
