"""Noise for clean recordings, of a sensor card or of a recording of noise, with labels."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import COLUMNS, Events, Kind, SensorSize
from eventsim.random import Draws
from eventsim.simulator import simulate

GRAY_DN = 46.0
"""Luminance that the pixels see, 18 % of white, as a photographer's gray card."""


def card_noise(
    size: tuple[int, int],
    start_us: int,
    stop_us: int,
    *,
    sensor: str = "davis346",
    illuminance_lux: float = 1.0,
    seed: int = 1,
) -> Events:
    """What the pixels of a sensor make of an even gray: shot noise, leak and hot pixels.

    Parameters
    ----------
    size : (width, height)
    start_us, stop_us : int
        First moment, and the one after the last.
    sensor : str
        A card: name or path.
    illuminance_lux : float
        Of the scene; the darker, the more shot noise.
    seed : int

    Returns
    -------
    Events
        With their kinds.

    Raises
    ------
    ConfigError
        For a wrong card or number, or if the time is empty.
    """
    if stop_us - start_us < 2:
        raise ConfigError(f"noise needs a time to be in, found {start_us} to {stop_us} us.")
    gray = np.full((2, size[1], size[0]), GRAY_DN, np.float32)
    times = np.array([start_us, stop_us - 1])
    return simulate((gray, times), sensor=sensor, seed=seed, encoding="linear",
                    illuminance_lux=illuminance_lux)  # fmt: skip


def recorded_noise(
    recording: Events, size: tuple[int, int], start_us: int, stop_us: int, *, seed: int = 1
) -> Events:
    """Noise as a camera recorded it: a place and a moment of a recording of nothing that moves.

    Parameters
    ----------
    recording : Events
        Of a covered lens, or of a still scene in steady light.
    size : (width, height)
        At most that of the recording, of which a random place is taken.
    start_us, stop_us : int
        First moment, and the one after the last. The recording begins at a random moment of its
        own, and again at its end.
    seed : int

    Returns
    -------
    Events
        All of kind shot, whatever made them: a camera does not say.

    Raises
    ------
    ConfigError
        If the recording is of fewer pixels, or empty.
    """
    width, height = size
    if len(recording) < 2 or recording.t[0] == recording.t[-1]:
        raise ConfigError("a recording of noise needs events at two moments or more.")
    if width > recording.size.width or height > recording.size.height:
        raise ConfigError(
            f"a recording of noise must be at least as large as what it is added to, {width}x"
            f"{height}, found {recording.size}. Crop the recording that it is added to."
        )
    rng = Draws.of(seed)
    x0 = rng.integer(0, 0, recording.size.width - width)
    y0 = rng.integer(1, 0, recording.size.height - height)
    part = recording.region(x0, y0, x0 + width, y0 + height)
    first_us = int(recording.t[0])
    length_us = int(recording.t[-1]) - first_us + 1
    began_us = rng.integer(2, 0, length_us - 1)
    pieces = []
    for turn in range((stop_us - start_us + began_us) // length_us + 1):
        t = part.t - first_us - began_us + turn * length_us + start_us
        inside = (t >= start_us) & (t < stop_us)
        shot = np.full(len(part), Kind.SHOT, np.uint8)
        columns: list[NDArray[Any]] = [t, part.x, part.y, part.p, shot]
        pieces.append(Events.from_columns([c[inside] for c in columns], SensorSize(*size)))
    return Events.concatenate(pieces, SensorSize(*size))


def add_noise(
    clean: Events, noise: Events, *, refractory_us: int = 0
) -> tuple[Events, NDArray[np.bool_]]:
    """Both streams as one, and which of its events are noise.

    Parameters
    ----------
    clean, noise : Events
        Of one sensor.
    refractory_us : int
        Noise that comes sooner than so after an event of its pixel is left out, as a pixel that
        rests makes none. What follows noise that soon stays: the camera did see it.

    Returns
    -------
    events : Events
        Sorted; the kinds are those of both.
    is_noise : (N,) ndarray of bool

    Raises
    ------
    ConfigError
        If they are of two sensors.
    """
    if clean.size != noise.size:
        raise ConfigError(
            f"noise must be of the same sensor, expected {clean.size}, found {noise.size}."
        )
    columns = [np.concatenate([getattr(clean, n), getattr(noise, n)]) for n in COLUMNS]
    is_noise = np.arange(len(columns[0])) >= len(clean)
    t, x, y = columns[:3]
    order = np.lexsort((is_noise, x, y, t))
    events = Events.from_columns([column[order] for column in columns], clean.size)
    is_noise = is_noise[order]
    if refractory_us > 0:
        rested = _since_last_us(events) >= refractory_us
        keep = rested | ~is_noise
        events, is_noise = events[keep], is_noise[keep]
    return events, is_noise


def _since_last_us(events: Events) -> NDArray[np.int64]:
    """(N,) int64: time since the event before in the same pixel; huge for its first."""
    pixel = events.y.astype(np.int64) * events.size.width + events.x
    order = np.argsort(pixel, kind="stable")
    since = np.full(len(events), np.iinfo(np.int64).max)
    same = pixel[order][1:] == pixel[order][:-1]
    gaps = np.diff(events.t[order])
    since[order[1:][same]] = gaps[same]
    return since
