"""High-speed footage that is stored at another rate: its own times back."""

import math
from collections.abc import Iterator

from eventsim.errors import ConfigError, TimeOrderError
from eventsim.events import SensorSize
from eventsim.frames import Encoding, Frame, FrameSource

MOST = 1e6
"""Largest factor: a frame per second becomes a frame per microsecond, the unit of time."""


class SlowMotion:
    """Frames of a source that plays slower than the world was, at the times of the world.

    A camera of 240 frames/s often stores 30: a second of the file is an eighth of a second.
    ``t = round(t_file / factor)``.

    Parameters
    ----------
    source : FrameSource
        With the times of the file.
    factor : float
        How many times slower it plays; below 1 for time lapse.

    Raises
    ------
    ConfigError
        If the factor is not above 0 and at most `MOST`.

    Examples
    --------
    >>> import numpy as np
    >>> from eventsim.sources.arrays import ArraySource
    >>> stored = ArraySource(np.zeros((2, 3, 4), np.uint8), [0, 40_000])
    >>> [frame.t_us for frame in SlowMotion(stored, 8)]
    [0, 5000]
    """

    def __init__(self, source: FrameSource, factor: float) -> None:
        check_factor(factor)
        self._source, self._factor = source, factor

    @property
    def size(self) -> SensorSize:
        """Width and height of the frames, px."""
        return self._source.size

    @property
    def encoding(self) -> Encoding:
        """What the numbers of the frames mean."""
        return self._source.encoding

    @property
    def expected_frames(self) -> int | None:
        """Number of frames as far as it is known beforehand."""
        return self._source.expected_frames

    @property
    def duration_us(self) -> int | None:
        """Duration in the world, microseconds, as far as it is known beforehand."""
        known: int | None = getattr(self._source, "duration_us", None)
        return None if known is None else round(known / self._factor)

    @property
    def notes(self) -> list[str]:
        """What was skipped, cut or converted so far, one sentence each."""
        return self._source.notes

    @property
    def lost_frames(self) -> int:
        """Frames that should have been there and could not be used so far."""
        return self._source.lost_frames

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames in order of time.

        Raises
        ------
        TimeOrderError
            If two of them fall into one microsecond.
        """
        before: int | None = None
        for t_us, values in self._source:
            real_us = round(t_us / self._factor)
            if before is not None and real_us <= before:
                raise TimeOrderError(
                    f"a slow motion of {self._factor:g} puts two frames into microsecond "
                    f"{real_us}. Give a smaller one."
                )
            before = real_us
            yield Frame(real_us, values)


def check_factor(factor: float) -> None:
    """Refuse what is no factor.

    Raises
    ------
    ConfigError
        If it is not above 0 and at most `MOST`.
    """
    if not (math.isfinite(factor) and 0 < factor <= MOST):
        raise ConfigError(
            f"slow_motion must be above 0 and at most {MOST:g}, found {factor:g}. For 240 frames/s "
            "that are stored as 30 give 8."
        )
