"""Shift over the sensor."""

from dataclasses import dataclass

import numpy as np

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import kept
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class Translate:
    """Shift the events by whole pixels; those that leave the sensor are lost.

    Attributes
    ----------
    x_px, y_px : number or (low, high)
        To the right and down. ECDP shifts by up to 20 px at 224x224 [1]_, Event2Vec by 16.

    References
    ----------
    .. [1] Yang, Pan and Liu, "Event Camera Data Pre-training", ICCV 2023.
    """

    x_px: Range = (-5.0, 5.0)
    y_px: Range = (-5.0, 5.0)

    def __post_init__(self) -> None:
        for name in ("x_px", "y_px"):
            check_range(name, getattr(self, name), -32_767, 32_767)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Shift events; their order stays."""
        width, height = events.size
        x = events.x + np.int32(rng.whole(0, self.x_px))
        y = events.y + np.int32(rng.whole(1, self.y_px))
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        shifted = Events(
            events.t,
            x.astype(np.uint16),
            y.astype(np.uint16),
            events.p,
            events.kind,
            events.size,
        )
        return kept(shifted, inside)
