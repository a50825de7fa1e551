"""Stacked histogram: counts as bytes, in the layout of RVT."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations import kernels
from eventsim.representations.windows import bin_edges, check_bins, cut


@dataclass(frozen=True)
class StackedHistogram:
    """Counts of each polarity, bin and pixel, cut off at `most`: the input of RVT.

    Attributes
    ----------
    bins : int
        10 of 5 ms in RVT [1]_.
    most : int
        Largest count, up to 255; RVT's ``count_cutoff`` is 10.

    References
    ----------
    .. [1] Gehrig and Scaramuzza, "Recurrent Vision Transformers for Object Detection with Event
       Cameras", CVPR 2023; https://github.com/uzh-rpg/RVT. Its bins reach from the first to the
       last event; pass the window for bins that do not depend on them.
    """

    bins: int = 10
    most: int = 10

    def __post_init__(self) -> None:
        check_bins(self.bins)
        if not 1 <= self.most <= 255:
            raise ConfigError(f"most must be 1 to 255, found {self.most}.")

    def __call__(
        self, events: Events, t0_us: int | None = None, t1_us: int | None = None
    ) -> NDArray[np.uint8]:
        """(2 bins, H, W) uint8: all bins of OFF, then all of ON."""
        events, t0_us, t1_us = cut(events, t0_us, t1_us)
        width, height = events.size
        out = np.zeros((2, self.bins, height, width), np.uint8)
        bounds = np.searchsorted(events.t, bin_edges(t0_us, t1_us, self.bins))
        kernels.count_up_to(events.x, events.y, events.p, bounds, np.uint8(self.most), out)
        return out.reshape(-1, height, width)
