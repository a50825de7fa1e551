"""The event-based bilateral filter."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.denoise.age_polarity import AgePolarity
from eventsim.denoise.filter import Memory, denoised
from eventsim.events import Events, SensorSize
from eventsim.random import Draws


@dataclass(frozen=True)
class EBF:
    """Keep events whose neighbors are recent and of the same polarity, weighed together.

    Each pixel of a 5 x 5 px square has a weight of time, ``max(0, 1 - age / window)``, and one of
    polarity, 1 if its last event had the event's own, else 0; the score is the sum of their
    products. It is the rule of `AgePolarity`, found independently, on a smaller square and over a
    longer time.

    Attributes
    ----------
    least : float
        The least sum; published curves sweep it, 1 was chosen by eye.
    window_us : float
        Age that counts nothing any more; the program of [1]_ is told it, and mentions 100 and 128
        ms.
    radius_px : int
        Of the square; 2 is that of the program.

    References
    ----------
    .. [1] C. Shi et al., "EBF: an event-based bilateral filter for effective neuromorphic vision
       sensor denoising", and its code, `ebf1231retest.py` of github.com/shicy17/EBF.
    """

    least: float = 1.0
    window_us: float = 100_000.0
    radius_px: int = 2

    def __post_init__(self) -> None:
        self._rule()

    @property
    def threshold(self) -> float:
        """The least sum."""
        return self.least

    def memory(self, size: SensorSize) -> Memory:
        """Last time of each pixel, where its polarity was."""
        return self._rule().memory(size)

    def scores(self, events: Events, memory: Memory) -> NDArray[np.float64]:
        """Sum of the weights."""
        return self._rule().scores(events, memory)

    def __call__(self, events: Events, rng: Draws | None = None) -> Events:
        """Keep the signal of a whole stream."""
        return denoised(self, events)

    def _rule(self) -> AgePolarity:
        return AgePolarity(self.least, self.window_us, self.radius_px)
