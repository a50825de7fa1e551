"""What a room does to the light of a picture: brighter or darker, a veil, and flicker."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.sources.flicker import FRAMES_PER_PERIOD


@dataclass(frozen=True)
class Lighting:
    """Light in which a picture is seen.

    Attributes
    ----------
    brightness : float
        Factor on the luminance of the picture, > 0: dimmer lamps, a smaller aperture.
    ambient_dn : float
        Luminance that is added everywhere, DN (255 is white), >= 0: a veil of room light that the
        monitor or the lens reflects, which takes contrast away.
    flicker_hz : float
        Frequency of the flicker, Hz; 0 is none.
    flicker_depth : float
        Its amplitude as a share of the mean, in [0, 1).

    Notes
    -----
    ``L = brightness L_image (1 + depth sin(2 pi f t)) + ambient``. The sine stands for the first
    harmonic of a lamp on the mains (twice its frequency, 100 or 120 Hz) or of the refresh of a
    monitor (60 Hz); t is the time of the path.

    Examples
    --------
    >>> Lighting(0.5, flicker_hz=100, flicker_depth=0.2).gain(np.array([0, 2500])).tolist()
    [0.5, 0.6]
    """

    brightness: float = 1.0
    ambient_dn: float = 0.0
    flicker_hz: float = 0.0
    flicker_depth: float = 0.0

    def __post_init__(self) -> None:
        allowed = {
            "brightness": 0 < self.brightness < math.inf,
            "ambient_dn": 0 <= self.ambient_dn < math.inf,
            "flicker_hz": 0 <= self.flicker_hz <= 10_000,
            "flicker_depth": 0 <= self.flicker_depth < 1,
        }
        ranges = {
            "brightness": "above 0",
            "ambient_dn": "0 or more",
            "flicker_hz": "from 0 to 10000",
            "flicker_depth": "from 0 to below 1",
        }
        for name, right in allowed.items():
            if not right:
                raise ConfigError(f"{name} must be {ranges[name]}, found {getattr(self, name):g}.")
        if (self.flicker_hz > 0) != (self.flicker_depth > 0):
            raise ConfigError(
                "flicker_hz and flicker_depth must both be zero or both be positive, found "
                f"{self.flicker_hz:g} and {self.flicker_depth:g}."
            )

    def gain(self, t_us: NDArray[np.int64]) -> NDArray[np.float64]:
        """Factor on the luminance of the picture.

        Parameters
        ----------
        t_us : (n,) ndarray of int64
            Microseconds.

        Returns
        -------
        (n,) ndarray of float64
        """
        if not self.flicker_hz:
            return np.full(t_us.shape, self.brightness)
        wave = np.sin(2 * np.pi * self.flicker_hz * 1e-6 * t_us)
        return np.asarray(self.brightness * (1 + self.flicker_depth * wave), np.float64)

    @property
    def longest_us(self) -> int | None:
        """Longest time between two frames that shows the flicker, microseconds; None: any."""
        if not self.flicker_hz:
            return None
        return max(1, math.floor(1e6 / self.flicker_hz / FRAMES_PER_PERIOD))
