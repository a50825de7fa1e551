"""Can a classifier tell real recordings from simulated ones?

If it cannot (an area under the ROC curve near 0.5), the two are alike in all that it looks at.
"""

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError

FOLDS = 5
STEPS = 30
RIDGE = 0.1
"""Newton steps and penalty of the logistic regression; chosen by eye."""


def roc_area(scores: NDArray[np.floating], truth: NDArray[np.bool_]) -> float:
    """Area under the ROC curve: how often a true case scores above a false one.

    Parameters
    ----------
    scores : (N,) ndarray
    truth : (N,) ndarray of bool

    Returns
    -------
    float
        In [0, 1]; ties count half.

    Raises
    ------
    ConfigError
        If all cases are of one kind.

    Examples
    --------
    >>> roc_area(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True]))
    0.75
    """
    true, false = scores[truth], np.sort(scores[~truth])
    if not (true.size and false.size):
        raise ConfigError("an area needs cases of both kinds, found one kind only.")
    below = np.searchsorted(false, true, side="left")
    not_above = np.searchsorted(false, true, side="right")
    return float((below + not_above).sum() / (2 * true.size * false.size))


def summary_features(counts: NDArray[np.float32]) -> NDArray[np.float64]:
    """Describe each recording in a few numbers that do not depend on what it shows.

    Parameters
    ----------
    counts : (N, T, 2, H, W) ndarray
        From `eventsim.representations.event_frames.count_events`.

    Returns
    -------
    (N, 3 T + 5) ndarray of float64
        For each time bin: log of the events, share of ON, log of the bins that hold any. Then the
        shares of pixels with 0, 1 and 2 events, the log of the most events of a pixel, and the log
        of the sum of squared counts per event.
    """
    n = len(counts)
    per_bin = counts.sum(axis=(2, 3, 4))
    per_pixel = counts.sum(axis=(1, 2)).reshape(n, -1)
    columns = [
        np.log1p(per_bin),
        counts[:, :, 1].sum(axis=(2, 3)) / np.maximum(per_bin, 1),
        np.log1p((counts > 0).sum(axis=(2, 3, 4))),
        *((per_pixel == k).mean(axis=1)[:, None] for k in range(3)),
        np.log1p(per_pixel.max(axis=1))[:, None],
        np.log1p((counts**2).sum(axis=(1, 2, 3, 4)) / np.maximum(per_bin.sum(axis=1), 1))[:, None],
    ]
    return np.concatenate(columns, axis=1, dtype=np.float64)


def separate(real: NDArray[np.float64], simulated: NDArray[np.float64]) -> float:
    """Train a logistic regression to tell real from simulated, and test it on the others.

    Parameters
    ----------
    real, simulated : (N, F) ndarray of float64
        Features of recordings; row i of both shows the same thing, and both are held out together.

    Returns
    -------
    float
        Area under the ROC curve of five-fold cross-validation; 0.5 is chance.

    Raises
    ------
    ConfigError
        If there are fewer than ten pairs, or the shapes differ.
    """
    if real.shape != simulated.shape or len(real) < 2 * FOLDS:
        raise ConfigError(
            f"separation needs {2 * FOLDS} or more pairs of rows, found {real.shape} and "
            f"{simulated.shape}."
        )
    rows = np.concatenate([real, simulated])
    truth = np.repeat([True, False], len(real))
    fold = np.tile(np.arange(len(real)) % FOLDS, 2)
    scores = np.empty(len(rows))
    for k in range(FOLDS):
        train = fold != k
        spread = rows[train].std(axis=0) + 1e-9
        scaled = np.column_stack([(rows - rows[train].mean(axis=0)) / spread, np.ones(len(rows))])
        weights = _fit(scaled[train], truth[train].astype(np.float64))
        scores[~train] = scaled[~train] @ weights
    return roc_area(scores, truth)


def _fit(rows: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of a logistic regression with a ridge, by Newton's method."""
    weights = np.zeros(rows.shape[1])
    ridge = RIDGE * np.eye(rows.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        curvature = (rows * (chance * (1 - chance) + 1e-6)[:, None]).T @ rows + ridge
        weights += np.linalg.solve(curvature, rows.T @ (truth - chance) - RIDGE * weights)
    return weights
