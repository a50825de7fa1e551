"""What mixes of two samples have in common."""

from typing import Protocol, runtime_checkable

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws


@runtime_checkable
class Mix(Protocol):
    """Two samples to one, and the weight of the first one's label."""

    def __call__(self, events: Events, other: Events, rng: Draws) -> tuple[Events, float]:
        """Mix two samples on one time axis."""


Box = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]


def volume_of(events: Events, other: Events) -> Box:
    """The space and time that two samples lie in: half-open ranges of t, y, x.

    Raises
    ------
    ConfigError
        If they are of two sensors.
    """
    if events.size != other.size:
        raise ConfigError(
            f"only samples of one sensor size can be mixed, found {events.size} and {other.size}. "
            "Resize or crop them first."
        )
    times = [int(piece.t[end]) for piece in (events, other) if len(piece) for end in (0, -1)]
    span = (min(times), max(times) + 1) if times else (0, 1)
    return span, (0, events.size.height), (0, events.size.width)


def share_of(first: Events, second: Events) -> float:
    """Share of the first one's events; 1 if there are none at all."""
    total = len(first) + len(second)
    return len(first) / total if total else 1.0
