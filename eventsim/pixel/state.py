"""The state of a sensor's pixels: how it begins, and how it is kept and brought back."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim import random
from eventsim.errors import ConfigError
from eventsim.events import SensorSize
from eventsim.pixel import layout as at
from eventsim.pixel.circuit import (
    DARK_OFFSET_DN,
    SHOT_RATE_AT_WHITE,
    WHITE_PLUS_OFFSET_DN,
)
from eventsim.pixel.draws import SHORTEST_LEAK_INTERVAL
from eventsim.pixel.packing import MAX_PIXELS
from eventsim.pixel.settings import MIN_CONTRAST_THRESHOLD_LOG, PixelSettings
from eventsim.random import Stream

RARE = ("leak_log_s", "shot_factor", "shot_on_share", "shot_draws", "leak_draws", "hot_pixel",
        "hot_next_us", "hot_draws", "hot_start")  # fmt: skip


def make_physics(settings: PixelSettings, seed: int) -> at.Physics:
    """What is the same for all pixels, in the units of the kernels."""
    key = {stream: random.stream_key(seed, stream) for stream in Stream}
    shot_us = settings.shot_noise_rate_hz * 1e-6
    loss = (1.0 - SHOT_RATE_AT_WHITE) / WHITE_PLUS_OFFSET_DN
    return at.Physics(
        # tau = 275 / (2 pi f (I + 20)) with I the mean of the two ends
        bandwidth_per_dn_us=np.float32(
            np.pi * settings.photoreceptor_cutoff_hz * 1e-6 / WHITE_PLUS_OFFSET_DN
        ),
        shot_per_us=np.float32(shot_us * (1.0 - loss * DARK_OFFSET_DN)),
        shot_loss_per_dn_us=np.float32(shot_us * loss / 2.0),
        leak_on=settings.leak_rate_hz > 0,
        leak_jitter=np.float32(settings.leak_jitter),
        refractory_us=np.int64(settings.refractory_period_us),
        key_shot_time=key[Stream.SHOT_TIME],
        key_shot_polarity=key[Stream.SHOT_POLARITY],
        key_leak_jitter=key[Stream.LEAK_JITTER],
        key_hot_time=key[Stream.HOT_TIME],
        hot_mean_us=np.float64(1e6 / settings.hot_pixel_rate_hz)
        if settings.hot_pixel_rate_hz > 0
        else np.float64(0.0),
    )


@dataclass(frozen=True)
class PixelState:
    """Everything that a sensor remembers between two frames.

    Attributes
    ----------
    size : SensorSize
    blocks : (blocks, ROWS * BLOCK) ndarray of float32
        See ``layout``.
    rare : Rare
        What few pixels need.
    """

    size: SensorSize
    blocks: NDArray[np.float32]
    rare: at.Rare

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Copies of all arrays by name, to be stored; see `restore`."""
        kept = {name: getattr(self.rare, name).copy() for name in RARE}
        return {"blocks": self.blocks.copy(), **kept}

    @classmethod
    def restore(cls, size: SensorSize, arrays: dict[str, NDArray[Any]]) -> "PixelState":
        """The state that `arrays` gave."""
        rare = at.Rare(**{name: arrays[name].copy() for name in RARE})
        return cls(size, arrays["blocks"].copy(), rare)


def draw_thresholds(
    settings: PixelSettings, seed: int, pixel: NDArray[np.uint64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Contrast thresholds of each pixel, ON and OFF, ln: normal, clamped, independent."""
    zero = np.zeros_like(pixel)
    drawn = []
    for nominal, stream in (
        (settings.contrast_threshold_on, Stream.THRESHOLD_ON),
        (settings.contrast_threshold_off, Stream.THRESHOLD_OFF),
    ):
        threshold = np.full(pixel.size, nominal)
        if settings.threshold_mismatch > 0:
            key = random.stream_key(seed, stream)
            threshold += settings.threshold_mismatch * random.normal(key, pixel, zero)
        drawn.append(np.maximum(threshold, MIN_CONTRAST_THRESHOLD_LOG))
    return drawn[0], drawn[1]


def draw_rate_factor(
    settings: PixelSettings, seed: int, pixel: NDArray[np.uint64]
) -> NDArray[np.float64]:
    """Leak and shot noise rate of each pixel, log-normal, to be divided by their mean."""
    if settings.noise_rate_spread_decades == 0:
        return np.ones(pixel.size)
    sigma = settings.noise_rate_spread_decades * np.log(10.0)
    key = random.stream_key(seed, Stream.RATE_SPREAD)
    factor: NDArray[np.float64] = np.exp(sigma * random.normal(key, pixel, np.zeros_like(pixel)))
    return factor


def draw_hot(
    settings: PixelSettings, seed: int, pixel: NDArray[np.uint64], n_blocks: int
) -> dict[str, NDArray[Any]]:
    """Which pixels are hot, and when each fires first."""
    zero = np.zeros_like(pixel)
    choice = random.uniform(random.stream_key(seed, Stream.HOT_CHOICE), pixel, zero)
    hot = pixel[choice < settings.hot_pixel_fraction]
    wait = -np.log(
        random.uniform(random.stream_key(seed, Stream.HOT_TIME), hot, np.zeros_like(hot))
    )
    edges = np.arange(n_blocks + 1, dtype=np.uint64) * np.uint64(at.BLOCK)
    rate_hz = settings.hot_pixel_rate_hz or 1.0
    return {
        "hot_pixel": hot.astype(np.int64),
        "hot_next_us": wait * (1e6 / rate_hz),
        "hot_draws": np.zeros(hot.size, np.uint32),
        "hot_start": np.searchsorted(hot, edges).astype(np.int64),
    }


def first_state(
    settings: PixelSettings,
    seed: int,
    size: SensorSize,
    log_plane: NDArray[np.float32],
    luminance_plane: NDArray[np.float32],
) -> PixelState:
    """The state after the first frame: settled photoreceptor, memory at its output.

    With jittered leak the pixels begin at random moments of their leak interval, as if they had
    been running for long; without jitter all begin at its start.

    Parameters
    ----------
    settings : PixelSettings
    seed : int
    size : SensorSize
    log_plane : (H * W,) ndarray of float32
        Log luminance of the first frame, ln of DN.
    luminance_plane : (H * W,) ndarray of float32
        Its luminance, DN.

    Raises
    ------
    ConfigError
        If the sensor has more than 2**29 pixels.
    """
    n = size.width * size.height
    if not 0 < n < MAX_PIXELS:
        raise ConfigError(f"a sensor must have 1 to {MAX_PIXELS - 1} pixels, found {size}.")
    n_blocks = -(-n // at.BLOCK)
    pixel = np.arange(n, dtype=np.uint64)
    zero = np.zeros_like(pixel)
    on, off = draw_thresholds(settings, seed, pixel)
    factor = draw_rate_factor(settings, seed, pixel)

    # Over its mean: the rate asked for is the mean rate of this sensor, not of all that might be.
    relative_on = settings.contrast_threshold_on / on
    relative_off = settings.contrast_threshold_off / off
    shot_factor = factor * (relative_on + relative_off)
    shot_factor /= shot_factor.mean()
    hazard = -np.log(random.uniform(random.stream_key(seed, Stream.SHOT_TIME), pixel, zero))

    leak_nominal = settings.leak_rate_hz * factor / factor.mean() * on
    leak = leak_nominal
    memory = log_plane.astype(np.float64)
    if settings.leak_jitter > 0 and settings.leak_rate_hz > 0:
        key = random.stream_key(seed, Stream.LEAK_JITTER)
        interval = 1.0 + settings.leak_jitter * random.normal(key, pixel, zero)
        leak = leak_nominal / np.maximum(interval, SHORTEST_LEAK_INTERVAL)
        phase = random.uniform(random.stream_key(seed, Stream.LEAK_PHASE), pixel, zero)
        memory = memory - phase * on

    blocks = np.zeros((n_blocks, at.ROWS, at.BLOCK), np.float32)
    for row, values in (
        (at.LOG, log_plane),
        (at.LUMINANCE, luminance_plane),
        (at.MEMORY, memory),
        (at.LEAK, leak),
        (at.HAZARD, hazard / shot_factor),
        (at.ON, on),
        (at.OFF, off),
    ):
        flat = np.zeros(n_blocks * at.BLOCK, np.float32)
        flat[:n] = values
        blocks[:, row // at.BLOCK] = flat.reshape(n_blocks, at.BLOCK)
    rare = at.Rare(
        leak_log_s=leak_nominal.astype(np.float32),
        shot_factor=shot_factor.astype(np.float32),
        shot_on_share=(relative_on / (relative_on + relative_off)).astype(np.float32),
        shot_draws=np.zeros(n, np.uint32),
        leak_draws=np.zeros(n, np.uint32),
        **draw_hot(settings, seed, pixel, n_blocks),
    )
    return PixelState(size, blocks.reshape(n_blocks, -1), rare)
