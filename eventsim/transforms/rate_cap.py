"""Pixels that may not say much."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import kernels
from eventsim.transforms.changing import kept


@dataclass(frozen=True)
class RateCap:
    """Keep the first events of each pixel in each period, and no more.

    How dark or bright an edge is stands in how many events per pixel has; a cap flattens it.

    Attributes
    ----------
    most : int
        Events of a pixel in a period.
    period_us : int
        Microseconds, counted from time 0. Both chosen by eye.
    """

    most: int = 1
    period_us: int = 50_000

    leaves: ClassVar[str] = "the outlines of whatever moves: a line drawing of a face is a face."

    def __post_init__(self) -> None:
        for name, value in (("most", self.most), ("period_us", self.period_us)):
            if not isinstance(value, int) or value < 1:
                raise ConfigError(f"{name} must be a whole number from 1, found {value!r}.")

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Drop events."""
        mask = np.empty(len(events), np.bool_)
        kernels.cap_counts(
            self.most, self.period_us, *events.size, events.t, events.x, events.y, mask
        )
        return kept(events, mask)
