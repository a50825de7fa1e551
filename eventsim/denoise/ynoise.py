"""Event density: any pixel of nine, in two milliseconds."""

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
class YNoise:
    """Keep events of which some of the nine pixels around fired just before.

    A pixel counts if its last event was of the same polarity; it counts for itself too. The score
    is minus the time within which so many did, microseconds.

    Attributes
    ----------
    density : int
        How many, 1 to 9.
    window_us : float
        Longest time. Both defaults are those of E-MLB's code [2]_, which counts last events; [1]_
        counts all events of the window, and drops hot pixels in a second stage.

    References
    ----------
    .. [1] Y. Feng et al., "Event density based denoising method for dynamic vision sensor", Applied
       Sciences 10(6), 2020.
    .. [2] S. Ding et al., "E-MLB: multilevel benchmark for event-based camera denoising", IEEE
       Trans. Multimedia, 2023; `YangNoise` of its code.
    """

    density: int = 1
    window_us: float = 2000.0

    def __post_init__(self) -> None:
        check_count("density", self.density, 1, 9)
        check_number("window_us", self.window_us, 0, MOST_US)

    @property
    def threshold(self) -> float:
        """Minus the window."""
        return -self.window_us

    def memory(self, size: SensorSize) -> Memory:
        """Last time of each pixel, where its polarity was."""
        return {"last_us": quiet_planes(2, size, 1)}

    def scores(self, events: Events, memory: Memory) -> NDArray[np.float64]:
        """Minus the time since so many pixels fired."""
        scores = np.empty(len(events))
        kernels.find_correlated(
            self.density, kernels.NINE, True, memory["last_us"], events.t, events.x, events.y,
            events.p, scores,
        )  # fmt: skip
        return scores

    def __call__(self, events: Events, rng: Draws | None = None) -> Events:
        """Keep the signal of a whole stream."""
        return denoised(self, events)
