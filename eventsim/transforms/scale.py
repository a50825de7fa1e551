"""Magnify on the sensor."""

from dataclasses import dataclass

import numpy as np

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import about, moved
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class Scale:
    """Magnify the events around the middle of the sensor; those that leave it are lost.

    The number of events stays, where a camera that came closer would see more of them.

    Attributes
    ----------
    factor : number or (low, high)
        EventRPG 0.5 to 1.5 (see `Rotate`), Event2Vec 0.8 to 1.2.
    """

    factor: Range = (0.8, 1.2)

    def __post_init__(self) -> None:
        check_range("factor", self.factor, 0.01, 100)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Magnify events."""
        middle = (events.size.width / 2, events.size.height / 2)
        return moved(events, about(middle, np.eye(2) * rng.between(0, self.factor)), rng.child(1))
