"""Filters on labeled streams: what each keeps, and how fast."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.denoise.filter import Denoiser, Filter
from eventsim.denoise_bench.curves import Curve, curve_of, filter_curve
from eventsim.denoise_bench.structure import mean_structural_ratio
from eventsim.events import Events, Kind

NOISES = (Kind.SHOT, Kind.LEAK, Kind.HOT)
GRID = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
"""False positive rates at which a curve is written down; chosen by eye."""


@dataclass(frozen=True, eq=False)
class LabeledStream:
    """Events of which it is known what is signal.

    Attributes
    ----------
    name : str
    events : Events
    is_signal : (N,) ndarray of bool
    labels : str
        How that is known, in words.
    group : str
        Streams of one group are averaged on the page.
    """

    name: str
    events: Events
    is_signal: NDArray[np.bool_]
    labels: str
    group: str = ""


@dataclass(frozen=True)
class StreamRow:
    """What a stream is like.

    Attributes
    ----------
    name, labels, group : str
    events, signal : int
        How many, and how many of them are signal.
    kinds : dict of str to int
        Events by kind.
    structure : float or None
        MESR of all events.
    structure_signal : float or None
        Of the signal alone.
    """

    name: str
    labels: str
    group: str
    events: int
    signal: int
    kinds: dict[str, int]
    structure: float | None
    structure_signal: float | None


@dataclass(frozen=True)
class Row:
    """What a filter does on a stream.

    Attributes
    ----------
    stream : str
    method : str
        The filter as it is written.
    auc : float
    auc_by_kind : dict of str to float
        Signal against the noise of one kind, where there is some; by the score alone, also of a
        filter whose `auc` is that of a sweep.
    tpr, fpr : float
        Share of signal and of noise that is kept with the filter's own threshold.
    kept_by_kind : dict of str to float
        Share of each kind that is kept, with that.
    matched : float
        True positive rate, and precision, where as many events are kept as there is signal.
    structure : float or None
        MESR of as many events as there is signal, those that score most.
    curve : tuple of float
        True positive rates at those of `GRID`.
    """

    stream: str
    method: str
    auc: float
    auc_by_kind: dict[str, float]
    tpr: float
    fpr: float
    kept_by_kind: dict[str, float]
    matched: float
    structure: float | None
    curve: tuple[float, ...]


@dataclass(frozen=True)
class Findings:
    """All that was measured.

    Attributes
    ----------
    streams : tuple of StreamRow
    rows : tuple of Row
    seconds_per_mev : dict of str to float
        By filter, one thread, the median over streams; what a clock says, so no run has the same.
    """

    streams: tuple[StreamRow, ...]
    rows: tuple[Row, ...]
    seconds_per_mev: dict[str, float]


def measure(
    streams: Iterable[LabeledStream],
    filters: Sequence[Filter],
    *,
    tell: Callable[[LabeledStream], None] | None = None,
) -> Findings:
    """Let every filter judge every stream.

    Parameters
    ----------
    streams : iterable of LabeledStream
        One after the other is held in memory. One without signal, or without noise, is left out.
    filters : sequence of Filter
    tell : callable, optional
        Called with each stream when it is done.
    """
    told: list[StreamRow] = []
    rows: list[Row] = []
    seconds: dict[str, list[float]] = {repr(how): [] for how in filters}
    for stream in streams:
        if 0 < np.count_nonzero(stream.is_signal) < len(stream.events):
            told.append(_describe(stream))
            for how in filters:
                scores, taken_s = _timed_scores(how, stream.events)
                rows.append(_judge(stream, how, scores))
                seconds[repr(how)].append(taken_s / (len(stream.events) / 1e6))
        if tell:
            tell(stream)
    medians = {name: float(np.median(all_of)) for name, all_of in seconds.items() if all_of}
    return Findings(tuple(told), tuple(rows), medians)


def _describe(stream: LabeledStream) -> StreamRow:
    events = stream.events
    kinds = {kind.name.lower(): int(np.count_nonzero(events.kind == kind)) for kind in Kind}
    return StreamRow(
        stream.name,
        stream.labels,
        stream.group,
        len(events),
        int(np.count_nonzero(stream.is_signal)),
        {name: count for name, count in kinds.items() if count},
        mean_structural_ratio(events),
        mean_structural_ratio(events[stream.is_signal]),
    )


def _judge(stream: LabeledStream, how: Filter, scores: NDArray[np.float64]) -> Row:
    events, is_signal = stream.events, stream.is_signal
    keep = scores >= how.threshold
    curve = filter_curve(how, events, is_signal, scores)
    count = int(np.count_nonzero(is_signal))
    of_kind = {
        kind.name.lower(): (events.kind == kind) & ~is_signal
        for kind in NOISES
        if np.any((events.kind == kind) & ~is_signal)
    }
    return Row(
        stream=stream.name,
        method=repr(how),
        auc=curve.area,
        auc_by_kind={name: _area(scores, is_signal, noise) for name, noise in of_kind.items()},
        tpr=float(keep[is_signal].mean()),
        fpr=float(keep[~is_signal].mean()),
        kept_by_kind={name: float(keep[noise].mean()) for name, noise in of_kind.items()},
        matched=curve.matched(count, len(events) - count),
        structure=mean_structural_ratio(events[_highest(scores, count)]),
        curve=_read(curve),
    )


def _area(
    scores: NDArray[np.float64], is_signal: NDArray[np.bool_], noise: NDArray[np.bool_]
) -> float:
    """Area below the curve of signal against some of the noise."""
    both = is_signal | noise
    return curve_of(scores[both], is_signal[both]).area


def _highest(scores: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Indices of so many events that score most, in order; of equal ones the earlier."""
    return np.sort(np.argsort(-scores, kind="stable")[:count])


def _read(curve: Curve) -> tuple[float, ...]:
    return tuple(curve.at(fpr) for fpr in GRID)


def _timed_scores(how: Filter, events: Events) -> tuple[NDArray[np.float64], float]:
    """Scores, and the seconds that the faster of two passes took: the first may compile."""
    taken = []
    for _ in range(2):
        denoiser = Denoiser(how, events.size)
        begun = time.perf_counter()
        scores = denoiser.scores(events)
        taken.append(time.perf_counter() - begun)
    return scores, min(taken)
