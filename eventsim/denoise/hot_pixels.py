"""Pixels that fire without a cause: found, and silenced."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.denoise import kernels
from eventsim.denoise.filter import MOST_US, Memory, check_number, denoised
from eventsim.events import Events, SensorSize
from eventsim.random import Draws


@dataclass(frozen=True)
class HotPixelFilter:
    """Drop events of pixels that fire far more often than their neighbors.

    Each pixel's events of the last while are counted, older ones fading with ``exp(-age /
    window)``. The score is minus the count of the pixel, this event included, against one more than
    the mean count of its eight neighbors. An edge passes over neighbors too; a hot pixel is alone.

    Attributes
    ----------
    most : float
        Highest ratio that is kept; 5 was chosen by eye: a pixel that fires 5 times in a window.
    window_us : float
        Time in which old events fade to 1 / e; chosen by eye.
    """

    most: float = 5.0
    window_us: float = 1_000_000.0

    def __post_init__(self) -> None:
        check_number("most", self.most, 1, 1e9)
        check_number("window_us", self.window_us, 1, MOST_US)

    @property
    def threshold(self) -> float:
        """Minus the highest ratio."""
        return -self.most

    def memory(self, size: SensorSize) -> Memory:
        """Count of each pixel, and its last time."""
        shape = (size.height + 2, size.width + 2)
        return {"counts": np.zeros(shape), "last_us": np.zeros(shape)}

    def scores(self, events: Events, memory: Memory) -> NDArray[np.float64]:
        """Minus the ratio to the neighbors."""
        scores = np.empty(len(events))
        kernels.compare_rates(
            self.window_us, memory["counts"], memory["last_us"], events.t, events.x, events.y,
            scores,
        )  # fmt: skip
        return scores

    def __call__(self, events: Events, rng: Draws | None = None) -> Events:
        """Keep the signal of a whole stream."""
        return denoised(self, events)


def hot_pixels(events: Events, *, least_hz: float = 5.0, times: float = 10.0) -> NDArray[np.bool_]:
    """Find the hot pixels of a whole recording.

    Parameters
    ----------
    events : Events
        Of a tenth of a second or more: shorter ones say little of a rate.
    least_hz : float
        A hot pixel fires at least so often. Chosen by eye, above the shot noise of most pixels.
    times : float
        And more than so many times as often as the median of the pixels around it, 5 x 5 px.
        Chosen by eye.

    Returns
    -------
    (H, W) ndarray of bool
        At the border, of the pixels that are there.
    """
    width, height = events.size
    count = np.bincount(
        events.y.astype(np.int64) * width + events.x, minlength=width * height
    ).reshape(height, width)
    if not len(events):
        return np.zeros((height, width), np.bool_)
    seconds = max(1, int(events.t[-1] - events.t[0])) / 1e6
    hot: NDArray[np.bool_] = (count >= least_hz * seconds) & (count > 1)
    padded = np.pad(count.astype(np.float64), 2, constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(padded, (5, 5))[hot]
    # The pixel itself is one of 25: it does not move a median.
    hot[hot] = count[hot] > times * np.nanmedian(around, axis=(1, 2))
    return hot
