"""What is the same for all pixels of a sensor, in the units of the kernels."""

from typing import NamedTuple

import numpy as np

from eventsim import random
from eventsim.pixel.illuminance import in_light
from eventsim.pixel.settings import PixelSettings
from eventsim.random import Stream

ALONE_NOTHING = {
    "model",
    "contrast_threshold_on",
    "contrast_threshold_off",
    "threshold_mismatch",
    "illuminance_lux",
    "leak_jitter",
    "noise_rate_spread_decades",
    "hot_pixel_rate_hz",
    "hot_pixel_on_share",
    "hot_pixel_burst",
    "device_seed",
}
"""Settings that add no effect to the thresholds, as long as the others are off."""


class Physics(NamedTuple):
    """What is the same for all pixels; a zero switches the effect off."""

    bandwidth_per_dn_us: np.float32  # these six are those of `illuminance.InLight`
    light_offset_dn: np.float32
    bandwidth_fall_per_dn: np.float32
    shot_per_us: np.float32
    shot_loss_per_dn_us: np.float32
    shot_fall_per_dn: np.float32
    leak_on: bool
    leak_jitter: np.float32
    refractory_us: np.int64
    key_shot_time: np.uint64
    key_shot_polarity: np.uint64
    key_leak_jitter: np.uint64
    key_hot_time: np.uint64
    key_hot_polarity: np.uint64
    key_hot_burst: np.uint64


def make_physics(settings: PixelSettings, seed: int) -> Physics:
    """The physics of some settings.

    Parameters
    ----------
    settings : PixelSettings
    seed : int
        Of the draws.
    """
    key = {stream: random.stream_key(seed, stream) for stream in Stream}
    light = {name: np.float32(value) for name, value in in_light(settings)._asdict().items()}
    return Physics(
        **light,
        leak_on=settings.leak_rate_hz > 0,
        leak_jitter=np.float32(settings.leak_jitter),
        refractory_us=np.int64(settings.refractory_period_us),
        key_shot_time=key[Stream.SHOT_TIME],
        key_shot_polarity=key[Stream.SHOT_POLARITY],
        key_leak_jitter=key[Stream.LEAK_JITTER],
        key_hot_time=key[Stream.HOT_TIME],
        key_hot_polarity=key[Stream.HOT_POLARITY],
        key_hot_burst=key[Stream.HOT_BURST],
    )


def is_plain(settings: PixelSettings) -> bool:
    """Whether pixels of these settings have thresholds and nothing else.

    A new setting adds an effect, unless `ALONE_NOTHING` says otherwise.
    """
    return all(
        getattr(settings, name) == field.default
        for name, field in PixelSettings.model_fields.items()
        if name not in ALONE_NOTHING
    )
