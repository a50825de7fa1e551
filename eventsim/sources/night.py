"""A video of daylight as it would be at night: few photons, and a chip that is not quite dark."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from eventsim import random
from eventsim.errors import ConfigError
from eventsim.frames import LINEAR, WHITE_DN, Frame, FrameSource, Outline
from eventsim.random import Stream

ELECTRONS_PER_LUX_S = 1e4
"""Of a white surface in a pixel of a DAVIS346: behind a lens of f/2 the chip gets E / 16; a lux of
green light is 4.1e15 photons per square meter and second; the pixel has 18.5 um a side, of which
22 % see, and half of the photons make an electron (Brandli et al., JSSC 2014: pitch and fill
factor; the rest chosen by eye)."""
DARK_LUX = 0.03
"""Dark current, as the light that makes as much: pixels of a DVS respond down to 0.1 lux
(Lichtsteiner, Posch and Delbruck, JSSC 2008); chosen by eye."""
FIRST_S = 1 / 30
"""Time in which the light of the first frame is collected: a frame of video."""
NORMAL_ABOVE = 30.0
"""Mean above which a Poisson draw is a rounded normal one: its skewness is below 0.2."""
_LONGEST = 120  # terms of the sum below; at a mean of 30 the rest is below 1e-30
_BRIGHTEST_LUX = 1e5


@dataclass(frozen=True)
class Night:
    """Frames as few photons would make them.

    ``L' = 255 (N / n_white + E_dark / E)``, with N drawn from a Poisson distribution of mean
    ``n_white L / 255`` and ``n_white`` the electrons that white makes until the next frame, at the
    illuminance E. White stays at 255, as an adapted eye has it; the pixels are told E. A
    `eventsim.frames.FrameStage`.

    Parameters
    ----------
    lux : float
        Illuminance of the scene, above 0 and at most 100,000.
    seed : int
        Of the photons.

    Raises
    ------
    ConfigError
        If the illuminance is out of range.
    """

    lux: float
    seed: int

    def __post_init__(self) -> None:
        if not 0 < self.lux <= _BRIGHTEST_LUX:
            raise ConfigError(
                f"day_to_night must be above 0 and at most {_BRIGHTEST_LUX:g} lux, found "
                f"{self.lux:g}. A street at night has 1 to 10, full moon 0.1."
            )

    def outline(self, before: Outline) -> Outline:
        """As before, in linear light, and with an illuminance."""
        return replace(before, encoding=LINEAR, illuminance_lux=self.lux)

    def frames(self, frames: FrameSource, notes: list[str]) -> Iterator[Frame]:
        """Yield the frames in order of time."""
        key = random.stream_key(self.seed, Stream.PHOTON)
        encoding = frames.encoding
        last_us: int | None = None
        for n, frame in enumerate(frames):
            length_s = FIRST_S if last_us is None else (frame.t_us - last_us) * 1e-6
            last_us = frame.t_us
            white = ELECTRONS_PER_LUX_S * self.lux * length_s
            mean = encoding.luminance(frame.values).astype(np.float64) * (white / WHITE_DN)
            light = photons(mean, key, n) * (WHITE_DN / white) + WHITE_DN * DARK_LUX / self.lux
            yield frame._replace(values=light.astype(np.float32))
        notes.append(f"darkened to {self.lux:g} lux: what photon noise triggers counts as signal")


def photons(mean: NDArray[np.float64], key: np.uint64, n: int) -> NDArray[np.float64]:
    """Poisson draws, one for each pixel: number n of its stream.

    Parameters
    ----------
    mean : (H, W) ndarray of float64
        >= 0.
    key : uint64
        From `eventsim.random.stream_key`.
    n : int
        Below 2**31.

    Returns
    -------
    (H, W) ndarray of float64
        Whole numbers: by inversion up to `NORMAL_ABOVE`, and a rounded normal draw above.
    """
    flat = mean.reshape(-1)
    pixel, number = np.arange(flat.size, dtype=np.uint64), np.full(1, n, np.uint64)
    drawn = np.empty_like(flat)
    many = flat > NORMAL_ABOVE
    z = random.normal(key, pixel[many], number)
    drawn[many] = np.maximum(np.rint(flat[many] + np.sqrt(flat[many]) * z), 0)
    few = flat[~many]
    u = random.uniform(key, pixel[~many], number)
    count, term = np.zeros_like(few), np.exp(-few)
    below = term.copy()
    for k in range(1, _LONGEST):
        above = u > below
        if not above.any():
            break
        count += above
        term *= few / k
        below += term
    drawn[~many] = count
    return drawn.reshape(mean.shape)
