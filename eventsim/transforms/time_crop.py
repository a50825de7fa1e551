"""A stretch of time."""

from dataclasses import dataclass

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import span_us
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class TimeCrop:
    """Keep the events of a stretch of time at a random place; their times stay.

    Attributes
    ----------
    share : number or (low, high)
        Length of the stretch, as a share of the time from the first to the last event;
        chosen by eye.
    """

    share: Range = (0.5, 1.0)

    def __post_init__(self) -> None:
        check_range("share", self.share, 0, 1)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Cut a stretch out."""
        start, end = span_us(events)
        length = round((end - start) * rng.between(0, self.share))
        first = start + rng.integer(1, 0, end - start - length)
        return events.window(first, first + length)
