"""Scenes in which all pixels see the same: the time of each event is known by hand."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.frames import WHITE_DN
from eventsim.sources.arrays import ArraySource


class Scene(Protocol):
    """Something whose luminance is known at any moment."""

    def luminance(self, t_us: float) -> NDArray[np.float32]:
        """Luminance at a moment, (H, W) float32, DN."""


@dataclass(frozen=True)
class FullFieldRamp:
    """Everything brightens (or darkens) evenly in log luminance, then stays.

    Attributes
    ----------
    size : (width, height)
        Px.
    low, high : float
        Luminance before and after, DN, > 0. Darkens if `high` is the smaller one.
    duration_us : int
        Time from one to the other, microseconds, > 0.

    Notes
    -----
    ``log I(t) = log(low) + log(high / low) t / duration`` for t in [0, duration].
    """

    size: tuple[int, int]
    low: float = 20.0
    high: float = 200.0
    duration_us: int = 1_000_000

    def __post_init__(self) -> None:
        if min(self.low, self.high, self.duration_us) <= 0:
            raise ConfigError(
                "a ramp needs positive luminances and a positive duration, found "
                f"{self.low:g} to {self.high:g} DN in {self.duration_us} us."
            )

    def luminance(self, t_us: float) -> NDArray[np.float32]:
        """Luminance at a moment, (H, W) float32, DN."""
        share = min(max(t_us / self.duration_us, 0.0), 1.0)
        return _even(self.size, self.low * (self.high / self.low) ** share)

    def frames(self, t_us: Sequence[int] | NDArray[np.integer]) -> ArraySource:
        """Frames at these times (microseconds, strictly increasing), linear, white at 255."""
        return rendered(self, t_us)

    def event_times_us(self, threshold_log: float) -> NDArray[np.int64]:
        """Give the times of the events of every pixel, without filter, noise and refractory period.

        Parameters
        ----------
        threshold_log : float
            Contrast threshold, natural log, > 0.

        Returns
        -------
        (N,) ndarray of int64
            Event k at ``k threshold / |log(high / low)|`` of the duration, microseconds, rounded.
        """
        swing = abs(math.log(self.high / self.low))
        k = np.arange(1, math.floor(swing / positive(threshold_log) * (1 + 1e-9)) + 1)
        return np.asarray(np.rint(k * threshold_log / swing * self.duration_us), np.int64)


@dataclass(frozen=True)
class FullFieldSinusoid:
    """Everything flickers as a sine.

    Attributes
    ----------
    size : (width, height)
        Px.
    offset, amplitude : float
        Darkest luminance, DN, > 0, and half of the swing, DN, >= 0. Defaults chosen by eye.
    frequency_hz : float
        Hz, > 0.

    Notes
    -----
    ``I(t) = offset + amplitude (1 + sin(2 pi f t))``
    """

    size: tuple[int, int]
    offset: float = 20.0
    amplitude: float = 100.0
    frequency_hz: float = 8.0

    def __post_init__(self) -> None:
        if self.offset <= 0 or self.amplitude < 0 or self.frequency_hz <= 0:
            raise ConfigError(
                "a sinusoid needs offset > 0, amplitude >= 0 and frequency > 0, found "
                f"{self.offset:g} DN, {self.amplitude:g} DN and {self.frequency_hz:g} Hz."
            )

    def luminance(self, t_us: float) -> NDArray[np.float32]:
        """Luminance at a moment, (H, W) float32, DN."""
        phase = 2 * math.pi * self.frequency_hz * t_us * 1e-6
        return _even(self.size, self.offset + self.amplitude * (1 + math.sin(phase)))

    def frames(self, t_us: Sequence[int] | NDArray[np.integer]) -> ArraySource:
        """Frames at these times (microseconds, strictly increasing), linear, white at 255."""
        return rendered(self, t_us)

    def event_times_us(
        self, threshold_log: float, stop_us: int
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Give times and polarities of the events of every pixel from 0 on.

        Without filter, noise and refractory period, and with the reference taken at 0.

        Parameters
        ----------
        threshold_log : float
            Contrast threshold of both polarities, natural log, > 0.
        stop_us : int
            First moment that does not count, microseconds.

        Returns
        -------
        t_us : (N,) ndarray of int64
            Microseconds, rounded.
        p : (N,) ndarray of bool
            True is brighter.

        Notes
        -----
        From one extremum to the next, ``f t = n/2 + (-1)^n asin(s) / (2 pi)`` with
        ``s = (I - offset) / amplitude - 1``; each step of the reference by one
        threshold gives the next I.
        """
        positive(threshold_log)
        memory = math.log(self.offset + self.amplitude)
        times: list[float] = []
        brighter: list[bool] = []
        half = 0
        while self.amplitude and (half - 0.5) / 2 / self.frequency_hz * 1e6 < stop_us:
            rising = half % 2 == 0
            step = threshold_log if rising else -threshold_log
            end = math.log(self.offset + (2 * self.amplitude if rising else 0))
            while (end - memory) / step >= 1:
                memory += step
                s = (math.exp(memory) - self.offset) / self.amplitude - 1
                turn = math.asin(min(max(s, -1.0), 1.0)) / (2 * math.pi)
                times.append((half / 2 + (turn if rising else -turn)) / self.frequency_hz * 1e6)
                brighter.append(rising)
            half += 1
        t_us = np.rint(np.array(times, np.float64)).astype(np.int64)
        return t_us[t_us < stop_us], np.array(brighter, np.bool_)[t_us < stop_us]


def rendered(scene: Scene, t_us: Sequence[int] | NDArray[np.integer]) -> ArraySource:
    """Frames of a scene at given times.

    Parameters
    ----------
    scene : Scene
    t_us : (N,) sequence of int
        Microseconds, strictly increasing.

    Returns
    -------
    ArraySource
        Linear float32, white at 255.
    """
    times = np.asarray(t_us)
    frames = [scene.luminance(t) for t in times.tolist()]
    return ArraySource(frames, times, transfer="linear", white=WHITE_DN)


def positive(threshold_log: float) -> float:
    """Contrast threshold, checked.

    Raises
    ------
    ConfigError
        If it is not above 0.
    """
    if not threshold_log > 0:
        raise ConfigError(f"threshold_log must be above 0, found {threshold_log:g}.")
    return threshold_log


def _even(size: tuple[int, int], value: float) -> NDArray[np.float32]:
    width, height = size
    return np.full((height, width), value, np.float32)
