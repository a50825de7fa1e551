"""Blocks of pixels that change places."""

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
        return sent(events, self.rekey_us, lambda n, size: self.table(key, n, size))

    def recover(self, events: Events, key: EventKey, first: int = 0) -> Events:
        """Put them back."""
        return sent(events, self.rekey_us, lambda n, size: self.table(key, n, size), back=True)

    def table(self, key: EventKey, number: int, size: SensorSize) -> Table:
        """(H W,) int64: the pixel that each pixel is sent to in a period, by its number."""
        side = self.block_px
        across, down = -(-size.width // side), -(-size.height // side)
        column, row = np.arange(across * down) % across, np.arange(across * down) // across
        cut_x = (column + 1) * side > size.width
        cut_y = (row + 1) * side > size.height
        shape = cut_x + 2 * cut_y
        blocks = np.argsort(shape, kind="stable")
        bounds = np.append(0, np.cumsum(np.bincount(shape, minlength=4)))
        to = np.empty_like(blocks)
        to[blocks] = shuffled(key, number, blocks, bounds)
        x, y = np.arange(size.width), np.arange(size.height)[:, None]
        there = to[y // side * across + x // side]
        table: Table = (there // across * side + y % side) * size.width
        table += there % across * side + x % side
        return table.ravel()
