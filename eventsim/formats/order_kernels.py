"""Events of one microsecond in raster order, as everywhere in eventsim."""

import numpy as np

from eventsim.formats.kernels import kernel

FEW = 32
"""Events of a microsecond that are sorted by insertion; chosen by eye."""


@kernel
def in_raster_order(t, x, y, p, kind):
    """Put the events of each microsecond in order of row, then column, in place and stably.

    Parameters
    ----------
    t : (N,) ndarray of int64
        Non-decreasing.
    x, y : (N,) ndarray of uint16
    p : (N,) ndarray of bool
    kind : (N,) ndarray of uint8
    """
    n = t.size
    a = 0
    while a < n:
        b = a + 1
        sorted_already = True
        while b < n and t[b] == t[a]:
            if y[b] < y[b - 1] or (y[b] == y[b - 1] and x[b] < x[b - 1]):
                sorted_already = False
            b += 1
        if not sorted_already:
            if b - a <= FEW:
                _insert(x, y, p, kind, a, b)
            else:
                _by_key(x, y, p, kind, a, b)
        a = b


@kernel
def _insert(x, y, p, kind, a, b):
    for i in range(a + 1, b):
        xi, yi, pi, ki = x[i], y[i], p[i], kind[i]
        j = i
        while j > a and (y[j - 1] > yi or (y[j - 1] == yi and x[j - 1] > xi)):
            x[j], y[j], p[j], kind[j] = x[j - 1], y[j - 1], p[j - 1], kind[j - 1]
            j -= 1
        x[j], y[j], p[j], kind[j] = xi, yi, pi, ki


@kernel
def _by_key(x, y, p, kind, a, b):
    # The place in the key makes the sort stable, and gives the order back.
    keys = np.empty(b - a, np.uint64)
    for i in range(b - a):
        pixel = (np.uint64(y[a + i]) << np.uint64(16)) | np.uint64(x[a + i])
        keys[i] = (pixel << np.uint64(32)) | np.uint64(i)
    keys.sort()
    old_p, old_kind = p[a:b].copy(), kind[a:b].copy()
    for i in range(b - a):
        place = np.int64(keys[i] & np.uint64(0xFFFFFFFF))
        x[a + i] = np.uint16((keys[i] >> np.uint64(32)) & np.uint64(0xFFFF))
        y[a + i] = np.uint16(keys[i] >> np.uint64(48))
        p[a + i] = old_p[place]
        kind[a + i] = old_kind[place]


@kernel
def first_back(t, before):
    """Index of the first time that is less than the one before it; -1 if there is none."""
    for i in range(t.size):
        if t[i] < before:
            return i
        before = t[i]
    return -1


@kernel
def not_back(t, before, keep):
    """Mark the events that are not earlier than any before them; returns how many are."""
    dropped = 0
    for i in range(t.size):
        keep[i] = t[i] >= before
        if keep[i]:
            before = t[i]
        else:
            dropped += 1
    return dropped
