"""Play at an uneven pace."""

from dataclasses import dataclass

import numpy as np

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import columns_of, settled
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class TimeWarp:
    """Play some stretches faster and others slower; the first and the last moment stay.

    The recording is cut into `pieces` of equal length, the length of each is multiplied by
    ``exp(strength u)`` with its own u from -1 to 1, and all are scaled to the old duration.

    Attributes
    ----------
    strength : number or (low, high)
        0.5: a piece lasts up to 1.65 times longer or shorter, before they are scaled. Chosen by
        eye.
    pieces : int
    """

    strength: Range = 0.5
    pieces: int = 4

    def __post_init__(self) -> None:
        check_range("strength", self.strength, 0, 5)
        if self.pieces < 2:
            raise ConfigError(f"pieces must be 2 or more, found {self.pieces}.")

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Warp the time of events."""
        if not len(events):
            return events
        strength = rng.between(0, self.strength)
        lengths = np.exp(strength * (2 * rng.uniforms(1, self.pieces) - 1))
        ends = np.concatenate([[0.0], np.cumsum(lengths) / lengths.sum()])
        first, span = events.t[0], events.t[-1] - events.t[0]
        even = np.linspace(0, 1, self.pieces + 1)
        t = np.rint(np.interp((events.t - first) / max(1, span), even, ends) * span)
        rest = [column.copy() for column in columns_of(events)[1:]]
        return settled(Events.from_columns([first + t.astype(np.int64), *rest], events.size))
