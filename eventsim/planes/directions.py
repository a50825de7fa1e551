"""The eight shifts of I2E: which two neighbors are compared in each of its time planes.

A neighbor is a place 1 to 9 in a 3x3 window, row by row: 1 is the upper left, 5 the pixel
itself. A direction (a, b) compares V(at b) with V(at a), as if the image had been moved by the
difference of their places.

References
----------
.. [1] R. Ma, L. Meng, G. Qiao, N. Ning, Y. Liu, S. Hu, "I2E: Real-Time Image-to-Event Conversion
   for High-Performance Spiking Neural Networks", AAAI 2026, doi:10.1609/aaai.v40i3.37179; table
   and orders as in the authors' code.
"""

import functools
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eventsim import random
from eventsim.random import Stream

Directions = Literal["default", "random"]

PLANES = 8

CHOICES: tuple[tuple[tuple[int, int], ...], ...] = (
    ((5, 6), (1, 2), (2, 3), (4, 5), (7, 8), (8, 9)),  # 1 to the right
    ((5, 2), (4, 1), (6, 3), (7, 4), (8, 5), (9, 6)),  # 1 up
    ((5, 3), (4, 2), (7, 5), (8, 6)),  # up and right
    ((5, 1), (6, 2), (8, 4), (9, 5)),  # up and left
    ((9, 4), (6, 1)),  # 1 up, 2 left
    ((4, 3), (7, 6)),  # 1 up, 2 right
    ((3, 8), (2, 7)),  # 2 down, 1 left
    ((8, 1), (9, 2)),  # 2 up, 1 left
)
"""Directions (a, b) among which each group may choose; the first is the default [1]_."""

ORDERS: tuple[tuple[int, ...], ...] = (
    (0, 1, 2, 3, 4, 5, 6, 7),
    (0, 1, 4, 5, 6, 7, 2, 3),
    (2, 3, 0, 1, 4, 5, 6, 7),
    (2, 3, 4, 5, 6, 7, 0, 1),
    (4, 5, 6, 7, 0, 1, 2, 3),
    (4, 5, 6, 7, 2, 3, 0, 1),
)
"""Orders of the groups in time: plane k shows group ``ORDERS[order][k]`` [1]_."""

DEFAULT_ORDER = 4
"""Of the authors' code [1]_."""


def draw_choices(
    directions: Directions, seed: int, samples: NDArray[np.integer]
) -> NDArray[np.uint8]:
    """Which of its directions each group takes, for each sample.

    Parameters
    ----------
    directions : {"default", "random"}
        ``default`` takes the first of each group; ``random`` draws each uniformly, as a function
        of (seed, sample, group).
    seed : int
    samples : (B,) ndarray of integer
        Numbers of the samples, in [0, 2**32).

    Returns
    -------
    (B, 8) ndarray of uint8
        Index into ``CHOICES[group]``.
    """
    if directions == "default":
        return np.zeros((len(samples), PLANES), np.uint8)
    key = random.stream_key(seed, Stream.I2E_DIRECTION)
    groups = np.arange(PLANES, dtype=np.uint64)
    bits = random.draw_bits(key, samples.astype(np.uint64)[:, None], groups[None, :])
    counts, _ = _tables()
    # The upper half times n, shifted back: uniform to within 2**-32.
    high = np.uint64(32)
    return (((bits >> high) * counts) >> high).astype(np.uint8)


def neighbor_pairs(choices: NDArray[np.uint8], order: int) -> NDArray[np.uint8]:
    """Neighbors that each plane compares, in order of time.

    Parameters
    ----------
    choices : (B, 8) ndarray of uint8
        From `draw_choices`.
    order : int
        Index into `ORDERS`.

    Returns
    -------
    (B, 8, 2) ndarray of uint8
        Places (a, b) from 0 to 8, row by row in the 3x3 window.

    Examples
    --------
    >>> neighbor_pairs(np.zeros((1, 8), np.uint8), 0)[0, 0].tolist()  # the pixel and its right
    [4, 5]
    """
    _, table = _tables()
    groups = np.array(ORDERS[order])
    chosen: NDArray[np.uint8] = table[groups, choices[:, groups]]
    return chosen


@functools.cache
def _tables() -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Number of choices of each group, (8,), and the choices as places from 0, (8, 6, 2)."""
    counts = np.array([len(choices) for choices in CHOICES], np.uint64)
    table = np.zeros((PLANES, int(counts.max()), 2), np.uint8)
    for group, pairs in enumerate(CHOICES):
        table[group, : len(pairs)] = np.array(pairs) - 1
    return counts, table
