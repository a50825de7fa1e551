"""Places that are not quite right."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import jitter_kernels
from eventsim.transforms.changing import columns_of, room_for
from eventsim.transforms.ranges import Range, check_range
from eventsim.transforms.ziggurat import ziggurat


@dataclass(frozen=True)
class SpatialJitter:
    """Shift each event by its own normal noise, rounded; those that leave the sensor are lost.

    Attributes
    ----------
    sd_px : number or (low, high)
        Standard deviation, px, of each coordinate; 1 is tonic's default, too.
    """

    sd_px: Range = 1.0

    leaves: ClassVar[str] = (
        "what a picture of many events shows: the noise averages out, and silhouettes and the way "
        "people walk stay."
    )

    def __post_init__(self) -> None:
        check_range("sd_px", self.sd_px, 0, 10_000)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Shake the places of events."""
        key, room = np.uint64(rng.child(1).key), room_for(len(events))
        sd_px = rng.between(0, self.sd_px)
        n = jitter_kernels.jitter_places(
            sd_px, key, ziggurat(), tuple(events.size), *columns_of(events), tuple(room)
        )
        return Events.from_columns([column[:n] for column in room], events.size)
