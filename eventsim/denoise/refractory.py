"""Pixels that fire too often."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.denoise import kernels
from eventsim.denoise.filter import MOST_US, Memory, check_number, denoised, quiet_planes
from eventsim.events import Events, SensorSize
from eventsim.random import Draws


@dataclass(frozen=True)
class RefractoryFilter:
    """Keep events whose pixel was silent before.

    The score is the time since the pixel's last event, microseconds, whether that was kept or not
    (as jAER and tonic count; `eventsim.transforms.Refractory` counts from the last one kept). It
    thins bursts; background noise, of pixels that fire rarely, it lets pass.

    Attributes
    ----------
    period_us : float
        An event exactly so much later is kept. 1 ms was chosen by eye.
    """

    period_us: float = 1000.0

    def __post_init__(self) -> None:
        check_number("period_us", self.period_us, 0, MOST_US)

    @property
    def threshold(self) -> float:
        """The period."""
        return self.period_us

    def memory(self, size: SensorSize) -> Memory:
        """Last time of each pixel."""
        return {"last_us": quiet_planes(1, size, 0)[0]}

    def scores(self, events: Events, memory: Memory) -> NDArray[np.float64]:
        """Time since the pixel's last event."""
        scores = np.empty(len(events))
        kernels.find_rested(memory["last_us"], events.t, events.x, events.y, scores)
        return scores

    def __call__(self, events: Events, rng: Draws | None = None) -> Events:
        """Keep the signal of a whole stream."""
        return denoised(self, events)
