"""Statistics of recordings, and how far two sets of recordings lie apart in each.

All are made from sums over pieces, so that a bootstrap over pieces costs nothing but sums.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.realism.features import COUNTS, count_maps, neighbor_correlation, pixel_intervals_us
from eventsim.realism.pieces import Piece

Numbers = NDArray[np.float64]
Sums = dict[str, Numbers]

INTERVAL_EDGES_US = np.logspace(1, 6, 101)
"""Bins of intervals of a pixel: twenty a decade, from 10 us to 1 s."""
TIME_BINS = 64
MAP_PIXELS = 20_000
"""Of so many pixels, evenly over the array, maps are kept; chosen by eye."""


def sums_of(pieces: Sequence[Piece]) -> Sums:
    """What is added up, piece by piece: arrays whose first axis counts the pieces."""
    rows = [_sums_of(piece) for piece in pieces]
    return {name: np.stack([row[name] for row in rows]) for name in rows[0]}


def _sums_of(piece: Piece) -> Sums:
    events, span = piece.events, piece.span
    maps = count_maps(events, span)
    flat = maps.reshape(2, -1)
    step = -(-flat.shape[1] // MAP_PIXELS)
    dt, before, after = pixel_intervals_us(events)
    alike = {"on": before & after, "off": ~before & ~after}
    intervals = {f"intervals_{n}": _histogram(dt[k], INTERVAL_EDGES_US) for n, k in alike.items()}
    seconds = (span.stop_us - span.start_us) * 1e-6
    edges = span.edges(TIME_BINS)
    both = flat.sum(axis=0)
    return {
        "pieces": np.array(1.0),
        "seconds": np.array(seconds),
        "pixels": np.array(float(flat.shape[1])),
        "off": flat[0].sum(),
        "on": flat[1].sum(),
        "course": np.histogram(events.t, edges)[0].astype(np.float64),
        "counts": np.histogram(both, (*COUNTS, 1 << 30))[0].astype(np.float64),
        "map_off": flat[0, ::step].astype(np.float32),
        "map_on": flat[1, ::step].astype(np.float32),
        "changes": np.array(float((before != after).sum())),
        "successive": np.array(float(dt.size)),
        "neighbors": neighbor_correlation(events, span)[1:3].mean(),
        **intervals,
    }


def _histogram(values: NDArray[np.int64], edges: Numbers) -> Numbers:
    inside = np.clip(values, edges[0], edges[-1])
    return np.histogram(inside, edges)[0].astype(np.float64)


@dataclass(frozen=True)
class Statistic:
    """A number that describes recordings, and a distance that compares them.

    Attributes
    ----------
    name, unit : str
    value : callable
        From the sums over pieces to a number.
    distance : callable
        From the sums of two sides to a number, 0 for what is alike.
    """

    name: str
    unit: str
    value: Callable[[Sums], float]
    distance: Callable[[Sums, Sums], float]


def _ratio(value: Callable[[Sums], float]) -> Callable[[Sums, Sums], float]:
    """|ln(a / b)|: .7 is a factor of two."""

    def distance(a: Sums, b: Sums) -> float:
        first, second = value(a), value(b)
        if first == second:
            return 0.0
        with np.errstate(divide="ignore"):
            return float(abs(np.log(first) - np.log(second)))

    return distance


def _difference(value: Callable[[Sums], float]) -> Callable[[Sums, Sums], float]:
    return lambda a, b: abs(value(a) - value(b))


def _shares(counts: Numbers) -> Numbers:
    total = counts.sum()
    return counts / total if total else np.full(counts.shape, 1 / counts.size)


def _moved(name: str) -> Callable[[Sums, Sums], float]:
    """Total variation: the share of one histogram that would have to move to make the other."""
    return lambda a, b: float(np.abs(_shares(a[name]) - _shares(b[name])).sum() / 2)


def _steps(name: str) -> Callable[[Sums, Sums], float]:
    """Kolmogorov and Smirnov: the largest difference of two cumulative shares."""
    return lambda a, b: float(
        np.abs(np.cumsum(_shares(a[name])) - np.cumsum(_shares(b[name]))).max()
    )


def _median_ms(name: str) -> Callable[[Sums], float]:
    def value(sums: Sums) -> float:
        reached = np.cumsum(sums[name])
        if not reached[-1]:
            return float("nan")
        k = int(np.searchsorted(reached, reached[-1] / 2))
        return float(np.sqrt(INTERVAL_EDGES_US[k] * INTERVAL_EDGES_US[k + 1]) * 1e-3)

    return value


def _pattern(a: Sums, b: Sums) -> float:
    """1 - correlation of the maps of mean counts, in logarithms."""
    maps = []
    for sums in (a, b):
        both = np.concatenate([sums["map_off"], sums["map_on"]]).astype(np.float64)
        maps.append(np.log((both + 0.5) / sums["pieces"]))
    first, second = (m - m.mean() for m in maps)
    scale = np.sqrt((first**2).sum() * (second**2).sum())
    return float(1 - (first * second).sum() / scale) if scale else 0.0


def _spread(sums: Sums) -> float:
    """Standard deviation over pixels of the logarithm of mean counts."""
    both = sums["map_off"].astype(np.float64) + sums["map_on"]
    return float(np.log((both + 0.5) / sums["pieces"]).std())


def _per(name: str) -> Callable[[Sums], float]:
    return lambda sums: float(sums[name] / (sums["seconds"] * sums["pixels"] / sums["pieces"]))


def _events(sums: Sums) -> float:
    return float((sums["on"] + sums["off"]) / sums["pieces"])


def _on_share(sums: Sums) -> float:
    return float(sums["on"] / np.maximum(1.0, sums["on"] + sums["off"]))


def _silent(sums: Sums) -> float:
    return float(_shares(sums["counts"])[0])


def _alternation(sums: Sums) -> float:
    return float(sums["changes"] / np.maximum(1.0, sums["successive"]))


def _neighbors(sums: Sums) -> float:
    return float(sums["neighbors"] / sums["pieces"])


def _peak(sums: Sums) -> float:
    """Largest share of the events in one of the bins of time."""
    return float(_shares(sums["course"]).max())


STATISTICS = (
    Statistic("events per piece", "", _events, _ratio(_events)),
    Statistic("ON rate", "Hz", _per("on"), _ratio(_per("on"))),
    Statistic("OFF rate", "Hz", _per("off"), _ratio(_per("off"))),
    Statistic("ON share", "", _on_share, _difference(_on_share)),
    Statistic("pixels without event", "", _silent, _difference(_silent)),
    Statistic("events per pixel", "", _silent, _moved("counts")),
    Statistic("ON intervals", "ms", _median_ms("intervals_on"), _steps("intervals_on")),
    Statistic("OFF intervals", "ms", _median_ms("intervals_off"), _steps("intervals_off")),
    Statistic("rate over time", "", _peak, _moved("course")),
    Statistic("fixed pattern", "ln", _spread, _pattern),
    Statistic("polarity alternation", "", _alternation, _difference(_alternation)),
    Statistic("neighbor correlation", "", _neighbors, _difference(_neighbors)),
)
"""In the order of a report: rates are those of a pixel, intervals medians, the rate over time the
largest share of one bin, events per pixel the share of silent ones, the fixed pattern a standard
deviation. Distances of rates are |ln ratio|, of shares differences, of histograms
the share that would have to move (counts, times) or the largest difference of cumulative shares
(intervals), of maps 1 - r."""
