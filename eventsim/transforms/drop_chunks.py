"""Runs of events that are missing."""

from dataclasses import dataclass

import numpy as np

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import kept


@dataclass(frozen=True)
class DropChunks:
    """Drop runs of events that follow each other, at random places; they may overlap.

    Attributes
    ----------
    chunks, events_each : int
        Event2Vec drops 8 of 256 (see `DropBlocks`).
    """

    chunks: int = 8
    events_each: int = 256

    def __post_init__(self) -> None:
        if min(self.chunks, self.events_each) < 0:
            raise ConfigError(f"chunks and events_each must be 0 or more, found {self}.")

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Drop events."""
        mask = np.ones(len(events), np.bool_)
        for chunk in range(self.chunks):
            first = rng.integer(chunk, 0, max(0, len(events) - self.events_each))
            mask[first : first + self.events_each] = False
        return kept(events, mask)
