"""The background activity filter: one neighbor is enough."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.denoise import kernels
from eventsim.denoise.filter import MOST_US, Memory, check_number, denoised, quiet_planes
from eventsim.events import Events, SensorSize
from eventsim.random import Draws


@dataclass(frozen=True)
class BAF:
    """Keep events of which any of the eight neighbors fired shortly before.

    The score is minus the time since then, microseconds.

    Attributes
    ----------
    window_us : float
        Longest time; an event exactly so much later is kept. 25 ms are jAER's.

    References
    ----------
    .. [1] T. Delbruck, "Frame-free dynamic digital vision", Proc. Intl. Symp. on Secure-Life
       Electronics, Tokyo 2008: the filter; jAER's `BackgroundActivityFilter`: the window.
    """

    window_us: float = 25_000.0

    def __post_init__(self) -> None:
        check_number("window_us", self.window_us, 0, MOST_US)

    @property
    def threshold(self) -> float:
        """Minus the window."""
        return -self.window_us

    def memory(self, size: SensorSize) -> Memory:
        """Last time of each pixel."""
        return {"last_us": quiet_planes(1, size, 1)}

    def scores(self, events: Events, memory: Memory) -> NDArray[np.float64]:
        """Minus the time since a neighbor fired."""
        scores = np.empty(len(events))
        kernels.find_correlated(
            1, kernels.EIGHT, False, memory["last_us"], events.t, events.x, events.y, events.p,
            scores,
        )  # fmt: skip
        return scores

    def __call__(self, events: Events, rng: Draws | None = None) -> Events:
        """Keep the signal of a whole stream."""
        return denoised(self, events)
