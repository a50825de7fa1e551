"""Real and simulated recordings, held against each other."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.random import Draws
from eventsim.realism.correlation import correlations
from eventsim.realism.features import GROUPS, READOUT, Feature
from eventsim.realism.pieces import Piece, paired
from eventsim.realism.separation import FOLDS, separate
from eventsim.realism.statistics import STATISTICS, Sums, sums_of

RESAMPLED = 200
"""Bootstrap samples; an end of a 95 % interval is the mean of about five of them."""
LEAST = 2 * FOLDS


@dataclass(frozen=True)
class Row:
    """One statistic of both sides.

    Attributes
    ----------
    name, unit : str
    real, simulated : float
    distance : float
        0 for what is alike; see `eventsim.realism.statistics.STATISTICS`.
    low, high : float
        Its 95 % bootstrap interval.
    floor : float
        Distance of one half of the real pieces from the other: less cannot be told from nothing.
    """

    name: str
    unit: str
    real: float
    simulated: float
    distance: float
    low: float
    high: float
    floor: float


@dataclass(frozen=True)
class Comparison:
    """What a comparison found.

    Attributes
    ----------
    pieces : (int, int)
        Real and simulated ones.
    duration_us : int
        Of each.
    rows : tuple of Row
    groups : dict of str to float
        Area under the ROC curve of a classifier that sees one group of features: 0.5 is chance.
    pairs : dict of str to float
        Correlations between the two of a pair; empty if nothing is paired.
    totals : (dict, dict)
        Sums over the pieces of both sides, for drawing.
    """

    pieces: tuple[int, int]
    duration_us: int
    rows: tuple[Row, ...]
    groups: dict[str, float]
    pairs: dict[str, float]
    totals: tuple[Sums, Sums]

    def as_json(self) -> dict[str, Any]:
        """All but the sums, as JSON values."""
        return {
            "pieces": list(self.pieces),
            "duration_us": self.duration_us,
            "statistics": [asdict(row) for row in self.rows],
            "auc": self.groups,
            "pairs": self.pairs,
        }


def compare(
    real: Sequence[Piece], simulated: Sequence[Piece], *, pairs: bool = False, seed: int = 1
) -> Comparison:
    """Compare two sides, statistic by statistic and by a classifier.

    Parameters
    ----------
    real, simulated : sequence of Piece
    pairs : bool
        Pieces with equal keys show the same: others are left out, and counts and maps are
        correlated.
    seed : int
        Of the bootstrap.

    Raises
    ------
    ConfigError
        If a side has fewer than ten pieces, or nothing is paired.
    """
    if pairs:
        real, simulated = paired(real, simulated)
    if min(len(real), len(simulated)) < LEAST:
        raise ConfigError(
            f"a comparison needs {LEAST} pieces a side, found {len(real)} real and "
            f"{len(simulated)} simulated. Give more recordings or shorter pieces."
        )
    sums = sums_of(real), sums_of(simulated)
    return Comparison(
        (len(real), len(simulated)),
        real[0].span.stop_us,
        tuple(_rows(sums, (len(real), len(simulated)), pairs, seed)),
        separations(real, simulated),
        _pairs(sums) if pairs else {},
        (_total(sums[0], np.arange(len(real))), _total(sums[1], np.arange(len(simulated)))),
    )


def separations(real: Sequence[Piece], simulated: Sequence[Piece]) -> dict[str, float]:
    """How well a classifier tells the sides apart by each group of features, and by several.

    Parameters
    ----------
    real, simulated : sequence of Piece
        As many of both are used; those at one place are held out together.

    Returns
    -------
    dict of str to float
        Areas under the ROC curve, of `GROUPS`, of those of the readout jointly, and of all.
    """
    n = min(len(real), len(simulated))
    found: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]] = {
        name_of(group): (_table(group, real[:n]), _table(group, simulated[:n])) for group in GROUPS
    }
    jointly = [name_of(group) for group in READOUT]
    areas = {name: separate(*pair) for name, pair in found.items()}
    for name, members in (("readout, jointly", jointly), ("all, jointly", list(found))):
        sides = (np.concatenate([found[m][side] for m in members], axis=1) for side in (0, 1))
        areas[name] = separate(*sides)
    return areas


def name_of(group: Feature) -> str:
    """Of a group of features, in words."""
    return group.__name__.replace("_", " ")


def _table(group: Feature, pieces: Sequence[Piece]) -> NDArray[np.float64]:
    return np.array([group(piece.events, piece.span) for piece in pieces])


def _total(sums: Sums, rows: NDArray[np.int64]) -> Sums:
    return {name: values[rows].sum(axis=0) for name, values in sums.items()}


def _rows(sums: tuple[Sums, Sums], counts: tuple[int, int], pairs: bool, seed: int) -> "list[Row]":
    whole = [_total(s, np.arange(n)) for s, n in zip(sums, counts, strict=True)]
    halves = [_total(sums[0], np.arange(k, counts[0], 2)) for k in (0, 1)]
    draws = Draws.of(seed)
    resampled = []
    for k in range(RESAMPLED):
        chosen = []
        for side, n in enumerate(counts):
            # Both of a pair are drawn together.
            numbers = draws.uniforms(2 * k + (0 if pairs else side), n)
            chosen.append(_total(sums[side], (numbers * n).astype(np.int64)))
        resampled.append(chosen)
    found = []
    for one in STATISTICS:
        distances = [one.distance(*both) for both in resampled]
        low, high = np.quantile(distances, (0.025, 0.975))
        found.append(
            Row(
                one.name, one.unit, one.value(whole[0]), one.value(whole[1]),
                one.distance(whole[0], whole[1]), float(low), float(high),
                one.distance(halves[0], halves[1]),
            )
        )  # fmt: skip
    return found


def _pairs(sums: tuple[Sums, Sums]) -> dict[str, float]:
    """Correlations of pairs: of their counts, of their courses and of their maps."""
    first, second = (s["on"] + s["off"] for s in sums)
    found = {"events": float(correlations(first[None], second[None])[0])}
    for name in ("course", "map_on", "map_off"):
        rows = correlations(sums[0][name], sums[1][name])
        found[name.replace("_", " ")] = float(np.nanmean(rows)) if np.isfinite(rows).any() else 0.0
    return found
