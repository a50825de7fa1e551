"""How alike two recordings are: the correlation of their event frames."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import ConstantInputWarning, pearsonr

from eventsim.errors import ConfigError


def correlations(a: NDArray[np.floating[Any]], b: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Pearson correlation of each recording with its counterpart, over all bins.

    Parameters
    ----------
    a, b : (N, ...) ndarray of float
        Histograms of N recordings.

    Returns
    -------
    (N,) ndarray of float64
        NaN where one of the two is constant.

    Raises
    ------
    ConfigError
        If the shapes differ.
    """
    if a.shape != b.shape:
        raise ConfigError(f"histograms must have one shape, found {a.shape} and {b.shape}.")
    first, second = (h.reshape(len(h), -1).astype(np.float64) for h in (a, b))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConstantInputWarning)
        return np.asarray(pearsonr(first, second, axis=1).statistic)
