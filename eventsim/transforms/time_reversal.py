"""Play backwards."""

from dataclasses import dataclass

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import settled


@dataclass(frozen=True)
class TimeReversal:
    """Play the events backwards: what became brighter becomes darker.

    ``t' = t_first + t_last - t``, ``p' = not p``; twice is the identity. Not label-safe where the
    direction of a motion is the class: clockwise becomes counter-clockwise.
    """

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Reverse events."""
        if not len(events):
            return events
        back = events[::-1]
        t = (events.t[0] + events.t[-1]) - back.t
        columns = [t, back.x.copy(), back.y.copy(), ~back.p, back.kind.copy()]
        return settled(Events.from_columns(columns, events.size))
