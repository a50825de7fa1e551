"""The noise of a sensor, from the simulator's own pixels."""

from dataclasses import dataclass

import numpy as np

from eventsim.events import Events
from eventsim.frames import Encoding
from eventsim.pixel.array import PixelArray
from eventsim.pixel.settings import PixelSettings
from eventsim.random import Draws
from eventsim.transforms.changing import merged
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class SensorNoise:
    """Add what the pixels would make of an even gray: leak, shot noise and hot pixels.

    The events come from the simulator's pixels, from the first event to the last, and carry their
    kinds. Noise and signal do not act on each other, as without a refractory period they would not.

    Attributes
    ----------
    leak_rate_hz, shot_noise_rate_hz : number or (low, high)
        Of a pixel, see `eventsim.pixel.settings.PixelSettings`; ranges chosen by eye.
    hot_pixel_share, hot_pixel_rate_hz : number or (low, high)
        How many pixels are hot, and how often one fires.
    rate_spread_decades : number or (low, high)
        Spread of the rates over the pixels; 0.1 is that of the preset v2e-noisy.
    gray_dn : number or (low, high)
        Luminance, 255 is white: shot noise is four times as frequent at black.
    """

    leak_rate_hz: Range = (0.0, 0.2)
    shot_noise_rate_hz: Range = (0.0, 2.0)
    hot_pixel_share: Range = 0.0
    hot_pixel_rate_hz: Range = 100.0
    rate_spread_decades: Range = 0.1
    gray_dn: Range = 128.0

    def __post_init__(self) -> None:
        check_range("leak_rate_hz", self.leak_rate_hz, 0, 10_000)
        check_range("shot_noise_rate_hz", self.shot_noise_rate_hz, 0, 10_000)
        check_range("hot_pixel_share", self.hot_pixel_share, 0, 1)
        check_range("hot_pixel_rate_hz", self.hot_pixel_rate_hz, 0, 100_000)
        check_range("rate_spread_decades", self.rate_spread_decades, 0, 1)
        check_range("gray_dn", self.gray_dn, 0, 255)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Add noise events."""
        if not len(events) or events.t[0] == events.t[-1]:
            return events
        hot = rng.between(2, self.hot_pixel_share), rng.between(3, self.hot_pixel_rate_hz)
        share, rate_hz = hot if min(hot) > 0 else (0.0, 0.0)
        settings = PixelSettings(
            leak_rate_hz=rng.between(0, self.leak_rate_hz),
            leak_jitter=0.1,  # as in the preset v2e-noisy
            shot_noise_rate_hz=rng.between(1, self.shot_noise_rate_hz),
            hot_pixel_fraction=share,
            hot_pixel_rate_hz=rate_hz,
            noise_rate_spread_decades=rng.between(4, self.rate_spread_decades),
            device_seed=0,  # each sample is of a device of its own
        )
        # One thread: a forked worker of a loader must not touch the threads of its parent.
        pixels = PixelArray(
            events.size, settings, Encoding("linear"), seed=rng.child(5).key, threads=1
        )
        gray = np.full((2, events.size.height, events.size.width), rng.between(6, self.gray_dn))
        ends = np.array([events.t[0], events.t[-1]])
        noise = [packet.events for packet in pixels.pieces(gray.astype(np.float32), ends)]
        return merged(events, Events.concatenate(noise, events.size))
