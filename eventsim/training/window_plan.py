"""Which windows there are in a set of recordings: known from their table, nothing is read."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError

Unit = Literal["us", "events"]


@dataclass(frozen=True, eq=False)
class WindowPlan:
    """Windows of recordings, numbered through.

    Attributes
    ----------
    unit : {"us", "events"}
        What windows are measured in.
    length, stride : int
        Of a window, and from one to the next; length 0 is a whole recording.
    ends : (R,) ndarray of int64
        Windows up to and including each recording.
    """

    unit: Unit
    length: int
    stride: int
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.ends[-1]) if len(self.ends) else 0

    def find(self, index: int) -> tuple[int, int]:
        """Place of the recording that a window lies in, and where in it it begins, in `unit`."""
        place = int(np.searchsorted(self.ends, index, side="right"))
        before = int(self.ends[place - 1]) if place else 0
        return place, (index - before) * self.stride


def plan_windows(
    lengths_us: NDArray[np.int64],
    counts: NDArray[np.int64],
    *,
    window_us: int | None,
    count: int | None,
    stride: int | None,
) -> WindowPlan:
    """Lay windows over recordings.

    Parameters
    ----------
    lengths_us, counts : (R,) ndarray of int64
        Duration and number of events of each recording.
    window_us, count : int, optional
        Length of a window in microseconds or events; without both, recordings are whole.
    stride : int, optional
        From one window to the next, in the same unit; a window's length if it is left out.

    Returns
    -------
    WindowPlan
        Whole windows: what is left at the end of a recording is not used. A recording that is
        shorter than a window is one.

    Raises
    ------
    ConfigError
        If both lengths are given, or one is not above 0.
    """
    if window_us is not None and count is not None:
        raise ConfigError("windows are measured by window_us or by count, found both. Give one.")
    length = window_us if window_us is not None else count
    if length is None:
        if stride is not None:
            raise ConfigError("stride needs window_us or count; whole recordings have none.")
        return WindowPlan("us", 0, 0, np.arange(1, len(counts) + 1, dtype=np.int64))
    stride = length if stride is None else stride
    if min(length, stride) < 1 or int(length) != length or int(stride) != stride:
        raise ConfigError(
            "window_us, count and stride must be whole numbers, 1 or more, found "
            f"{length} and {stride}."
        )
    length, stride = int(length), int(stride)  # 50e3 is whole
    sizes = lengths_us if window_us is not None else counts
    ends = np.cumsum(np.maximum(0, (sizes - length) // stride) + 1)
    return WindowPlan("us" if window_us is not None else "events", length, stride, ends)
