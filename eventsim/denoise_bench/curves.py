"""How well scores tell signal from noise: ROC curves, and what is read off them.

Signal is the positive class: the true positive rate is the share of signal that is kept, the false
positive rate the share of noise that is. A curve goes from (0, 0) to (1, 1); scores that are equal
are one step of it, a straight line, so events that a filter cannot tell apart count as a random
order of them would.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import auc, roc_curve

from eventsim.denoise.double_window import DoubleWindow
from eventsim.denoise.filter import Denoiser, Filter
from eventsim.events import Events


@dataclass(frozen=True, eq=False)
class Curve:
    """A ROC curve.

    Attributes
    ----------
    fpr, tpr : (N,) ndarray of float64
        Non-decreasing, from (0, 0) to (1, 1).
    """

    fpr: NDArray[np.float64]
    tpr: NDArray[np.float64]

    @property
    def area(self) -> float:
        """Area below it, by trapezoids: the chance that a signal event scores above a noise event.

        An oracle has 1, a random score 0.5.
        """
        return float(auc(self.fpr, self.tpr))

    def at(self, fpr: float) -> float:
        """True positive rate at a false positive rate, on the straight lines between points."""
        return float(np.interp(fpr, self.fpr, self.tpr))

    def matched(self, signal: int, noise: int) -> float:
        """True positive rate where as many events are kept as there are signal events.

        There it is the precision, too. Filters are compared at the same event rate, whatever their
        settings.

        Parameters
        ----------
        signal, noise : int
            How many events there are of each.
        """
        kept = self.tpr * signal + self.fpr * noise
        return float(np.interp(signal, kept, self.tpr))


def curve_of(scores: NDArray[np.float64], is_signal: NDArray[np.bool_]) -> Curve:
    """Curve of all thresholds on a score.

    Parameters
    ----------
    scores : (N,) ndarray of float64
        Infinite ones are allowed; nan is not.
    is_signal : (N,) ndarray of bool
        With both among them.
    """
    # Ranks have the same order, and are finite.
    _, ranks = np.unique(scores, return_inverse=True)
    fpr, tpr, _ = roc_curve(is_signal, ranks)
    return Curve(fpr, tpr)


def swept_curve(keeps: list[NDArray[np.bool_]], is_signal: NDArray[np.bool_]) -> Curve:
    """Curve of a setting that is swept, with the ends (0, 0) and (1, 1).

    Parameters
    ----------
    keeps : list of (N,) ndarray of bool
        What is kept at each setting.
    is_signal : (N,) ndarray of bool
    """
    points = [(keep[~is_signal].mean(), keep[is_signal].mean()) for keep in keeps]
    # Where a point lies below the one before it, a setting is worse on both counts: not used.
    fpr, tpr = np.array(sorted([(0.0, 0.0), *points, (1.0, 1.0)])).T
    return Curve(fpr, np.maximum.accumulate(tpr))


def filter_curve(
    how: Filter,
    events: Events,
    is_signal: NDArray[np.bool_],
    scores: NDArray[np.float64] | None = None,
) -> Curve:
    """Curve of a filter on a stream: over its score, or where that does not decide, its settings.

    Parameters
    ----------
    how : Filter
    events : Events
    is_signal : (N,) ndarray of bool
    scores : (N,) ndarray of float64, optional
        Of the filter, if they are known.
    """
    if isinstance(how, DoubleWindow):  # its windows hold what it kept: each distance runs anew
        keeps = [Denoiser(one, events.size).keep(events) for one in how.swept]
        return swept_curve(keeps, is_signal)
    if scores is None:
        scores = Denoiser(how, events.size).scores(events)
    return curve_of(scores, is_signal)
