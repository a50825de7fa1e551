"""Statistics of recordings that tell settings of a camera, and where in the array they are seen."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.frames import FrameSource
from eventsim.realism.features import pixel_intervals_us

Numbers = NDArray[np.float64]

QUIET_LOG, ACTIVE_LOG = 0.03, 0.2
"""Range of log luminance (ln) up to which a pixel only makes noise, and from which on it sees
motion: 3 % is below any threshold, 22 % about one. Chosen by eye."""
GROUPS = 24
"""Parts of the array by which the spread of a statistic is known; chosen by eye."""
COURSE_BINS = 96
QUANTILES = (0.02, 0.05, 0.1, 0.25, 0.5, 0.75)
"""Bins of time, fine enough that a slow photoreceptor shows, and quantiles of intervals, the lowest
of which tell the dead time. Chosen by eye."""


@dataclass(frozen=True, eq=False)
class Light:
    """What of the frames is needed to judge events.

    Attributes
    ----------
    quiet, active : (H, W) ndarray of bool
        Pixels where nothing moves, and where something does.
    start_us, stop_us : int
        Times of the first and last frame.
    """

    quiet: NDArray[np.bool_]
    active: NDArray[np.bool_]
    start_us: int
    stop_us: int


def look_at(source: FrameSource) -> Light:
    """Go once through frames, and see where they change.

    Raises
    ------
    ConfigError
        If there are fewer than two.
    """
    low: NDArray[np.float32] | None = None
    high = low
    start_us = stop_us = 0
    count = 0
    for frame in source:
        log = np.log(source.encoding.luminance(frame.values) + 1.0)
        low = log if low is None else np.minimum(low, log)
        high = log if high is None else np.maximum(high, log)
        start_us, stop_us = (frame.t_us if count == 0 else start_us), frame.t_us
        count += 1
    if low is None or high is None or count < 2:
        raise ConfigError(f"a calibration needs two frames or more, found {count}.")
    spread = high - low
    return Light(spread <= QUIET_LOG, spread >= ACTIVE_LOG, start_us, stop_us)


def still(size: tuple[int, int], start_us: int, stop_us: int) -> Light:
    """Of a scene in which nothing moves."""
    width, height = size
    quiet = np.ones((height, width), bool)
    return Light(quiet, ~quiet, start_us, stop_us)


def motion_moments(events: Events, light: Light, some: NDArray[np.bool_]) -> Numbers:
    """Statistics of the events of pixels that see motion, in logarithms.

    Parameters
    ----------
    events : Events
    light : Light
    some : (H, W) ndarray of bool
        Of these pixels.

    Returns
    -------
    (n,) ndarray of float64
        Events in `COURSE_BINS` bins of time, and `QUANTILES` of the intervals of a pixel; each of
        ON and of OFF.
    """
    chosen = some & light.active
    seen = events[chosen[events.y, events.x]]
    edges = np.linspace(light.start_us, light.stop_us, COURSE_BINS + 1)
    found: list[Numbers] = []
    for p in (True, False):
        found.append(np.log(np.histogram(seen.t[seen.p == p], edges)[0] + 3.0))
    dt, before, after = pixel_intervals_us(seen)
    for p in (True, False):
        own = dt[(before == p) & (after == p)]
        none = np.full(len(QUANTILES), np.log(max(1, light.stop_us - light.start_us)))
        found.append(np.log(np.quantile(own, QUANTILES) + 10) if own.size > 20 else none)
    return np.concatenate(found)


def noise_moments(events: Events, light: Light, some: NDArray[np.bool_]) -> Numbers:
    """Statistics of the events of quiet pixels, in logarithms; parameters as `motion_moments`.

    Returns
    -------
    (4,) ndarray of float64
        Rates of ON, of OFF and of changes of polarity, and how much the counts of pixels spread.
    """
    chosen = some & light.quiet
    inside = (events.t > light.start_us) & (events.t <= light.stop_us)
    seen = events[chosen[events.y, events.x] & inside]
    _, before, after = pixel_intervals_us(seen)
    on, off = int(seen.p.sum()), int((~seen.p).sum())
    changes = int((before != after).sum())
    counts = np.zeros(chosen.shape)
    np.add.at(counts, (seen.y, seen.x), 1)
    pixels = max(1, int(chosen.sum()))
    # Roots, whose spread by chance is one half; without the few that see something after all.
    roots = np.sort(np.sqrt(counts[chosen]))[: -max(1, pixels // 20)]
    spread = roots.std() if roots.size else 0.0
    seconds = (light.stop_us - light.start_us) * 1e-6
    rates = (np.array([on, off, changes]) + 1.0) / (pixels * seconds)
    return np.log([*rates, spread + 0.05])


def without_hot(events: Events, light: Light) -> tuple[Events, dict[str, float]]:
    """Events of all pixels that are not hot, and the settings of those that are.

    A quiet pixel is hot that fires ten times as often as the median of them, and ten times more.

    Returns
    -------
    Events
    dict of str to float
        ``hot_pixel_fraction``, ``hot_pixel_rate_hz`` and ``hot_pixel_on_share``.
    """
    seconds = (light.stop_us - light.start_us) * 1e-6
    counts = np.zeros(light.quiet.shape)
    np.add.at(counts, (events.y, events.x), 1)
    usual = float(np.median(counts[light.quiet])) if light.quiet.any() else 0.0
    hot = light.quiet & (counts > 10 * usual + 10)
    if not hot.any():
        return events, {"hot_pixel_fraction": 0.0, "hot_pixel_rate_hz": 0.0}
    mine = hot[events.y, events.x]
    return events[~mine], {
        "hot_pixel_fraction": float(hot.sum() / light.quiet.sum()),
        "hot_pixel_rate_hz": float((counts[hot].mean() - usual) / seconds),
        "hot_pixel_on_share": float(events.p[mine].mean()),
    }


Moments = Callable[[Events, Light, NDArray[np.bool_]], Numbers]


def parts_of(light: Light, seed: int) -> list[NDArray[np.bool_]]:
    """The array in parts, each of blocks of pixels that are spread over it."""
    height, width = light.quiet.shape
    block = max(1, min(height, width) // 16)
    rows, columns = np.indices((height, width)) // block
    number = rows * (columns.max() + 1) + columns
    order = np.random.default_rng(seed).permutation(int(number.max()) + 1)
    part = order[number] % GROUPS
    return [part == k for k in range(GROUPS)]
