"""Attackers who recognize: people, glasses, gestures. They learn from clips, and are tested."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

Labels = NDArray[np.int64]
_COMPONENTS = 80
"""Principal components; chosen by eye."""
_FLOOR = -50.0
"""Of the logarithm of a probability, so that one moment cannot outvote all others."""


def accuracy(
    train: Sequence[NDArray[Any]], labels: Labels, test: Sequence[NDArray[Any]], wanted: Labels
) -> float:
    """Share of clips that a committee gets right: linear discriminants and support vector machines.

    All vote, so none has to be chosen: chosen by the test, the best of several would be better
    than chance where there is nothing to be seen.

    Parameters
    ----------
    train, test : sequence of (N, M, n) ndarray
        Views of the clips; M moments of each are learned by themselves, and vote in the test.
    labels, wanted : (N,) ndarray of int64
    """
    scores, classes = _scores(train, labels, test)
    return float((classes[scores.argmax(axis=1)] == wanted).mean())


def separation(
    train: Sequence[NDArray[Any]], labels: Labels, test: Sequence[NDArray[Any]], wanted: Labels
) -> float:
    """Area under the curve of a detector of something that is there (1) or not (0); 0.5 is chance.

    Parameters
    ----------
    train, test, labels, wanted
        As `accuracy`.
    """
    scores, _ = _scores(train, labels, test)
    return float(roc_auc_score(wanted, scores[:, 1] - scores[:, 0]))


def linkage(views: NDArray[Any], people: Labels) -> float:
    """How often the clip most like another one is of the same person; nothing is learned.

    Parameters
    ----------
    views : (N, M, n) ndarray
        M moments of each clip; the most alike of two clips count.
    people : (N,) ndarray of int64
        Each at least twice.
    """
    n, moments, _ = views.shape
    flat = views.reshape(n * moments, -1)
    flat = flat - flat.mean(axis=0)
    flat = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-9)
    alike = (flat @ flat.T).reshape(n, moments, n, moments).max(axis=(1, 3))
    np.fill_diagonal(alike, -np.inf)
    return float((people[alike.argmax(axis=1)] == people).mean())


def _scores(
    train: Sequence[NDArray[Any]], labels: Labels, test: Sequence[NDArray[Any]]
) -> tuple[NDArray[np.float64], Labels]:
    """(N, K) float64: how likely each class is, in the votes of all; and the classes."""
    classes = np.unique(labels)
    # Where nothing is to be seen, the most frequent class is the best guess.
    frequent = np.array([1e-6 * (labels == name).mean() for name in classes])
    votes = np.tile(frequent, (len(test[0]), 1))
    for known, asked in zip(train, test, strict=True):
        for scores in _votes(known, labels, asked):
            votes += scores / max(float(scores.std()), 1e-12)
    return votes, classes


def _votes(
    train: NDArray[Any], labels: Labels, test: NDArray[Any]
) -> Iterator[NDArray[np.float64]]:
    """(N, K) float64, by each recognizer, of one view; nothing if all clips are alike."""
    moments = train.shape[1]
    flat, every = train.reshape(len(train) * moments, -1), np.repeat(labels, moments)
    kept = flat.std(axis=0) > 1e-9
    if not kept.any():
        return
    components = min(_COMPONENTS, len(flat) - 1, int(kept.sum()))
    rng = np.random.RandomState(0)  # for the sketch of the components
    first = (StandardScaler(), PCA(components, random_state=rng, svd_solver="randomized"))
    inputs = make_pipeline(*first).fit(flat[:, kept])
    learned = inputs.transform(flat[:, kept])
    asked = inputs.transform(test.reshape(len(test) * moments, -1)[:, kept])
    linear = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto").fit(learned, every)
    yield _summed(linear.predict_log_proba(asked), len(test))
    width = 1.0 / (components * max(float(learned.var()), 1e-12))
    machine = SVC(C=10.0, gamma=width).fit(learned, every)
    yield _summed(machine.decision_function(asked), len(test))


def _summed(scores: NDArray[np.float64], clips: int) -> NDArray[np.float64]:
    """(N, K) float64: scores of moments, two columns for two classes, added up for each clip."""
    both = scores if scores.ndim == 2 else np.column_stack([-scores, scores])
    total: NDArray[np.float64] = np.maximum(both, _FLOOR).reshape(clips, -1, both.shape[1]).sum(1)
    return total
