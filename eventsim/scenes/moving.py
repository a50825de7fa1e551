"""Scenes with known answers: what a sensor should see follows from a formula.

Positions are in pixels from the upper left corner of the picture; pixel (row y, column x) is the
square from (x, y) to (x + 1, y + 1). Each scene gives its luminance at any moment, already
averaged over the pixels, and frames at any times.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import SensorSize
from eventsim.scenes.coverage import disk_coverage, shifted, strip_coverage
from eventsim.scenes.full_field import positive, rendered
from eventsim.sources.arrays import ArraySource


@dataclass(frozen=True)
class MovingBar:
    """An upright bar that moves sideways over an even background.

    Attributes
    ----------
    size : (width, height)
        Px.
    speed_px_s : float
        To the right, px/s, not 0; negative is to the left.
    width_px : float
        Px, >= 1 so that a pixel is once fully covered.
    contrast : float
        ``bar / background - 1``, > -1 and not 0; 1 is a bar twice as bright.
    background : float
        DN, > 0. Default chosen by eye.
    start_px : float, optional
        Place of the leading edge at time 0, px. Default: it is about to enter the picture.
    """

    size: tuple[int, int]
    speed_px_s: float = 100.0
    width_px: float = 10.0
    contrast: float = 1.0
    background: float = 100.0
    start_px: float | None = None

    def __post_init__(self) -> None:
        _check_contrast(self.contrast, self.background)
        if self.speed_px_s == 0 or self.width_px < 1:
            raise ConfigError(
                "a bar needs a speed other than 0 and a width of at least 1 px, found "
                f"{self.speed_px_s:g} px/s and {self.width_px:g} px."
            )

    def edge_px(self, t_us: float) -> float:
        """Place of the leading edge at a moment, px."""
        start = self.start_px
        if start is None:
            start = 0.0 if self.speed_px_s > 0 else float(self.size[0])
        return start + self.speed_px_s * t_us * 1e-6

    def edge_time_us(self, x: float, edge: Literal["leading", "trailing"] = "leading") -> float:
        """Moment at which an edge is at a place.

        Parameters
        ----------
        x : float
            Px; pixel column i goes from i to i + 1.
        edge : {"leading", "trailing"}

        Returns
        -------
        float
            Microseconds.
        """
        behind = self.width_px / abs(self.speed_px_s) if edge == "trailing" else 0.0
        return ((x - self.edge_px(0.0)) / self.speed_px_s + behind) * 1e6

    def event_times_us(self, column: int, threshold_log: float) -> NDArray[np.int64]:
        """Give the times of the leading edge's events, without filter, noise and refractory period.

        Parameters
        ----------
        column : int
            Of the pixel, px.
        threshold_log : float
            Contrast threshold, natural log, > 0.

        Returns
        -------
        (N,) ndarray of int64
            Microseconds, rounded; ON events for a brighter bar, else OFF.

        Notes
        -----
        While the edge crosses the pixel, luminance goes as ``background (1 + contrast u)`` with
        u from 0 to 1, so event k falls at ``u = (exp(+-k threshold) - 1) / contrast``.
        """
        swing = math.log1p(self.contrast)
        count = math.floor(abs(swing) / positive(threshold_log) * (1 + 1e-9))
        k = np.arange(1, count + 1)
        share = np.expm1(np.copysign(k * threshold_log, swing)) / self.contrast
        enters = self.edge_time_us(column if self.speed_px_s > 0 else column + 1)
        return np.asarray(np.rint(enters + share / abs(self.speed_px_s) * 1e6), np.int64)

    def luminance(self, t_us: float) -> NDArray[np.float32]:
        """Luminance at a moment, (H, W) float32, DN."""
        edge = self.edge_px(t_us)
        other = edge - math.copysign(self.width_px, self.speed_px_s)
        row = strip_coverage(min(edge, other), max(edge, other), self.size[0])
        return _tinted(np.tile(row, (self.size[1], 1)), self.contrast, self.background)

    def frames(self, t_us: Sequence[int] | NDArray[np.integer]) -> ArraySource:
        """Frames at these times (microseconds, strictly increasing), linear, white at 255."""
        return rendered(self, t_us)


@dataclass(frozen=True)
class MovingDisk:
    """A disk that moves straight over an even background.

    Attributes
    ----------
    size : (width, height)
        Px.
    start_px : (x, y)
        Its center at time 0, px.
    velocity_px_s : (x, y)
        To the right and down, px/s.
    radius_px : float
        Px, > 0.
    contrast : float
        ``disk / background - 1``, > -1 and not 0.
    background : float
        DN, > 0. Default chosen by eye.
    """

    size: tuple[int, int]
    start_px: tuple[float, float] = (0.0, 0.0)
    velocity_px_s: tuple[float, float] = (100.0, 0.0)
    radius_px: float = 5.0
    contrast: float = 1.0
    background: float = 100.0

    def __post_init__(self) -> None:
        _check_contrast(self.contrast, self.background)
        if not self.radius_px > 0:
            raise ConfigError(f"radius_px must be above 0, found {self.radius_px:g}.")

    def center_px(self, t_us: float) -> tuple[float, float]:
        """Place of the center (x, y) at a moment, px."""
        seconds = t_us * 1e-6
        return (
            self.start_px[0] + self.velocity_px_s[0] * seconds,
            self.start_px[1] + self.velocity_px_s[1] * seconds,
        )

    def luminance(self, t_us: float) -> NDArray[np.float32]:
        """Luminance at a moment, (H, W) float32, DN."""
        covered = disk_coverage(self.center_px(t_us), self.radius_px, SensorSize(*self.size))
        return _tinted(covered, self.contrast, self.background)

    def frames(self, t_us: Sequence[int] | NDArray[np.integer]) -> ArraySource:
        """Frames at these times (microseconds, strictly increasing), linear, white at 255."""
        return rendered(self, t_us)


@dataclass(frozen=True)
class Grating:
    """Upright stripes, a sine across, that drift to the right.

    Attributes
    ----------
    size : (width, height)
        Px.
    period_px : float
        Of the stripes, px, > 0.
    temporal_hz : float
        Stripes that pass a pixel each second, Hz; negative drifts to the left.
    contrast : float
        Michelson contrast, (max - min) / (max + min), in (0, 1).
    mean : float
        DN, > 0. Default chosen by eye.

    Notes
    -----
    ``I(x, t) = mean (1 + contrast sin(2 pi (x / period - f t)))``, whose average over a pixel is
    the value at its center with the contrast times ``sin(pi / period) / (pi / period)``.
    """

    size: tuple[int, int]
    period_px: float = 16.0
    temporal_hz: float = 2.0
    contrast: float = 0.8
    mean: float = 100.0

    def __post_init__(self) -> None:
        if self.period_px <= 0 or not 0 < self.contrast < 1 or self.mean <= 0:
            raise ConfigError(
                "a grating needs period > 0, contrast in (0, 1) and mean > 0, found "
                f"{self.period_px:g} px, {self.contrast:g} and {self.mean:g} DN."
            )

    @property
    def speed_px_s(self) -> float:
        """Speed of the stripes to the right, px/s."""
        return self.period_px * self.temporal_hz

    @property
    def pixel_contrast(self) -> float:
        """Contrast that is left after averaging over a pixel."""
        return self.contrast * float(np.sinc(1 / self.period_px))

    @property
    def swing_log(self) -> float:
        """Log luminance between the darkest and the brightest moment of a pixel, natural log."""
        return math.log((1 + self.pixel_contrast) / (1 - self.pixel_contrast))

    def luminance(self, t_us: float) -> NDArray[np.float32]:
        """Luminance at a moment, (H, W) float32, DN."""
        x = np.arange(self.size[0]) + 0.5
        phase = 2 * np.pi * (x / self.period_px - self.temporal_hz * t_us * 1e-6)
        row = self.mean * (1 + self.pixel_contrast * np.sin(phase))
        return np.tile(row, (self.size[1], 1)).astype(np.float32)

    def frames(self, t_us: Sequence[int] | NDArray[np.integer]) -> ArraySource:
        """Frames at these times (microseconds, strictly increasing), linear, white at 255."""
        return rendered(self, t_us)


@dataclass(frozen=True, eq=False)
class TranslatingPhotograph:
    """A photograph that is moved straight; where it ends, its edge goes on.

    Attributes
    ----------
    image : (H, W) ndarray
        Luminance, DN (255 is white), linear. Undo a gamma first, with
        ``eventsim.Encoding().luminance(image)``.
    velocity_px_s : (x, y)
        Of the picture, to the right and down, px/s.
    size : (width, height), optional
        Of the frames: the upper left part of the image, px. Default: all of it.
    interpolation : {"linear", "cubic"}
        Between the pixels of the image.
    """

    image: NDArray[np.generic]
    velocity_px_s: tuple[float, float] = (100.0, 0.0)
    size: tuple[int, int] | None = None
    interpolation: Literal["linear", "cubic"] = "linear"

    def __post_init__(self) -> None:
        if self.image.ndim != 2 or self.image.size == 0:
            raise ConfigError(f"image must be (H, W), found the shape {self.image.shape}.")
        if self.interpolation not in ("linear", "cubic"):
            raise ConfigError(
                f"interpolation must be 'linear' or 'cubic', found {self.interpolation!r}."
            )

    def luminance(self, t_us: float) -> NDArray[np.float32]:
        """Luminance at a moment, (H, W) float32, DN, >= 0."""
        height, width = self.image.shape
        size = SensorSize(*(self.size or (width, height)))
        dx, dy = (v * t_us * 1e-6 for v in self.velocity_px_s)
        image = self.image.astype(np.float32)
        moved = shifted(image, dx, dy, size, cubic=self.interpolation == "cubic")
        return np.maximum(moved, np.float32(0))

    def frames(self, t_us: Sequence[int] | NDArray[np.integer]) -> ArraySource:
        """Frames at these times (microseconds, strictly increasing), linear, white at 255."""
        return rendered(self, t_us)


def _check_contrast(contrast: float, background: float) -> None:
    if not (contrast > -1 and contrast != 0 and background > 0):
        raise ConfigError(
            "a shape needs contrast > -1 and not 0, and background > 0, found "
            f"{contrast:g} and {background:g} DN."
        )


def _tinted(
    covered: NDArray[np.float64], contrast: float, background: float
) -> NDArray[np.float32]:
    return (background * (1 + contrast * covered)).astype(np.float32)
