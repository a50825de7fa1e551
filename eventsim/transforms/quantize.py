"""Coarser times and places."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import columns_of, ordered


@dataclass(frozen=True)
class Quantize:
    """Round times down to whole steps, and places to the middles of blocks.

    Attributes
    ----------
    step_us : int
        Microseconds, counted from time 0. 10 ms blur the rhythm of a movement; chosen by eye.
    side_px : int
        Of a block; 1 leaves places as they are.
    """

    step_us: int = 10_000
    side_px: int = 1

    leaves: ClassVar[str] = (
        "the outlines of whatever moves, to within a block, and how many events each place has."
    )

    def __post_init__(self) -> None:
        for name, value in (("step_us", self.step_us), ("side_px", self.side_px)):
            if not isinstance(value, int) or value < 1:
                raise ConfigError(f"{name} must be a whole number from 1, found {value!r}.")

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Round times and places."""
        t, x, y, p, kind = columns_of(events)
        t = t // self.step_us * self.step_us
        if self.side_px > 1:
            side, limits = self.side_px, np.array(events.size) - 1
            x = np.minimum(x // side * side + side // 2, limits[0]).astype(np.uint16)
            y = np.minimum(y // side * side + side // 2, limits[1]).astype(np.uint16)
        return ordered([t, x, y, p, kind], events.size)
