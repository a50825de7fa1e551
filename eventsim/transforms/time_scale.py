"""Play faster or slower."""

from dataclasses import dataclass

import numpy as np

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import columns_of, settled
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class TimeScale:
    """Stretch time, from the first event on.

    Attributes
    ----------
    factor : number or (low, high)
        2 is half as fast. Chosen by eye: the range that a person's pace varies in.
    """

    factor: Range = (0.8, 1.25)

    def __post_init__(self) -> None:
        check_range("factor", self.factor, 0.001, 1000)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Stretch events."""
        if not len(events):
            return events
        factor = rng.between(0, self.factor)
        t = events.t[0] + np.rint((events.t - events.t[0]) * factor).astype(np.int64)
        # Slowed down less than a microsecond apart, events may fall on the same one.
        rest = [column.copy() for column in columns_of(events)[1:]]
        return settled(Events.from_columns([t, *rest], events.size))
