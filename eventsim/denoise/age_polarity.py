"""Neighbors weighed by their age, of the same polarity."""

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
class AgePolarity:
    """Keep events around which enough happened lately, in the same polarity.

    The score is the sum of ``max(0, 1 - age / window)`` over the pixels around whose last event
    was of the same polarity.

    Attributes
    ----------
    least : float
        The least sum.
    window_us : float
        Age that counts nothing any more; 25 ms are jAER's.
    radius_px : int
        Of the square around an event; 3 is 7 x 7 px. The event's own pixel counts nothing.

    References
    ----------
    .. [1] T. Delbruck, jAER's `AgePolarityDenoiser`, 2025: the rule and its threshold of 5; there
       simultaneous events count nothing, here they count fully.
    """

    least: float = 5.0
    window_us: float = 25_000.0
    radius_px: int = 3

    def __post_init__(self) -> None:
        check_number("window_us", self.window_us, 1, MOST_US)
        check_count("radius_px", self.radius_px, 1, 8)
        check_number("least", self.least, 0, (2 * self.radius_px + 1) ** 2)

    @property
    def threshold(self) -> float:
        """The least sum."""
        return self.least

    def memory(self, size: SensorSize) -> Memory:
        """Last time of each pixel, where its polarity was."""
        return {"last_us": quiet_planes(2, size, self.radius_px)}

    def scores(self, events: Events, memory: Memory) -> NDArray[np.float64]:
        """Sum of the weights."""
        scores = np.empty(len(events))
        kernels.weigh_ages(
            self.radius_px, self.window_us, memory["last_us"], np.empty(2 * self.radius_px + 1),
            events.t, events.x, events.y, events.p, scores,
        )  # fmt: skip
        return scores

    def __call__(self, events: Events, rng: Draws | None = None) -> Events:
        """Keep the signal of a whole stream."""
        return denoised(self, events)
