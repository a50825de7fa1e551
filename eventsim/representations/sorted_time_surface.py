"""Discounted and sorted time surface (DiST): the order in which pixels fired last."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations import kernels
from eventsim.representations.windows import cut


@dataclass(frozen=True)
class SortedTimeSurface:
    """Rank of each pixel by the time of its last event, lonely and slow places discounted.

    With times from 0 to 1 in the window, in a patch of `patch_px` around each pixel::

        last - alpha (latest of the patch - earliest of the patch) / events of the patch

    not below 0, and 0 for a pixel with no other event around it. The result is the rank of that
    value among the different ones of its polarity, divided by their number [1]_. Counts are cut off
    at the 99th percentile, so that hot pixels do not weigh.

    Attributes
    ----------
    alpha : float
        3 in the authors' code.
    patch_px : int
        Odd; 5 in the authors' code.

    References
    ----------
    .. [1] Kim et al., "N-ImageNet: Towards Robust, Fine-Grained Object Recognition with Event
       Cameras", ICCV 2021; https://github.com/82magnolia/n_imagenet.
    """

    alpha: float = 3.0
    patch_px: int = 5

    def __post_init__(self) -> None:
        if self.patch_px < 1 or self.patch_px % 2 == 0 or not self.alpha >= 0:
            raise ConfigError(f"patch_px must be odd and alpha 0 or more, found {self}.")

    def __call__(
        self, events: Events, t0_us: int | None = None, t1_us: int | None = None
    ) -> NDArray[np.float32]:
        """(2, H, W) float32 in [0, 1); 0 where a pixel has not fired."""
        events, t0_us, t1_us = cut(events, t0_us, t1_us)
        shape = (2, events.size.height, events.size.width)
        counts, first, last = np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape)
        passed = (events.t - t0_us) / (t1_us - t0_us)
        columns = (passed, events.x, events.y, events.p)
        kernels.first_and_last(*columns, counts, first, last)
        return np.stack([self._ranked(*planes) for planes in zip(counts, first, last, strict=True)])

    def _ranked(
        self, counts: NDArray[np.int64], first: NDArray[np.float64], last: NDArray[np.float64]
    ) -> NDArray[np.float32]:
        fired = counts > 0
        most = max(1, int(np.percentile(counts, 99, method="inverted_cdf")))
        around = self._patches(np.minimum(counts, most), 0).sum((2, 3))
        latest = self._patches(last, 0.0).max((2, 3))
        earliest = self._patches(np.where(fired, first, 1.0), 1.0).min((2, 3))
        discount = self.alpha * (latest - earliest) / np.maximum(around, 1)
        value = np.where(fired & (around > 1), np.maximum(last - discount, 0.0), 0.0)
        different, rank = np.unique(value, return_inverse=True)
        return (rank.reshape(value.shape) / different.size).astype(np.float32)

    def _patches(self, plane: NDArray[np.generic], outside: float) -> NDArray[np.generic]:
        """(H, W, patch, patch): the neighborhood of each pixel."""
        padded = np.pad(plane, self.patch_px // 2, constant_values=outside)
        return sliding_window_view(padded, (self.patch_px, self.patch_px))
