"""Fewer events."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import kernels
from eventsim.transforms.changing import kept
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class Thin:
    """Drop events at random, each by itself.

    Attributes
    ----------
    share : number or (low, high)
        Probability with which an event is dropped. EventDrop's random drop takes 0.1 to 0.9 [1]_.

    References
    ----------
    .. [1] Gu et al., "EventDrop: Data Augmentation for Event-based Learning", IJCAI 2021.
    """

    share: Range = (0.1, 0.9)

    leaves: ClassVar[str] = (
        "outlines, faces and how people walk: what is left of the events is a fair sample of them."
    )

    def __post_init__(self) -> None:
        check_range("share", self.share, 0, 1)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Drop events."""
        mask = np.empty(len(events), np.bool_)
        key = np.uint64(rng.child(1).key)
        kernels.draw_mask(key, 1.0 - rng.between(0, self.share), mask)
        return kept(events, mask)
