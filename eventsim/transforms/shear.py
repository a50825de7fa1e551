"""Slant the sensor."""

from dataclasses import dataclass

import numpy as np

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import about, moved
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class Shear:
    """Slant the events around the middle of the sensor; those that leave it are lost.

    Attributes
    ----------
    x, y : number or (low, high)
        Pixels to the right for each pixel down, and down for each to the right: the tangent of the
        angle. EventRPG slants by up to 0.3, NDA by up to 30 degrees, 0.58 (see `Rotate`).
    """

    x: Range = (-0.3, 0.3)
    y: Range = 0.0

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            check_range(name, getattr(self, name), -10, 10)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Slant events."""
        linear = np.array([[1.0, rng.between(0, self.x)], [rng.between(1, self.y), 1.0]])
        middle = (events.size.width / 2, events.size.height / 2)
        return moved(events, about(middle, linear), rng.child(2))
