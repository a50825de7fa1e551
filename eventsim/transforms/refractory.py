"""Pixels that need a rest."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import kernels
from eventsim.transforms.changing import kept
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class Refractory:
    """Drop events that come too soon after the last one of their pixel that was kept.

    Attributes
    ----------
    period_us : number or (low, high)
        Microseconds; an event exactly so much later is kept. Chosen by eye.
    """

    period_us: Range = 1000.0

    leaves: ClassVar[str] = "the outlines of whatever moves: a line drawing of a face is a face."

    def __post_init__(self) -> None:
        check_range("period_us", self.period_us, 0, 1e12)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Drop events."""
        mask = np.empty(len(events), np.bool_)
        period_us = round(rng.between(0, self.period_us))
        kernels.find_refractory(period_us, *events.size, events.t, events.x, events.y, mask)
        return kept(events, mask)
