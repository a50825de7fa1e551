"""Dead pixels."""

from dataclasses import dataclass

import numpy as np

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import kernels
from eventsim.transforms.changing import kept
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class DropPixels:
    """Silence random pixels.

    Attributes
    ----------
    share : number or (low, high)
        Probability with which a pixel is dead; chosen by eye.
    """

    share: Range = (0.0, 0.2)

    def __post_init__(self) -> None:
        check_range("share", self.share, 0, 1)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Drop the events of some pixels."""
        mask, key = np.empty(len(events), np.bool_), np.uint64(rng.child(1).key)
        alive = 1.0 - rng.between(0, self.share)
        # Drawn for each event by its pixel: a large sensor costs no more than its events.
        kernels.draw_pixel_mask(key, alive, events.size.width, events.x, events.y, mask)
        return kept(events, mask)
