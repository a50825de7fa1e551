"""What recordings are like, in groups of numbers that say by what two kinds can be told apart.

Each group is a function of the events of one recording, or of one window of it, and gives as many
numbers for any recording. None of them looks at what the recording shows. Shares and logarithms
are used where counts would be dominated by the number of events.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events
from eventsim.representations.event_frames import count_events

Numbers = NDArray[np.float64]

RATE_BIN_US = 5_000
"""Bins of the course of the rate: as fine as the motion of a saccade, chosen by eye."""
SHARE_BINS = 9
"""Bins of time for shares of ON: three for each saccade of N-MNIST."""
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
INTERVALS_FROM_US = 1_000
"""Intervals of a pixel that the scene makes; shorter ones come from readout and dead time."""
READOUT_US = (0, 1, 2, 4, 8, 16, 32, 80)
"""Edges of the gaps between events of the array in which a readout shows."""
LAGS = 12
"""So many events before each one are looked at for what a readout does to neighbors in time."""
PAIRS_US = (0, 3, 300, 1_000)
"""Edges of the short intervals of one pixel: double reads, late ones, and dead time."""
COUNTS = (0, 1, 2, 3, 5, 8, 12, 20)
"""Edges of the histogram of counts per pixel; the last class is open."""
BORDER_PX = 2
"""Rows and columns at the edge of the array whose counts are looked at pixel by pixel."""


@dataclass(frozen=True)
class Span:
    """The time that a recording is looked at, microseconds, half-open."""

    start_us: int
    stop_us: int

    def edges(self, bins: int) -> NDArray[np.int64]:
        """Edges of bins of equal duration, as far as microseconds allow."""
        return np.linspace(self.start_us, self.stop_us, bins + 1).astype(np.int64)


def count_maps(events: Events, span: Span) -> Numbers:
    """Events of each pixel, (2, H, W) float64: OFF and ON."""
    counts: Numbers = count_events(events, [span.start_us, span.stop_us])[0].astype(np.float64)
    return counts


def pixel_intervals_us(
    events: Events,
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Of successive events of one pixel: time between them, polarity of the first and the second.

    Microseconds; (n,) each, pixel by pixel.
    """
    pixel = events.y.astype(np.int64) * events.size.width + events.x
    order = np.argsort(pixel, kind="stable")
    pixel, t, p = pixel[order], events.t[order], events.p[order]
    same = pixel[1:] == pixel[:-1]
    return np.diff(t)[same], p[:-1][same], p[1:][same]


def rate_course(events: Events, span: Span) -> Numbers:
    """Shares of the events in bins of `RATE_BIN_US`."""
    bins = max(2, round((span.stop_us - span.start_us) / RATE_BIN_US))
    counts = np.histogram(events.t, span.edges(bins))[0]
    return counts / max(1, len(events))


def on_shares(events: Events, span: Span) -> Numbers:
    """Share of ON in each of `SHARE_BINS` bins, one half where there is no event."""
    edges = span.edges(SHARE_BINS)
    both = np.histogram(events.t, edges)[0]
    on = np.histogram(events.t[events.p], edges)[0]
    return (on + 0.5) / (both + 1.0)


def number(events: Events, span: Span) -> Numbers:
    """Logarithm of the number of events."""
    return np.array([np.log1p(len(events))])


def pixel_intervals(events: Events, span: Span) -> Numbers:
    """Log quantiles of a pixel's intervals from `INTERVALS_FROM_US` on: ON, OFF, and changes."""
    dt, before, after = pixel_intervals_us(events)
    long = dt >= INTERVALS_FROM_US
    found = [
        _log_quantiles(dt[long & which])
        for which in (before & after, ~before & ~after, before != after)
    ]
    return np.concatenate(found)


def alternation(events: Events, span: Span) -> Numbers:
    """Share of a pixel's successive events that change their polarity, long and short intervals."""
    dt, before, after = pixel_intervals_us(events)
    change = before != after
    edges = (0, 1_000, 5_000, 20_000, 1 << 40)
    return np.array(
        [
            (change[some].sum() + 0.5) / (some.sum() + 1.0)
            for some in ((dt >= a) & (dt < b) for a, b in pairwise(edges))
        ]
    )


def short_pairs(events: Events, span: Span) -> Numbers:
    """Log of the pairs per event of one pixel in the short intervals of `PAIRS_US`, by polarity."""
    dt, before, after = pixel_intervals_us(events)
    found = []
    for a, b in pairwise(PAIRS_US):
        some = (dt >= a) & (dt < b)
        for first, second in ((True, True), (True, False), (False, True), (False, False)):
            pairs = (some & (before == first) & (after == second)).sum()
            found.append(np.log((pairs + 0.5) / (len(events) + 1.0)))
    return np.array(found)


def array_gaps(events: Events, span: Span) -> Numbers:
    """Shares of the gaps between successive events of the array that are 0, 1, 2 ... us."""
    gaps = np.diff(events.t)
    counts = np.histogram(gaps, (*READOUT_US, 1 << 62))[0]
    return (counts + 0.5) / (gaps.size + 1.0)


def row_gaps(events: Events, span: Span) -> Numbers:
    """Share of one row among pairs of events of the array, by their gap and the second polarity."""
    found = []
    y = events.y.astype(np.int64)
    sums = np.zeros((len(READOUT_US), 2, 2))
    for lag in range(1, LAGS + 1):
        gap = events.t[lag:] - events.t[:-lag]
        place = np.searchsorted(READOUT_US, gap, side="right") - 1
        same = y[lag:] == y[:-lag]
        code = (place * 2 + events.p[lag:]) * 2 + same
        sums += np.bincount(code, minlength=sums.size).reshape(sums.shape)
    for of_gap in sums[:-1]:
        found += [(row[1] + 0.5) / (row.sum() + 1.0) for row in of_gap]
    return np.array(found)


def polarity_gaps(events: Events, span: Span) -> Numbers:
    """Shares of the four pairs of polarities among successive events 0 and 1 us apart."""
    gap = np.diff(events.t)
    found = []
    for wanted in (0, 1):
        some = gap == wanted
        code = events.p[:-1][some] * 2 + events.p[1:][some]
        counts = np.bincount(code.astype(np.int64), minlength=4)
        found += ((counts + 0.5) / (counts.sum() + 2.0)).tolist()
    return np.array(found)


def pixel_counts(events: Events, span: Span) -> Numbers:
    """Shares of the pixels with few and many events, see `COUNTS`; by polarity."""
    maps = count_maps(events, span)
    return np.concatenate(
        [np.histogram(counts, (*COUNTS, 1 << 30))[0] / counts.size for counts in maps]
    )


def neighbor_correlation(events: Events, span: Span) -> Numbers:
    """Correlations of count maps with themselves one pixel on, and of ON with OFF."""
    off, on = np.sqrt(count_maps(events, span))
    both = np.sqrt(off**2 + on**2)
    found = [_correlation(on, off)]
    for counts in (both, on, off):
        found.append(_correlation(counts[:, 1:], counts[:, :-1]))
        found.append(_correlation(counts[1:], counts[:-1]))
    return np.array(found)


def border(events: Events, span: Span) -> Numbers:
    """Root of the counts of each pixel at the edge of the array: noise, and the device."""
    counts = np.sqrt(count_maps(events, span))
    edge = np.ones(counts.shape[1:], bool)
    edge[BORDER_PX:-BORDER_PX, BORDER_PX:-BORDER_PX] = False
    return np.concatenate([counts[0][edge], counts[1][edge]])


def fixed_pattern(events: Events, span: Span) -> Numbers:
    """Log of the most events of a pixel, and of its share, by polarity: pixels that stand out."""
    maps = count_maps(events, span).reshape(2, -1)
    top = np.sort(maps, axis=1)[:, -3:]
    return np.log1p(top).ravel()


def summaries(events: Events, span: Span) -> Numbers:
    """What a glance at event frames tells, in numbers.

    For each of `SHARE_BINS` bins: log of the events, share of ON, log of the places that hold any.
    Then the shares of pixels with 0, 1 and 2 events, the log of the most events of a pixel, and the
    log of the sum of squared counts per event.
    """
    counts: Numbers = count_events(events, span.edges(SHARE_BINS)).astype(np.float64)
    per_bin = counts.sum(axis=(1, 2, 3))
    per_pixel = counts.sum(axis=(0, 1))
    crowding = (counts**2).sum() / max(1.0, per_bin.sum())
    return np.concatenate(
        [
            np.log1p(per_bin),
            counts[:, 1].sum(axis=(1, 2)) / np.maximum(per_bin, 1),
            np.log1p((counts > 0).sum(axis=(1, 2, 3))),
            [(per_pixel == k).mean() for k in range(3)],
            [np.log1p(per_pixel.max()), np.log1p(crowding)],
        ]
    )


Feature = Callable[[Events, Span], Numbers]

SCENE: tuple[Feature, ...] = (
    number, rate_course, on_shares, pixel_intervals, alternation, pixel_counts,
    neighbor_correlation, border, fixed_pattern, summaries,
)  # fmt: skip
READOUT: tuple[Feature, ...] = (array_gaps, row_gaps, polarity_gaps, short_pairs)
GROUPS: tuple[Feature, ...] = (*SCENE, *READOUT)
"""All groups; `READOUT` are those that show how events leave the sensor."""


def _log_quantiles(values: NDArray[np.int64]) -> Numbers:
    if not values.size:
        return np.full(len(QUANTILES), np.log(INTERVALS_FROM_US))
    return np.log(np.quantile(values, QUANTILES))


def _correlation(a: Numbers, b: Numbers) -> float:
    a, b = a.ravel() - a.mean(), b.ravel() - b.mean()
    scale = np.sqrt((a**2).sum() * (b**2).sum())
    return float((a * b).sum() / scale) if scale > 0 else 0.0
