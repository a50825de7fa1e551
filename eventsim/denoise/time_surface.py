"""The time surface of an event's own polarity, averaged."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.denoise import kernels
from eventsim.denoise.filter import MOST_US, Memory, check_number, denoised, quiet_planes
from eventsim.events import Events, SensorSize
from eventsim.random import Draws


@dataclass(frozen=True)
class TimeSurfaceFilter:
    """Keep events on a time surface that is high around them.

    The score is the mean of ``exp(-age / decay)`` over those of the nine pixels around, the event's
    own among them, that fired in its polarity before.

    Attributes
    ----------
    least : float
        The least mean.
    decay_us : float
        Both defaults are those of E-MLB's code.

    References
    ----------
    .. [1] X. Lagorce et al., "HOTS: a hierarchy of event-based time-surfaces for pattern
       recognition", IEEE Trans. Pattern Analysis and Machine Intelligence 39(7), 2017.
    .. [2] S. Ding et al., "E-MLB: multilevel benchmark for event-based camera denoising", IEEE
       Trans. Multimedia, 2023; `TimeSurface` of its code.
    """

    least: float = 0.2
    decay_us: float = 20_000.0

    def __post_init__(self) -> None:
        check_number("least", self.least, 0, 1)
        check_number("decay_us", self.decay_us, 1, MOST_US)

    @property
    def threshold(self) -> float:
        """The least mean."""
        return self.least

    def memory(self, size: SensorSize) -> Memory:
        """Last time of each pixel, of each polarity."""
        return {"last_us": quiet_planes(2, size, 1)}

    def scores(self, events: Events, memory: Memory) -> NDArray[np.float64]:
        """Mean of the surface."""
        scores = np.empty(len(events))
        kernels.average_surface(
            self.decay_us, memory["last_us"], events.t, events.x, events.y, events.p, scores
        )
        return scores

    def __call__(self, events: Events, rng: Draws | None = None) -> Events:
        """Keep the signal of a whole stream."""
        return denoised(self, events)
