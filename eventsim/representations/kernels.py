"""The compiled kernels of the representations.

All are in this file: Numba's cache does not see changes in other ones.
"""

import functools

import numpy as np
from numba import njit

kernel = functools.partial(njit, nogil=True, error_model="numpy", cache=True)


@kernel()
def count(x, y, p, bounds, out):
    """Add 1 for each event; events bounds[k]..bounds[k + 1] belong to out[k] of (T, 2, H, W)."""
    for k in range(bounds.size - 1):
        plane = out[k]
        for i in range(bounds[k], bounds[k + 1]):
            plane[np.int64(p[i]), y[i], x[i]] += 1


@kernel()
def count_up_to(x, y, p, bounds, most, out):
    """As `count` with bins as the second axis, (2, T, H, W), and no count above `most`."""
    for k in range(bounds.size - 1):
        for i in range(bounds[k], bounds[k + 1]):
            counted = out[np.int64(p[i]), k, y[i], x[i]]
            out[np.int64(p[i]), k, y[i], x[i]] = counted + np.uint8(counted < most)


@kernel()
def spread(t, x, y, p, t0_us, per_us, signed, out):
    """Share each event among the two nearest of the bins of (B, P, H, W), in proportion."""
    last = out.shape[0] - 1
    for i in range(t.size):
        place = np.float64(t[i] - t0_us) * per_us
        low = min(np.int64(place), last)
        above = np.float32(place - low)
        mass = np.float32(1.0)
        plane = np.int64(p[i])
        if signed:
            mass = np.float32(1.0) if p[i] else np.float32(-1.0)
            plane = 0
        out[low, plane, y[i], x[i]] += mass * (np.float32(1.0) - above)
        if above > 0:
            out[low + 1, plane, y[i], x[i]] += mass * above


@kernel()
def decay(t, x, y, p, bounds, edges, tau_us, out):
    """Fill out[k] of (T, 2, H, W) with exp(-age / tau) at edges[k + 1], for each last event."""
    _, _, height, width = out.shape
    none = np.iinfo(np.int64).min
    last = np.full((2, height, width), none, np.int64)
    for k in range(bounds.size - 1):
        for i in range(bounds[k], bounds[k + 1]):
            last[np.int64(p[i]), y[i], x[i]] = t[i]
        for q in range(2):
            for row in range(height):
                for column in range(width):
                    if last[q, row, column] != none:
                        age_us = np.float64(edges[k + 1] - last[q, row, column])
                        out[k, q, row, column] = np.exp(-age_us / tau_us)


@kernel()
def average_surfaces(t, x, y, p, cell_px, radius_px, tau_us, memory, counts, out):
    """Sum the time surfaces around all events into out[polarity, cell row, cell column].

    memory[0] of (2, 2, H, W) holds each pixel's sum of exp(-age / tau) at the time memory[1].
    """
    _, _, height, width = memory.shape
    for i in range(t.size):
        q, row, column = np.int64(p[i]), np.int64(y[i]), np.int64(x[i])
        cell_row, cell_column = row // cell_px, column // cell_px
        top, left = cell_row * cell_px, cell_column * cell_px
        bottom, right = min(top + cell_px, height), min(left + cell_px, width)
        surface = out[q, cell_row, cell_column]
        for b in range(max(row - radius_px, top), min(row + radius_px + 1, bottom)):
            for a in range(max(column - radius_px, left), min(column + radius_px + 1, right)):
                if memory[0, q, b, a] > 0:
                    age_us = np.float64(t[i]) - memory[1, q, b, a]
                    surface[b - row + radius_px, a - column + radius_px] += memory[
                        0, q, b, a
                    ] * np.exp(-age_us / tau_us)
        age_us = np.float64(t[i]) - memory[1, q, row, column]
        memory[0, q, row, column] = memory[0, q, row, column] * np.exp(-age_us / tau_us) + 1.0
        memory[1, q, row, column] = np.float64(t[i])
        counts[q, cell_row, cell_column] += 1


@kernel()
def first_and_last(t, x, y, p, counts, first, last):
    """Number of events, first and last time of each pixel and polarity: arrays of (2, H, W)."""
    for i in range(t.size):
        q = np.int64(p[i])
        if counts[q, y[i], x[i]] == 0:
            first[q, y[i], x[i]] = t[i]
        last[q, y[i], x[i]] = t[i]
        counts[q, y[i], x[i]] += 1


@kernel()
def group(t, x, y, p, t0_us, t1_us, patch_px, out):
    """Count events, and sum their times, by (bin, polarity, place in the patch, patch)."""
    bins = out.shape[1]
    span_us = np.float64(t1_us - t0_us)
    for i in range(t.size):
        passed = np.float64(t[i] - t0_us) / span_us
        k = min(np.int64(passed * bins), bins - 1)
        row, column = np.int64(y[i]), np.int64(x[i])
        place = (row % patch_px) * patch_px + column % patch_px
        cell_row, cell_column = row // patch_px, column // patch_px
        out[0, k, np.int64(p[i]), place, cell_row, cell_column] += np.float32(1.0)
        out[1, k, np.int64(p[i]), place, cell_row, cell_column] += np.float32(passed)
