"""Two recordings of the same moments, side by side on one wide sensor."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events, SensorSize
from eventsim.transforms.changing import merged
from eventsim.view.windows import Viewable

_GAP = 32
"""The gap is the width of both divided by this; chosen by eye."""


@dataclass(frozen=True)
class Beside:
    """A recording and, to its right, what became of it; is looked at like one recording.

    Attributes
    ----------
    left : Viewable
    right : Events
    """

    left: Viewable
    right: Events

    @property
    def size(self) -> SensorSize:
        """Of both together, with a gap."""
        right = self.right.size
        return SensorSize(self._right_px + right.width, max(self.left.size.height, right.height))

    @property
    def frame_t_us(self) -> NDArray[np.int64]:
        """Of the left one, if it has some."""
        return np.asarray(getattr(self.left, "frame_t_us", ()), np.int64)

    @property
    def span_us(self) -> tuple[int, ...]:
        """First and last moment of events that come without frames; nothing of others."""
        if not isinstance(self.left, Events) or not len(self.left):
            return ()
        return int(self.left.t[0]), int(self.left.t[-1])

    def window(self, t0_us: int, t1_us: int) -> Events:
        """Events of both with ``t0_us <= t < t1_us``."""
        pieces = [
            Events(e.t, e.x + np.uint16(shift), e.y, e.p, e.kind, self.size)
            for e, shift in (
                (self.left.window(t0_us, t1_us), 0),
                (self.right.window(t0_us, t1_us), self._right_px),
            )
        ]
        return merged(*pieces)

    @property
    def _right_px(self) -> int:
        """Column at which the right one begins."""
        left = self.left.size.width
        return left + max(2, (left + self.right.size.width) // _GAP)
