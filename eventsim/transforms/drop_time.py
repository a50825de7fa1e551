"""A stretch of time that is missing."""

from dataclasses import dataclass

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import span_us
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class DropTime:
    """Drop all events of a stretch of time that begins anywhere.

    Attributes
    ----------
    share : number or (low, high)
        Length, as a share of the time from the first to the last event; what reaches beyond the end
        is cut off. EventDrop takes 0.1 to 0.9 (see `Thin`).
    """

    share: Range = (0.1, 0.9)

    def __post_init__(self) -> None:
        check_range("share", self.share, 0, 1)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Drop events."""
        start, end = span_us(events)
        first = start + rng.uniform(1) * (end - start)
        last = first + rng.between(0, self.share) * (end - start)
        before, after = events.window(start, round(first)), events.window(round(last), end)
        return Events.concatenate([before, after], events.size)
