"""Events as they are, as rows of numbers for a network of sequences (Event2Vec)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations.windows import cut


@dataclass(frozen=True)
class EventTokens:
    """A row for each event: place and polarity from -1 to 1, and the time since the one before.

    Attributes
    ----------
    length : int
        Rows. Of more events, so many at even distances are taken (for a random choice use the
        transform `Thin` or `TimeCrop` before); fewer are followed by rows of zeros, which no event
        has, since its polarity is -1 or 1. Event2Vec takes 1,024 to 4,096 [1]_.
    unit_us : float
        Of the time differences.

    References
    ----------
    .. [1] Fang and Panda, "Event2Vec: Processing Neuromorphic Events Directly by Representations in
       Vector Space", 2025.
    """

    length: int = 1024
    unit_us: float = 1000.0

    def __post_init__(self) -> None:
        if self.length < 1 or not self.unit_us > 0:
            raise ConfigError(f"length must be 1 or more and unit_us above 0, found {self}.")

    def __call__(
        self, events: Events, t0_us: int | None = None, t1_us: int | None = None
    ) -> NDArray[np.float32]:
        """(length, 4) float32: x, y, polarity, time since the row before (at first: since t0)."""
        events, t0_us, _ = cut(events, t0_us, t1_us)
        if len(events) > self.length:
            events = events[np.arange(self.length) * len(events) // self.length]
        out = np.zeros((self.length, 4), np.float32)
        n = len(events)
        for column, (place, side) in enumerate(zip((events.x, events.y), events.size, strict=True)):
            out[:n, column] = 2.0 * place / max(1, side - 1) - 1.0
        out[:n, 2] = np.where(events.p, 1.0, -1.0)
        out[:n, 3] = np.diff(events.t, prepend=t0_us) / self.unit_us
        return out
