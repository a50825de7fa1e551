"""The spatiotemporal correlation filter: some neighbors, of the same polarity."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.denoise import kernels
from eventsim.denoise.filter import (
    MOST_US,
    Memory,
    check_count,
    check_number,
    denoised,
    quiet_planes,
)
from eventsim.events import Events, SensorSize
from eventsim.random import Draws


@dataclass(frozen=True)
class STCF:
    """Keep events of which some of the eight neighbors fired shortly before.

    The score is minus the time within which so many did, microseconds.

    Attributes
    ----------
    neighbors : int
        How many, 1 to 8. [1]_ finds 2 or 3 best.
    window_us : float
        Longest time; 25 ms are jAER's.
    same_polarity : bool
        Count only events of the event's own polarity. Each pixel's last time of **either** polarity
        is known, where jAER knows the last event alone.

    Notes
    -----
    Of pure Poisson noise, of rate r per pixel (of one polarity, if only the same counts), the share
    ``P(Binomial(8, 1 - exp(-r window)) >= neighbors)`` is kept: each neighbor was there within the
    window with that probability, independently.

    References
    ----------
    .. [1] S. Guo and T. Delbruck, "Low cost and latency event camera background activity
       denoising", IEEE Trans. Pattern Analysis and Machine Intelligence 45(1), 2023.
    """

    neighbors: int = 2
    window_us: float = 25_000.0
    same_polarity: bool = True

    def __post_init__(self) -> None:
        check_count("neighbors", self.neighbors, 1, 8)
        check_number("window_us", self.window_us, 0, MOST_US)

    @property
    def threshold(self) -> float:
        """Minus the window."""
        return -self.window_us

    def memory(self, size: SensorSize) -> Memory:
        """Last time of each pixel, of each polarity."""
        return {"last_us": quiet_planes(1 + self.same_polarity, size, 1)}

    def scores(self, events: Events, memory: Memory) -> NDArray[np.float64]:
        """Minus the time since so many neighbors fired."""
        scores = np.empty(len(events))
        kernels.find_correlated(
            self.neighbors, kernels.EIGHT, False, memory["last_us"], events.t, events.x, events.y,
            events.p, scores,
        )  # fmt: skip
        return scores

    def __call__(self, events: Events, rng: Draws | None = None) -> Events:
        """Keep the signal of a whole stream."""
        return denoised(self, events)
