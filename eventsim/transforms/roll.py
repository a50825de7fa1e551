"""Shift over the sensor, and come in again on the other side."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import settled
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class Roll:
    """Shift the events by whole pixels; what leaves the sensor comes in on the other side.

    Attributes
    ----------
    x_px, y_px : number or (low, high)
        To the right and down. NDA rolls by up to 5 px at 48x48, 3 for N-Caltech101 (see `Rotate`).
    """

    x_px: Range = (-5.0, 5.0)
    y_px: Range = (-5.0, 5.0)

    def __post_init__(self) -> None:
        for name in ("x_px", "y_px"):
            check_range(name, getattr(self, name), -32_767, 32_767)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Shift events around."""
        width, height = events.size
        x = (events.x + np.int32(rng.whole(0, self.x_px))) % np.int32(width)
        y = (events.y + np.int32(rng.whole(1, self.y_px))) % np.int32(height)
        columns: list[NDArray[Any]] = [events.t, x.astype(np.uint16), y.astype(np.uint16)]
        rest = [events.p.copy(), events.kind.copy()]
        return settled(Events.from_columns([*columns, *rest], events.size))
