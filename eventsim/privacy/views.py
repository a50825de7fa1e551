"""What attackers look at: numbers of a fixed size, of events of any number."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events
from eventsim.privacy.clips import Clip

Array = NDArray[np.float32]

TAUS_US = (30_000.0, 100_000.0, 400_000.0)
"""Times over which attackers integrate; between a blink and the length of a clip, by eye."""
LAST_US = 60_000
"""In which they look more closely; chosen by eye."""
BINS = 3
MOMENTS = 4
"""Times in a clip at which its people are looked at, evenly spread, the last at the end."""
COARSE_PX = 20
"""Side of the pictures by which people are recognized; chosen by eye."""
STEPS = 20
"""Steps of time in which movement is followed; chosen by eye."""
_LAGS = (0, 1, 2, 4)


def leaky_image(events: Events, at_us: int, tau_us: float) -> Array:
    """(H, W) float32: leaky sum of the polarities, ``v <- v exp(-dt / tau) + p``, at a time."""
    past = events.window(at_us - round(8 * tau_us), at_us + 1)
    weight = np.where(past.p, 1.0, -1.0) * np.exp((past.t - at_us) / tau_us)
    return _summed(past, weight)


def rate_map(events: Events) -> Array:
    """(H, W) float32: events of each pixel."""
    return _summed(events, None)


def planes(clip: Clip) -> Array:
    """(4, 7, H, W) float32: at some moments, leaky sums, bins of the last time, and rates.

    Of each the root, with its sign: a linear decoder sees more in it than in the sums.
    """
    events, seen = clip.events, []
    for moment in range(1, MOMENTS + 1):
        at_us = clip.duration_us * moment // MOMENTS
        rows = [leaky_image(events, at_us, tau_us) for tau_us in TAUS_US]
        edges = np.linspace(at_us - LAST_US, at_us + 1, BINS + 1).astype(np.int64)
        for start, stop in pairwise(edges.tolist()):
            part = events.window(start, stop)
            rows.append(_summed(part, np.where(part.p, 1.0, -1.0)))
        recent = events.window(at_us - round(TAUS_US[1]), at_us + 1)
        rows.append(rate_map(recent))
        seen.append(rows)
    sums = np.array(seen, np.float32)
    return np.sign(sums) * np.sqrt(np.abs(sums))


def movement(clip: Clip) -> NDArray[np.float64]:
    """(n,) float64: how places, spreads and signs of events go with each other over time.

    ON and OFF events lie on opposite sides of what moves, so their signed moments tell where it
    goes: to a side, up, around, nearer.
    """
    events, (width, height) = clip.events, clip.events.size
    step = np.minimum(events.t * STEPS // clip.duration_us, STEPS - 1)
    count = np.maximum(np.bincount(step, minlength=STEPS), 1)
    sign = np.where(events.p, 1.0, -1.0)
    x, y = events.x / width, events.y / height
    series = [np.sqrt(np.bincount(step, minlength=STEPS)), np.bincount(step, sign, STEPS) / count]
    mean_x, mean_y = np.bincount(step, x, STEPS) / count, np.bincount(step, y, STEPS) / count
    x, y = x - mean_x[step], y - mean_y[step]
    series += [mean_x, mean_y]
    for moment in (x * x, y * y, sign * x, sign * y, sign * x * y, sign * x * x, sign * y * y):
        series.append(np.bincount(step, moment, STEPS) / count)
    table = np.array(series)
    scale = table - table.mean(axis=1, keepdims=True)
    scale = scale / np.maximum(scale.std(axis=1, keepdims=True), 1e-9)
    together = [
        (scale[:, : STEPS - lag] @ scale[:, lag:].T / (STEPS - lag)).ravel() for lag in _LAGS
    ]
    return np.concatenate([table.mean(axis=1), table.std(axis=1), *together])


def movements(clips: Sequence[Clip]) -> NDArray[np.float64]:
    """(N, n) float64: `movement` of each."""
    return np.array([movement(clip) for clip in clips])


def centered(pictures: Array, weights: Array) -> Array:
    """(N, 20, 20) float32: pictures with the middle of their weights in the middle, made coarse.

    Parameters
    ----------
    pictures, weights : (N, H, W) ndarray of float32
    """
    made = np.empty((len(pictures), COARSE_PX, COARSE_PX), np.float32)
    for k, (picture, weight) in enumerate(zip(pictures, weights, strict=True)):
        total = weight.sum()
        shifts = [0, 0]
        if total > 0:
            for axis, side in enumerate(picture.shape):
                middle = (weight.sum(axis=1 - axis) * np.arange(side)).sum() / total
                shifts[axis] = round(side / 2 - float(middle))
        made[k] = coarse(np.roll(picture, shifts, axis=(0, 1)))
    return made


def coarse(picture: Array) -> Array:
    """(20, 20) float32: means over areas."""
    height, width = picture.shape
    rows = np.arange(height) * COARSE_PX // height
    columns = np.arange(width) * COARSE_PX // width
    places = (rows[:, None] * COARSE_PX + columns[None, :]).ravel()
    shape = (COARSE_PX, COARSE_PX)
    sums = np.bincount(places, picture.ravel(), COARSE_PX**2).reshape(shape)
    sizes = np.bincount(places, minlength=COARSE_PX**2).reshape(shape)
    return (sums / np.maximum(sizes, 1)).astype(np.float32)


def _summed(events: Events, weight: NDArray[np.float64] | None) -> Array:
    width, height = events.size
    place = events.y.astype(np.int64) * width + events.x
    return np.bincount(place, weight, width * height).reshape(height, width).astype(np.float32)
