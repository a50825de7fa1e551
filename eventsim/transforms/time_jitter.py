"""Times that are not quite right."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import jitter_kernels
from eventsim.transforms.changing import columns_of, ordered
from eventsim.transforms.ranges import Range, check_range
from eventsim.transforms.ziggurat import ziggurat


@dataclass(frozen=True)
class TimeJitter:
    """Add normal noise to the times; first and last time bound them, so no event leaves its window.

    Attributes
    ----------
    sd_us : number or (low, high)
        Standard deviation, microseconds; chosen by eye.
    """

    sd_us: Range = 100.0

    leaves: ClassVar[str] = (
        "everything that a picture shows: places stay as they are, and faces in them."
    )

    def __post_init__(self) -> None:
        check_range("sd_us", self.sd_us, 0, 1e9)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Shake the times of events."""
        if not len(events):
            return events
        t = np.empty_like(events.t)
        key = np.uint64(rng.child(1).key)
        jitter_kernels.jitter_times(rng.between(0, self.sd_us), key, ziggurat(), events.t, t)
        return ordered([t, *columns_of(events)[1:]], events.size)
