"""Lamps on the mains: light that goes up and down a hundred times a second."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.frames import LINEAR, Frame, FrameSource, NewScene, Outline

FRAMES_PER_PERIOD = 16
"""Least frames in a period of flicker. Between frames the pixel takes log luminance as straight;
of a sine, 16 chords miss at most ``1 - cos(pi / 16)`` = 1.9 % of its swing."""
FASTEST_HZ = 10_000.0
"""Of dimmed LEDs; chosen by eye."""


@dataclass(frozen=True)
class Flicker:
    """Light that flickers, with as many frames in between as show it.

    ``L(t) = L_video(t) (1 + depth sin(2 pi f t))``; between two frames the video goes along a line
    in linear light, and before a new scene it stays. A `eventsim.frames.FrameStage`.

    Parameters
    ----------
    hz : float
        Frequency: lamps on mains of 50 Hz flicker with 100, of 60 Hz with 120.
    depth : float
        Amplitude as a share of the mean, above 0 and below 1.

    Raises
    ------
    ConfigError
        If one is out of range, or only one is given.
    """

    hz: float
    depth: float

    def __post_init__(self) -> None:
        if not (0 < self.hz <= FASTEST_HZ and 0 < self.depth < 1):
            raise ConfigError(
                f"flicker_hz must be above 0 and at most {FASTEST_HZ:g} and flicker_depth between "
                f"0 and 1, found {self.hz:g} and {self.depth:g}. Lamps on mains of 50 Hz flicker "
                "with 100."
            )

    def outline(self, before: Outline) -> Outline:
        """As before, but for the number of frames, and for linear light."""
        return replace(before, encoding=LINEAR, expected_frames=None)

    def frames(self, frames: FrameSource, notes: list[str]) -> Iterator[Frame]:
        """Yield the frames, and those in between, in order of time."""
        longest_us = max(1.0, 1e6 / self.hz / FRAMES_PER_PERIOD)
        encoding = frames.encoding
        last: tuple[int, NDArray[np.float32], NDArray[np.uint16] | None] | None = None
        for frame in frames:
            light = encoding.luminance(frame.values)
            if last is not None:
                last_us, before, ids = last
                length_us = frame.t_us - last_us
                steps = min(length_us, math.ceil(length_us / longest_us))
                stays = isinstance(frame, NewScene)
                change = np.zeros_like(light) if stays else light - before
                for k in range(1, steps):
                    t_us = last_us + round(length_us * k / steps)
                    share = (t_us - last_us) / length_us
                    between = before + change * np.float32(share)
                    shown = ids if share < 0.5 or stays else frame.ids
                    yield Frame(t_us, between * self._gain(t_us)).knowing(ids=shown)
            yield frame._replace(values=light * self._gain(frame.t_us))
            last = frame.t_us, light, frame.ids

    def _gain(self, t_us: int) -> np.float32:
        """Factor on the light at a moment."""
        return np.float32(1 + self.depth * math.sin(2 * math.pi * self.hz * 1e-6 * t_us))
