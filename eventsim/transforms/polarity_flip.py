"""Bright for dark."""

from dataclasses import dataclass

from eventsim.events import Events
from eventsim.random import Draws


@dataclass(frozen=True)
class PolarityFlip:
    """Turn ON events into OFF events, and the other way round: the scene's negative."""

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Flip the polarity of all events."""
        return Events(events.t, events.x, events.y, ~events.p, events.kind, events.size)
