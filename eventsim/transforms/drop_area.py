"""A part of the sensor that is missing."""

from dataclasses import dataclass

import numpy as np

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import kept
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class DropArea:
    """Drop all events inside a box, and no other.

    EventDrop's reference code also drops what lies beside and above the box: a cross.

    Attributes
    ----------
    share : number or (low, high)
        Of each side of the sensor. EventDrop takes 0.05 to 0.25 (see `Thin`).
    """

    share: Range = (0.05, 0.25)

    def __post_init__(self) -> None:
        check_range("share", self.share, 0, 1)

    def box(self, size: tuple[int, int], rng: Draws) -> tuple[int, int, int, int]:
        """Columns x0 <= x < x1 and rows y0 <= y < y1 of the box: (x0, y0, x1, y1)."""
        share = rng.between(0, self.share)
        width, height = (round(share * side) for side in size)
        x, y = rng.integer(1, 0, size[0] - width), rng.integer(2, 0, size[1] - height)
        return x, y, x + width, y + height

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Drop events."""
        x0, y0, x1, y1 = self.box(events.size, rng)
        columns, rows = np.arange(events.size.width), np.arange(events.size.height)
        alive = ~np.logical_and.outer((rows >= y0) & (rows < y1), (columns >= x0) & (columns < x1))
        return kept(events, alive[events.y, events.x])
