"""Binary planes: whether a pixel fired in a bin."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events
from eventsim.representations.event_frames import EventFrames
from eventsim.representations.windows import check_bins


@dataclass(frozen=True)
class BinaryPlanes:
    """1 where a pixel fired in a bin of time, once or more: the input of a spiking network.

    Attributes
    ----------
    bins : int
    """

    bins: int = 8

    def __post_init__(self) -> None:
        check_bins(self.bins)

    def __call__(
        self, events: Events, t0_us: int | None = None, t1_us: int | None = None
    ) -> NDArray[np.uint8]:
        """(bins, 2, H, W) uint8, 0 or 1; polarity 0 is OFF, 1 is ON."""
        return (EventFrames(self.bins)(events, t0_us, t1_us) > 0).astype(np.uint8)
