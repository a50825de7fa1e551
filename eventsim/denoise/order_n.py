"""A memory of lines in place of pixels: O(W + H)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.denoise import kernels
from eventsim.denoise.filter import MOST_US, Memory, check_number, denoised
from eventsim.events import Events, SensorSize
from eventsim.random import Draws


@dataclass(frozen=True)
class OrderN:
    """Keep events beside the last event of their own or the next row or column.

    Of each row and each column the last event alone is known. It supports an event of the same
    polarity that lies beside it (eight neighbors). The score is minus the time since the latest
    that does, microseconds.

    Attributes
    ----------
    window_us : float
        Longest time; 2 ms are those of E-MLB's code.

    References
    ----------
    .. [1] A. Khodamoradi and R. Kastner, "O(N)-space spatiotemporal filter for reducing noise in
       neuromorphic vision sensors", IEEE Trans. Emerging Topics in Computing 9(1), 2021.
    """

    window_us: float = 2000.0

    def __post_init__(self) -> None:
        check_number("window_us", self.window_us, 0, MOST_US)

    @property
    def threshold(self) -> float:
        """Minus the window."""
        return -self.window_us

    def memory(self, size: SensorSize) -> Memory:
        """Time, place and polarity of the last event of each column and each row."""
        return {
            "columns": np.full((size.width + 2, 3), -np.inf),
            "rows": np.full((size.height + 2, 3), -np.inf),
        }

    def scores(self, events: Events, memory: Memory) -> NDArray[np.float64]:
        """Minus the time since an event of a line supports it."""
        scores = np.empty(len(events))
        kernels.find_in_lines(
            memory["columns"], memory["rows"], events.t, events.x, events.y, events.p, scores
        )
        return scores

    def __call__(self, events: Events, rng: Draws | None = None) -> Events:
        """Keep the signal of a whole stream."""
        return denoised(self, events)
