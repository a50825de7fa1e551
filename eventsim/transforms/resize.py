"""Another sensor that sees the same."""

from dataclasses import dataclass

import numpy as np

from eventsim.events import Events, SensorSize, checked_size
from eventsim.random import Draws
from eventsim.transforms.changing import moved


@dataclass(frozen=True)
class Resize:
    """Bring the events to another sensor size, each side by its own factor; none is lost.

    A smaller sensor gets all the events of the pixels that become one. A real one would have seen
    fewer: each pixel averages before it compares.

    Attributes
    ----------
    size : (width, height)
        Px.
    """

    size: tuple[int, int]

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", tuple(checked_size(self.size)))

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Bring events to the size."""
        factors = [to / have for to, have in zip(self.size, events.size, strict=True)]
        matrix = np.array([[factors[0], 0.0, 0.0], [0.0, factors[1], 0.0]])
        return moved(events, matrix, rng.child(0), SensorSize(*self.size))
