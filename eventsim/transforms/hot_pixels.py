"""Pixels that fire without a cause."""

from dataclasses import dataclass

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.ranges import Range
from eventsim.transforms.sensor_noise import SensorNoise


@dataclass(frozen=True)
class HotPixels:
    """Add the ON events of hot pixels, as the simulator makes them (kind hot).

    Attributes
    ----------
    share : number or (low, high)
        Of the pixels.
    rate_hz : number or (low, high)
        Of a hot pixel. Both ranges were chosen by eye.
    """

    share: Range = (0.0, 0.002)
    rate_hz: Range = (10.0, 1000.0)

    def __post_init__(self) -> None:
        self._noise()

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Add events."""
        return self._noise()(events, rng)

    def _noise(self) -> SensorNoise:
        return SensorNoise(0.0, 0.0, self.share, self.rate_hz, 0.0)
