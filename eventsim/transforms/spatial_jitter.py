"""Places that are not quite right."""

from dataclasses import dataclass

import numpy as np

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import kept, settled
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class SpatialJitter:
    """Shift each event by its own normal noise, rounded; those that leave the sensor are lost.

    Attributes
    ----------
    sd_px : number or (low, high)
        Standard deviation, px, of each coordinate.
    """

    sd_px: Range = 1.0

    def __post_init__(self) -> None:
        check_range("sd_px", self.sd_px, 0, 10_000)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Shake the places of events."""
        sd_px, n = rng.between(0, self.sd_px), len(events)
        x = events.x + np.rint(sd_px * rng.normals(1, n)).astype(np.int32)
        y = events.y + np.rint(sd_px * rng.normals(2, n)).astype(np.int32)
        inside = (x >= 0) & (x < events.size.width) & (y >= 0) & (y < events.size.height)
        x, y = x.astype(np.uint16), y.astype(np.uint16)
        return settled(kept(Events(events.t, x, y, events.p, events.kind, events.size), inside))
