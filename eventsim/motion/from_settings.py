"""Path, light and optics of one recording from its settings, so that a pipeline needs one call."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.motion.aim import aimed
from eventsim.motion.lighting import Lighting
from eventsim.motion.loops import diamond, square, triangle
from eventsim.motion.moved_image import MovedImage
from eventsim.motion.path_files import read_path
from eventsim.motion.paths import EyePath
from eventsim.motion.run_in import with_run_in
from eventsim.motion.settings import (
    PATHS,
    SETTINGS_OF,
    MotionSettings,
    make_motion_settings,
)
from eventsim.motion.wandering import drift_microsaccade, random_walk

__all__ = [
    "PATHS",
    "MotionSettings",
    "make_lighting",
    "make_motion_settings",
    "make_path",
    "moved_image",
]

LOOPS: dict[str, Callable[..., EyePath]] = {
    "triangle": triangle,
    "diamond": diamond,
    "square": square,
}
"""Paths that are the same for all seeds, by name."""
WANDERING: dict[str, Callable[..., EyePath]] = {
    "random-walk": random_walk,
    "drift-microsaccade": drift_microsaccade,
}
"""Paths that are drawn, by name."""


def make_path(settings: MotionSettings, seed: int) -> EyePath:
    """Path of an image.

    Parameters
    ----------
    settings : MotionSettings
    seed : int
        Of a drawn path; the others do not use it.

    Raises
    ------
    ConfigError
        If its numbers contradict each other.
    SourceError
        If a file cannot be read.
    """
    if settings.path in WANDERING:
        return WANDERING[settings.path](seed, **_given(settings))
    if settings.path in LOOPS:
        return _make_loop(settings)
    file = Path(settings.path)
    return _read_once(file, file.stat().st_mtime_ns if file.is_file() else 0)


@functools.lru_cache(maxsize=8)
def _read_once(path: Path, changed_ns: int) -> EyePath:
    """Path of a file that all images share, read again when it has changed."""
    return read_path(path)


@functools.lru_cache(maxsize=8)
def _make_loop(settings: MotionSettings) -> EyePath:
    """Path that all images share, made once: it takes a third of what a small image costs."""
    given = _given(settings)
    if "duration_us" in given:
        given["loop_us"] = given.pop("duration_us")
    return LOOPS[settings.path](**given)


def _given(settings: MotionSettings) -> dict[str, Any]:
    """Settings of the path that are not left to it."""
    values = {name: getattr(settings, name) for name in SETTINGS_OF[settings.path]}
    return {name: value for name, value in values.items() if value is not None}


def make_lighting(settings: MotionSettings) -> Lighting:
    """Light on an image."""
    return Lighting(
        settings.brightness, settings.ambient_dn, settings.flicker_hz, settings.flicker_depth
    )


def moved_image(
    values: NDArray[np.generic],
    settings: MotionSettings,
    *,
    size: tuple[int, int] | None = None,
    seed: int = 1,
) -> MovedImage:
    """Image that is moved as the settings say.

    Parameters
    ----------
    values : (H, W) or (H, W, 3) ndarray of uint8, uint16, float32 or float64
        sRGB, white at 255 (65535 for uint16).
    settings : MotionSettings
    size : (width, height), optional
        Of the sensor, px. Default: that of the image.
    seed : int
        Of a drawn path.

    Returns
    -------
    MovedImage
        A source of frames; `MovedImage.path` is where the image was.

    Raises
    ------
    ConfigError, SourceError
        As `make_path` and `MovedImage`.
    """
    return MovedImage(
        _negative(values) if settings.negative else values,
        aimed(
            with_run_in(make_path(settings, seed), settings.run_in_us), settings.aim_spread_px, seed
        ),
        size=size,
        scale=settings.scale,
        blur_px=settings.blur_px,
        step_px=settings.step_px,
        outside=settings.outside,
        lighting=make_lighting(settings),
        run_in_us=settings.run_in_us,
    )


def _negative(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """Swap black and white."""
    white = values.dtype.type(65535 if values.dtype == np.uint16 else 255)
    swapped: NDArray[np.generic] = white - values  # type: ignore[operator]
    return swapped
