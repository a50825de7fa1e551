"""Two windows of last events, kept and dropped: a few hundred bytes."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from eventsim.denoise import kernels
from eventsim.denoise.filter import Memory, check_count, denoised
from eventsim.events import Events, SensorSize
from eventsim.random import Draws

_SWEPT_PX = (0, 1, 2, 3, 4, 6, 9, 13, 20, 30, 45, 70, 100, 150, 250, 400)
"""Each about half as far again; chosen by eye."""


@dataclass(frozen=True)
class DoubleWindow:
    """Keep events near to some of the last events, wherever those are.

    The last events that were kept and the last that were dropped are two windows. The score is how
    many of both are at most so far away (columns and rows added).

    Attributes
    ----------
    distance_px : int
        Longest distance.
    matches : int
        How many.
    length : int
        Of each window. All defaults are those of E-MLB's code [2]_.

    References
    ----------
    .. [1] S. Guo and T. Delbruck, "Low cost and latency event camera background activity
       denoising", IEEE Trans. Pattern Analysis and Machine Intelligence 45(1), 2023.
    .. [2] S. Ding et al., "E-MLB: multilevel benchmark for event-based camera denoising", IEEE
       Trans. Multimedia, 2023; `DoubleWindowFilter` of its code.
    """

    distance_px: int = 9
    matches: int = 1
    length: int = 36

    def __post_init__(self) -> None:
        check_count("distance_px", self.distance_px, 0, 65_535)
        check_count("length", self.length, 1, 65_536)
        check_count("matches", self.matches, 1, 2 * self.length)

    @property
    def threshold(self) -> float:
        """The least number of events near by."""
        return float(self.matches)

    @property
    def swept(self) -> "tuple[DoubleWindow, ...]":
        """It with other distances, for a curve: what it remembers depends on what it kept."""
        return tuple(replace(self, distance_px=px) for px in _SWEPT_PX)

    def memory(self, size: SensorSize) -> Memory:
        """Columns and rows of the last events, and where the next ones go."""
        nowhere = np.full((2, self.length), -(2**20), np.int32)
        return {"kept": nowhere, "dropped": nowhere.copy(), "next": np.zeros(2, np.int64)}

    def scores(self, events: Events, memory: Memory) -> NDArray[np.float64]:
        """Number of events near by."""
        scores = np.empty(len(events))
        kernels.count_in_windows(
            self.distance_px, self.matches, memory["kept"], memory["dropped"], memory["next"],
            events.x, events.y, scores,
        )  # fmt: skip
        return scores

    def __call__(self, events: Events, rng: Draws | None = None) -> Events:
        """Keep the signal of a whole stream."""
        return denoised(self, events)
