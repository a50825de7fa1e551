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
