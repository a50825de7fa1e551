"""Turn around a point."""

from dataclasses import dataclass
from math import radians
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import about, moved
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class Rotate:
    """Turn the events; those that leave the sensor are lost.

    Attributes
    ----------
    angle_deg : number or (low, high)
        Clockwise as seen on the sensor, in [-180, 180]. NDA turns by up to 30 degrees for
        CIFAR10-DVS and 15 for N-Caltech101 [1]_, EventRPG by up to 60 [2]_.
    center : {"sensor", "events"}
        Middle of the sensor, or of the box around the events (EventRPG's).

    References
    ----------
    .. [1] Li et al., "Neuromorphic Data Augmentation for Training Spiking Neural Networks",
       ECCV 2022.
    .. [2] Sun et al., "EventRPG: Event Data Augmentation with Relevance Propagation Guidance",
       ICLR 2024.
    """

    angle_deg: Range = (-15.0, 15.0)
    center: Literal["sensor", "events"] = "sensor"

    def __post_init__(self) -> None:
        check_range("angle_deg", self.angle_deg, -180, 180)
        if self.center not in ("sensor", "events"):
            raise ConfigError(f"center must be sensor or events, found {self.center!r}.")

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Turn events."""
        angle = radians(rng.between(0, self.angle_deg))
        linear = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        point = (events.size.width / 2, events.size.height / 2)
        if self.center == "events" and len(events):
            point = (_middle(events.x), _middle(events.y))
        return moved(events, about(point, linear), rng.child(1))


def _middle(place: NDArray[np.uint16]) -> float:
    """Middle of the pixels that events lie in."""
    return (int(place.min()) + int(place.max()) + 1) / 2
