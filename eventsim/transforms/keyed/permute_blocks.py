"""Blocks of pixels that change places."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from eventsim.events import Events, SensorSize
from eventsim.transforms.keyed.addresses import Table, check_block, check_rekey, sent, shuffled
from eventsim.transforms.keyed.event_key import EventKey


@dataclass(frozen=True)
class PermuteBlocks:
    """Exchange whole blocks of the sensor, each with what it shows left as it is.

    Networks that look at small patches go on working. Blocks that the border of the sensor cuts
    change places with those of their shape.

    Attributes
    ----------
    block_px : int
        Side of a block, px. Chosen by eye.
    rekey_us : int or None
        As in `PermutePixels`.
    """

    block_px: int = 8
    rekey_us: int | None = 10_000

    leaves: ClassVar[str] = (
        "what each block shows, such as an eye; how many events there are and when. Blocks can be "
        "put together again like a jigsaw where their borders fit."
    )

    def __post_init__(self) -> None:
        check_rekey(self.rekey_us)
        check_block(self.block_px, 1)

    def __call__(self, events: Events, key: EventKey, first: int = 0) -> Events:
        """Exchange the blocks."""
        return sent(events, self.rekey_us, self.tables(key, events.size))

    def recover(self, events: Events, key: EventKey, first: int = 0) -> Events:
        """Put them back."""
        return sent(events, self.rekey_us, self.tables(key, events.size), back=True)

    def tables(self, key: EventKey, size: SensorSize) -> Callable[[int], Table]:
        """A function that gives, for the number of a period, where each pixel is sent to."""
        side = self.block_px
        across, down = -(-size.width // side), -(-size.height // side)
        column, row = np.arange(across * down) % across, np.arange(across * down) // across
        shape = ((column + 1) * side > size.width) + 2 * ((row + 1) * side > size.height)
        blocks = np.argsort(shape, kind="stable")
        bounds = np.append(0, np.cumsum(np.bincount(shape, minlength=4)))
        place = np.argsort(blocks)
        corner = row * side * size.width + column * side
        x, y = np.arange(size.width), np.arange(size.height)[:, None]
        block = (y // side * across + x // side).ravel()
        offset = (y % side * size.width + x % side).ravel()
        return lambda number: corner[shuffled(key, number, blocks, bounds)[place]][block] + offset
