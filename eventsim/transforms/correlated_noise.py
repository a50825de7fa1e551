"""Noise that lies where events are."""

from dataclasses import dataclass

import numpy as np

from eventsim.events import Events, Kind
from eventsim.random import Draws
from eventsim.transforms.changing import kept, merged, ordered
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class CorrelatedNoise:
    """Add shifted copies of random events (ECDP's noise, see `Translate`).

    Copies keep their polarity and get the kind shot: like shot noise, nothing in the scene is their
    cause. Those that leave the sensor, or the time from the first event to the last, are lost.

    Attributes
    ----------
    count : number or (low, high)
        Of copies; ECDP adds 100 to 5,000.
    sd_px, sd_us : number or (low, high)
        Standard deviation of the shift; ECDP has 1.5 px and 1 ms.
    """

    count: Range = (100.0, 5000.0)
    sd_px: Range = 1.5
    sd_us: Range = 1000.0

    def __post_init__(self) -> None:
        check_range("count", self.count, 0, 1e9)
        check_range("sd_px", self.sd_px, 0, 10_000)
        check_range("sd_us", self.sd_us, 0, 1e9)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Add events."""
        n = rng.whole(0, self.count) if len(events) else 0
        if not n:
            return events
        chosen = events[(rng.uniforms(1, n) * len(events)).astype(np.int64)]
        sd_px, sd_us = rng.between(2, self.sd_px), rng.between(3, self.sd_us)
        t = chosen.t + np.rint(sd_us * rng.normals(4, n)).astype(np.int64)
        x = chosen.x + np.rint(sd_px * rng.normals(5, n)).astype(np.int32)
        y = chosen.y + np.rint(sd_px * rng.normals(6, n)).astype(np.int32)
        inside = (x >= 0) & (x < events.size.width) & (y >= 0) & (y < events.size.height)
        inside &= (t >= events.t[0]) & (t <= events.t[-1])
        kind = np.full(n, Kind.SHOT, np.uint8)
        copies = Events(t, x.astype(np.uint16), y.astype(np.uint16), chosen.p, kind, events.size)
        left = kept(copies, inside)
        return merged(events, ordered([left.t, left.x, left.y, left.p, left.kind], events.size))
