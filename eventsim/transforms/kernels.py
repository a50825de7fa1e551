"""The compiled kernels of the transforms.

Each file of kernels stands alone: Numba's cache does not see changes in other ones. What a random
number is stands in `eventsim.random`, and is compiled here as it is.
"""

import functools

import numpy as np
from numba import njit

from eventsim import random

kernel = functools.partial(njit, nogil=True, error_model="numpy", cache=True)
_mix64 = njit(inline="always")(random.mix64)
_GOLDEN = random.GOLDEN
_ONE, _S32 = np.uint64(1), np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_UNIT = 2.0**-32
_SMALL = 32
"""Events of one microsecond up to which an insertion sort is used; chosen by eye."""


@kernel()
def draw_mask(key, share, mask):
    """Let each event live with a probability: mask[i] says whether event i does."""
    limit = share * 2.0**53
    for i in range(mask.size):
        bits = _mix64(key + np.uint64(i) * _GOLDEN) >> np.uint64(11)
        mask[i] = np.float64(bits) < limit


@kernel()
def draw_pixel_mask(key, share, width, x, y, mask):
    """Let each pixel live with a probability: mask[i] says whether the one of event i does."""
    limit = share * 2.0**53
    for i in range(mask.size):
        pixel = np.uint64(y[i]) * np.uint64(width) + np.uint64(x[i])
        bits = _mix64(key + pixel * _GOLDEN) >> np.uint64(11)
        mask[i] = np.float64(bits) < limit


@kernel()
def compact(mask, t, x, y, p, kind, columns):
    """Copy the events that a mask lets live to the front of `columns`; returns how many."""
    to_t, to_x, to_y, to_p, to_kind = columns
    n = 0
    for i in range(mask.size):
        # Written whether it lives or not: cheaper than a branch that cannot be foretold.
        to_t[n] = t[i]
        to_x[n] = x[i]
        to_y[n] = y[i]
        to_p[n] = p[i]
        to_kind[n] = kind[i]
        n += mask[i]
    return n


@kernel()
def move_affine(matrix, key, size, t, x, y, p, kind, columns):
    """Move each event by a 2x3 matrix, from a random place in its pixel to the pixel it falls in.

    Those that leave `size` are lost; returns how many stay.
    """
    to_t, to_x, to_y, to_p, to_kind = columns
    width, height = np.float64(size[0]), np.float64(size[1])
    a, b, c = matrix[0, 0], matrix[0, 1], matrix[0, 2]
    d, e, f = matrix[1, 0], matrix[1, 1], matrix[1, 2]
    n = 0
    for i in range(t.size):
        bits = _mix64(key + np.uint64(i) * _GOLDEN)
        u = np.float64(x[i]) + (np.float64(bits >> _S32) + 0.5) * _UNIT
        v = np.float64(y[i]) + (np.float64(bits & _LOW) + 0.5) * _UNIT
        moved_x = a * u + b * v + c
        moved_y = d * u + e * v + f
        inside = (moved_x >= 0.0) & (moved_x < width) & (moved_y >= 0.0) & (moved_y < height)
        to_t[n] = t[i]
        to_x[n] = np.uint16(moved_x) if inside else np.uint16(0)
        to_y[n] = np.uint16(moved_y) if inside else np.uint16(0)
        to_p[n] = p[i]
        to_kind[n] = kind[i]
        n += inside
    return n


@kernel()
def settle(t, x, y, p, kind):
    """Put the events of each microsecond in raster order, in place; equal ones keep theirs."""
    n = t.size
    first = 0
    while first < n:
        last = first + 1
        in_order = np.bool_(True)
        while last < n and t[last] == t[first]:
            before = (np.uint64(y[last - 1]) << _S32) | np.uint64(x[last - 1])
            in_order &= before <= ((np.uint64(y[last]) << _S32) | np.uint64(x[last]))
            last += 1
        if not in_order and last - first <= _SMALL:
            for i in range(first + 1, last):
                xi, yi, pi, ki = x[i], y[i], p[i], kind[i]
                j = i
                while j > first and (y[j - 1] > yi or (y[j - 1] == yi and x[j - 1] > xi)):
                    x[j], y[j], p[j], kind[j] = x[j - 1], y[j - 1], p[j - 1], kind[j - 1]
                    j -= 1
                x[j], y[j], p[j], kind[j] = xi, yi, pi, ki
        elif not in_order:
            place = np.empty(last - first, np.uint64)
            for i in range(first, last):
                place[i - first] = (np.uint64(y[i]) << _S32) | np.uint64(x[i])
            order = np.argsort(place, kind="mergesort") + first
            x[first:last] = x[order]
            y[first:last] = y[order]
            p[first:last] = p[order]
            kind[first:last] = kind[order]
        first = last


@kernel()
def find_refractory(period_us, width, height, t, x, y, mask):
    """Mark the events that come at least a period after the last one of their pixel that lives."""
    last = np.full(width * height, np.iinfo(np.int64).min // 2, np.int64)
    for i in range(t.size):
        pixel = np.int64(y[i]) * width + np.int64(x[i])
        alive = t[i] - last[pixel] >= period_us
        if alive:
            last[pixel] = t[i]
        mask[i] = alive


@kernel()
def cap_counts(most, period_us, width, height, t, x, y, mask):
    """Mark the first events of each pixel in each period, counted from time 0."""
    period = np.full(width * height, np.iinfo(np.int64).min, np.int64)
    count = np.zeros(width * height, np.int64)
    for i in range(t.size):
        pixel = np.int64(y[i]) * width + np.int64(x[i])
        number = t[i] // period_us
        if number != period[pixel]:
            period[pixel] = number
            count[pixel] = 0
        mask[i] = count[pixel] < most
        count[pixel] += 1


@kernel()
def integrate_blocks(side, threshold, size, t, x, y, p, kind, columns):
    """Sum the polarities in each block; an event of its middle each time a threshold is passed.

    Returns how many events there are.
    """
    to_t, to_x, to_y, to_p, to_kind = columns
    width, height = np.int64(size[0]), np.int64(size[1])
    across = (width + side - 1) // side
    sums = np.zeros(across * ((height + side - 1) // side), np.int64)
    n = 0
    for i in range(t.size):
        column, row = np.int64(x[i]) // side, np.int64(y[i]) // side
        block = row * across + column
        sums[block] += 1 if p[i] else -1
        if abs(sums[block]) >= threshold:
            sums[block] += -threshold if sums[block] > 0 else threshold
            to_t[n] = t[i]
            to_x[n] = min(column * side + side // 2, width - 1)
            to_y[n] = min(row * side + side // 2, height - 1)
            to_p[n] = p[i]
            to_kind[n] = kind[i]
            n += 1
    return n


@kernel()
def draw_by_pixel(key, share, place, mask):
    """Let each event live with the probability of its pixel."""
    for i in range(mask.size):
        bits = _mix64(key + np.uint64(i) * _GOLDEN) >> np.uint64(11)
        mask[i] = np.float64(bits) < share[place[i]] * 2.0**53
