"""Fewer and coarser pixels, each of which integrates what comes and fires."""

from dataclasses import dataclass
from typing import ClassVar

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import kernels
from eventsim.transforms.changing import columns_of, room_for, settled


@dataclass(frozen=True)
class IntegrateBlocks:
    """Sum the polarities in each block of pixels; its middle fires when the sum passes a threshold.

    The sum is then less by the threshold, as that of an integrate-and-fire neuron is. The sensor
    keeps its size.

    Attributes
    ----------
    side_px : int
        Of a block. Chosen by eye.
    threshold : int or None
        Events of one polarity more than of the other; None is one per pixel, ``side_px ** 2``.
    """

    side_px: int = 4
    threshold: int | None = None

    leaves: ClassVar[str] = (
        "where things are to within a block, how they move, and their silhouettes: people are told "
        "by how they walk."
    )

    def __post_init__(self) -> None:
        if not isinstance(self.side_px, int) or self.side_px < 1:
            raise ConfigError(f"side_px must be a whole number from 1, found {self.side_px!r}.")
        if self.threshold is not None and (
            not isinstance(self.threshold, int) or self.threshold < 1
        ):
            raise ConfigError(
                f"threshold must be a whole number from 1, or None, found {self.threshold!r}."
            )

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Sum and fire."""
        threshold = self.side_px**2 if self.threshold is None else self.threshold
        room = room_for(len(events))
        n = kernels.integrate_blocks(
            self.side_px, threshold, tuple(events.size), *columns_of(events), tuple(room)
        )
        return settled(Events.from_columns([column[:n] for column in room], events.size))
