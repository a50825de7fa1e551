"""The compiled kernels that follow clusters of events."""

import functools

import numpy as np
from numba import njit

kernel = functools.partial(njit, nogil=True, error_model="numpy", cache=True)
_LEAST_PULL = 0.01
"""Of an event on its cluster, however many that has: the center follows; chosen by eye."""


@kernel(inline="always")
def _forget(k, live, clusters):
    """Take cluster k from the table, the last one to its place; returns how many are left."""
    clusters[k] = clusters[live - 1]
    return live - 1


@kernel()
def _note_clusters(step, radius, least, fade_us, live, clusters, boxes, n):
    """Forget clusters that have faded, join those that met, and write the boxes of the others.

    Returns how many clusters and boxes there are then; -1 boxes if there is no room.
    """
    k = 0
    while k < live:
        faded = clusters[k, 4] * np.exp((clusters[k, 5] - step) / fade_us) < 1.0
        for other in range(live):
            near = max(abs(clusters[k, 0] - clusters[other, 0]),
                       abs(clusters[k, 1] - clusters[other, 1])) < radius  # fmt: skip
            lighter = clusters[k, 4] < clusters[other, 4]
            faded |= near and lighter and other != k
        if faded:
            live = _forget(k, live, clusters)
        else:
            k += 1
    for k in range(live):
        if clusters[k, 4] * np.exp((clusters[k, 5] - step) / fade_us) < least:
            continue
        if n == boxes.shape[0]:
            return live, -1
        boxes[n, 0] = step
        for axis in range(2):
            reach = 2.0 * clusters[k, 2 + axis]
            boxes[n, 1 + axis] = np.floor(clusters[k, axis] - reach)
            boxes[n, 3 + axis] = np.ceil(clusters[k, axis] + reach) + 1
        n += 1
    return live, n


@kernel(inline="always")
def _link(k, radius, across, clusters, cells, heads, following):
    """Put cluster k on the list of the cell that its center lies in; a cell is a radius wide."""
    column = np.int64(max(clusters[k, 0], 0.0) / radius) + 1
    row = np.int64(max(clusters[k, 1], 0.0) / radius) + 1
    cells[k] = row * across + column
    following[k] = heads[cells[k]]
    heads[cells[k]] = k


@kernel(inline="always")
def _unlink(k, cells, heads, following):
    """Take cluster k off the list of its cell."""
    if heads[cells[k]] == k:
        heads[cells[k]] = following[k]
        return
    before = heads[cells[k]]
    while following[before] != k:
        before = following[before]
    following[before] = following[k]


@kernel(inline="always")
def _nearest(x, y, radius, across, clusters, heads, following):
    """The cluster that an event is nearest to, within a radius; -1 if there is none."""
    middle = (np.int64(y / radius) + 1) * across + np.int64(x / radius) + 1
    nearest, distance = -1, np.inf
    for row in range(-1, 2):
        for column in range(-1, 2):
            k = heads[middle + row * across + column]
            while k >= 0:
                apart = max(abs(x - clusters[k, 0]), abs(y - clusters[k, 1]))
                if apart <= radius and apart < distance:
                    nearest, distance = k, apart
                k = following[k]
    return nearest


@kernel()
def follow_clusters(settings, size, t, x, y, boxes):
    """Follow clusters of events; writes (t, x0, y0, x1, y1) of each at every step.

    Returns how many boxes there are, or -1 if `boxes` has too few rows. See `MaskClusters`.
    """
    radius, least, fade_us, step_us, most = settings
    # Of each: center (x, y), mean deviation (x, y), events of late, time of the last one.
    clusters = np.zeros((most, 6))
    # Each lies on the list of a cell: an event looks at nine cells, not at all clusters.
    across = np.int64(size[0] / radius) + 3
    heads = np.full(across * (np.int64(size[1] / radius) + 3), -1, np.int64)
    cells, following = np.zeros(most, np.int64), np.full(most, -1, np.int64)
    live = n = 0
    step = (t[0] // step_us + 1) * step_us if t.size else 0
    for i in range(t.size):
        while t[i] >= step:
            for k in range(live):
                heads[cells[k]] = -1
            live, n = _note_clusters(step, radius, least, fade_us, live, clusters, boxes, n)
            if n < 0:
                return -1
            for k in range(live):
                _link(k, radius, across, clusters, cells, heads, following)
            # Nothing happens until the next event once all are forgotten.
            step = step + step_us if live else (t[i] // step_us + 1) * step_us
        place_x, place_y = np.float64(x[i]), np.float64(y[i])
        k = _nearest(place_x, place_y, radius, across, clusters, heads, following)
        if k < 0:
            if live < most:
                clusters[live, 0], clusters[live, 1] = place_x, place_y
                clusters[live, 2] = clusters[live, 3] = 0.5 * radius
                clusters[live, 4], clusters[live, 5] = 1.0, t[i]
                _link(live, radius, across, clusters, cells, heads, following)
                live += 1
            continue
        one = clusters[k]
        one[4] = one[4] * np.exp((one[5] - t[i]) / fade_us) + 1.0
        one[5] = t[i]
        pull = max(1.0 / one[4], _LEAST_PULL)
        for axis, place in ((0, place_x), (1, place_y)):
            apart = place - one[axis]
            one[axis] += pull * apart
            one[2 + axis] += pull * (abs(apart) - one[2 + axis])
        _unlink(k, cells, heads, following)
        _link(k, radius, across, clusters, cells, heads, following)
    return n
