"""A scramble by a chaotic map: a baseline that is broken, for comparison."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events, SensorSize
from eventsim.transforms.keyed.addresses import Table, check_rekey, sent
from eventsim.transforms.keyed.event_key import EventKey

_BURN_IN = 1000
"""Values thrown away at first, as image encryption by chaotic maps does; chosen by eye."""
_CHAOS_FROM = 3.57
"""Where the logistic map becomes chaotic (May 1976, 3.5699); below it, values repeat."""


@dataclass(frozen=True)
class ChaoticScramble:
    """Send each pixel to another one by the order of the values of a logistic map.

    **Not secure.** It is here to be compared with: event streams were scrambled so [1]_. A chaotic
    map in floating point is no cipher: its values are not alike, neighbors in the sequence depend
    on each other, and the whole key is one number of 53 bits. Use `PermutePixels`.

    Attributes
    ----------
    r : float
        Parameter of the map ``v <- r v (1 - v)``, in (3.57, 4). Chosen by eye.
    rekey_us : int or None
        As in `PermutePixels`.

    References
    ----------
    .. [1] Du et al., "Event Encryption for Neuromorphic Vision Sensors: Framework, Algorithm, and
       Evaluation", Sensors 21(13), 2021, uses a map of two dimensions and also turns polarities.
    """

    r: float = 3.99
    rekey_us: int | None = None

    leaves: ClassVar[str] = (
        "nearly everything: a chaotic map is no cipher, and one order for a whole recording is "
        "found from which pixels fire together. A baseline, not a protection."
    )

    def __post_init__(self) -> None:
        check_rekey(self.rekey_us)
        if not _CHAOS_FROM < self.r < 4:
            raise ConfigError(f"r must be between {_CHAOS_FROM} and 4, found {self.r!r}.")

    def __call__(self, events: Events, key: EventKey, first: int = 0) -> Events:
        """Send events to other pixels."""
        return sent(events, self.rekey_us, self.tables(key, events.size))

    def recover(self, events: Events, key: EventKey, first: int = 0) -> Events:
        """Send them back."""
        return sent(events, self.rekey_us, self.tables(key, events.size), back=True)

    def tables(self, key: EventKey, size: SensorSize) -> Callable[[int], Table]:
        """A function that gives, for the number of a period, where each pixel is sent to."""

        def table(number: int) -> Table:
            start = hashlib.sha256(key.secret + str(number).encode()).digest()
            value = (int.from_bytes(start[:8], "little") + 0.5) * 2.0**-64
            return np.argsort(self._values(value, size.width * size.height), kind="stable")

        return table

    def _values(self, value: float, count: int) -> NDArray[np.float64]:
        values = np.empty(count)
        for n in range(-_BURN_IN, count):
            value = self.r * value * (1.0 - value)
            values[max(n, 0)] = value
        return values
