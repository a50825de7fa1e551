"""Can a classifier tell real recordings from simulated ones?

If it cannot (an area under the ROC curve near 0.5), the two are alike in all that it looks at.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from eventsim.errors import ConfigError

FOLDS = 5
RIDGE = 0.1
"""Penalty of the logistic regression on standardized features; chosen by eye."""


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
        Area under the ROC curve of five-fold cross-validation; 0.5 is chance, ties count half.

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
    folds = PredefinedSplit(np.tile(np.arange(len(real)) % FOLDS, 2))
    classifier = make_pipeline(StandardScaler(), LogisticRegression(C=1 / RIDGE, max_iter=1000))
    scores = cross_val_predict(classifier, rows, truth, cv=folds, method="decision_function")
    return float(roc_auc_score(truth, scores))
