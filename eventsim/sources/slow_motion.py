"""High-speed footage that is stored at another rate: its own times back."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from eventsim.errors import ConfigError, TimeOrderError
from eventsim.frames import Frame, FrameSource, Outline

MOST = 1e6
"""Largest factor: a frame per second becomes a frame per microsecond, the unit of time."""


@dataclass(frozen=True)
class SlowMotion:
    """Frames that play slower than the world was, at the times of the world.

    A camera of 240 frames/s often stores 30: a second of the file is an eighth of a second.
    ``t = round(t_file / factor)``. A `eventsim.frames.FrameStage`.

    Parameters
    ----------
    factor : float
        How many times slower they play; below 1 for time lapse.

    Raises
    ------
    ConfigError
        If the factor is not above 0 and at most `MOST`.

    Examples
    --------
    >>> import numpy as np
    >>> stored = [Frame(0, np.zeros((3, 4))), Frame(40_000, np.ones((3, 4)))]
    >>> [frame.t_us for frame in SlowMotion(8).frames(stored, [])]
    [0, 5000]
    """

    factor: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.factor) and 0 < self.factor <= MOST):
            raise ConfigError(
                f"slow_motion must be above 0 and at most {MOST:g}, found {self.factor:g}. For 240 "
                "frames/s that are stored as 30 give 8."
            )

    def outline(self, before: Outline) -> Outline:
        """As before, but for the times."""
        known = before.duration_us
        return replace(
            before,
            first_us=round(before.first_us / self.factor),
            run_in_us=round(before.run_in_us / self.factor),
            duration_us=None if known is None else round(known / self.factor),
        )

    def frames(self, frames: FrameSource, notes: list[str]) -> Iterator[Frame]:
        """Yield the frames in order of time.

        Raises
        ------
        TimeOrderError
            If two of them fall into one microsecond.
        """
        before: int | None = None
        for frame in frames:
            real_us = round(frame.t_us / self.factor)
            if before is not None and real_us <= before:
                raise TimeOrderError(
                    f"a slow motion of {self.factor:g} puts two frames into microsecond "
                    f"{real_us}. Give a smaller one."
                )
            before = real_us
            yield frame._replace(t_us=real_us)
