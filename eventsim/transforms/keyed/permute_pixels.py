"""Pixels that change places."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from eventsim.events import Events, SensorSize
from eventsim.transforms.keyed.addresses import Table, check_block, check_rekey, sent, shuffled
from eventsim.transforms.keyed.event_key import EventKey


@dataclass(frozen=True)
class PermutePixels:
    """Send the events of each pixel to another one, by an order that only the key gives.

    Attributes
    ----------
    block_px : int or None
        Pixels change places only within blocks of so many px per side, so that coarse places stay;
        None lets them go anywhere.
    rekey_us : int or None
        After so many microseconds the order is another one; None keeps one order for the whole
        recording, which can be found out without the key: pixels that were neighbors go on firing
        together. 10 ms, chosen by eye: a period has too few events then to tell neighbors.
    """

    block_px: int | None = None
    rekey_us: int | None = 10_000

    leaves: ClassVar[str] = (
        "how many events there are and when, their polarities and, with block_px, where things are "
        "to within a block; without rekey_us it does not protect: the order is found from which "
        "pixels fire together."
    )

    def __post_init__(self) -> None:
        check_rekey(self.rekey_us)
        if self.block_px is not None:
            check_block(self.block_px, 2)

    def __call__(self, events: Events, key: EventKey, first: int = 0) -> Events:
        """Send events to other pixels."""
        return sent(events, self.rekey_us, self.tables(key, events.size))

    def recover(self, events: Events, key: EventKey, first: int = 0) -> Events:
        """Send them back."""
        return sent(events, self.rekey_us, self.tables(key, events.size), back=True)

    def tables(self, key: EventKey, size: SensorSize) -> Callable[[int], Table]:
        """A function that gives, for the number of a period, where each pixel is sent to."""
        width, height = size
        pixels = np.arange(width * height)
        if self.block_px is None:
            return lambda number: shuffled(key, number, pixels, np.array([0, pixels.size]))
        across = -(-width // self.block_px)
        block = pixels // width // self.block_px * across + pixels % width // self.block_px
        inside = np.argsort(block, kind="stable")
        bounds = np.append(0, np.cumsum(np.bincount(block)))
        place = np.argsort(inside)
        return lambda number: shuffled(key, number, inside, bounds)[place]
