"""How alike two recordings are: the correlation of their event frames."""

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError


def correlations(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float64]:
    """Pearson correlation of each recording with its counterpart, over all bins.

    Parameters
    ----------
    a, b : (N, ...) ndarray
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
    first = first - first.mean(axis=1, keepdims=True)
    second = second - second.mean(axis=1, keepdims=True)
    product = (first * second).sum(axis=1)
    norm = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(product / norm)
