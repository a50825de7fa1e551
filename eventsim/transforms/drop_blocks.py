"""Blocks of the sensor that are missing."""

from dataclasses import dataclass

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import kept
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class DropBlocks:
    """Silence random blocks of a grid.

    Attributes
    ----------
    share : number or (low, high)
        Probability with which a block is silent; Event2Vec erases 0.1 of blocks of 16 px [1]_.
    side_px : int

    References
    ----------
    .. [1] Fang and Panda, "Event2Vec: Processing Neuromorphic Events Directly by Representations in
       Vector Space", 2025.
    """

    share: Range = 0.1
    side_px: int = 16

    def __post_init__(self) -> None:
        check_range("share", self.share, 0, 1)
        if self.side_px < 1:
            raise ConfigError(f"side_px must be 1 or more, found {self.side_px}.")

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Drop the events of some blocks."""
        across, down = (-(-side // self.side_px) for side in events.size)
        alive = rng.uniforms(1, across * down) >= rng.between(0, self.share)
        blocks = alive.reshape(down, across)
        return kept(events, blocks[events.y // self.side_px, events.x // self.side_px])
