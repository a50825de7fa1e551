"""Group tokens (GET): counts and times by bin, polarity and place in a patch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations import kernels
from eventsim.representations.windows import check_bins, cut


@dataclass(frozen=True)
class GroupTokens:
    """Two histograms over (bin, polarity, place in the patch, patch): counts, and sums of times.

    Time runs from 0 to 1 in the window.

    Attributes
    ----------
    bins : int
        12 for CIFAR10-DVS and 24 for DVS Gesture in the authors' code [1]_ (half of its
        ``embed_split``).
    patch_px : int
        4 there. A sensor that it does not divide is filled up to the right and below.

    References
    ----------
    .. [1] Peng et al., "GET: Group Event Transformer for Event-Based Vision", ICCV 2023;
       https://github.com/Peterande/GET-Group-Event-Transformer.
    """

    bins: int = 12
    patch_px: int = 4

    def __post_init__(self) -> None:
        check_bins(self.bins)
        if self.patch_px < 1:
            raise ConfigError(f"patch_px must be 1 or more, found {self.patch_px}.")

    def __call__(
        self, events: Events, t0_us: int | None = None, t1_us: int | None = None
    ) -> NDArray[np.float32]:
        """(4 bins patch**2, ceil(H / patch), ceil(W / patch)) float32.

        Channels are (counts or times, bin, polarity, place in the patch row by row), the last one
        running fastest; the first half holds the counts.
        """
        events, t0_us, t1_us = cut(events, t0_us, t1_us)
        rows, columns = (-(-side // self.patch_px) for side in events.size[::-1])
        out = np.zeros((2, self.bins, 2, self.patch_px**2, rows, columns), np.float32)
        values = (events.t, events.x, events.y, events.p)
        kernels.group(*values, t0_us, t1_us, self.patch_px, out)
        return out.reshape(-1, rows, columns)
