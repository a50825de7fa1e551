"""The compiled kernels of the filters.

Times are kept as float64: microseconds are exact in it for 285 years, a pixel that never fired is
minus infinity, and the arithmetic is that of vectors. A plane has a border of pixels that never
fire, so that no neighborhood is cut and none wraps around.

Every event is entered after it was looked at, whether it is kept or not; events of one microsecond
come in raster order. So a score depends on nothing but the events before it.
"""

import functools

import numpy as np
from numba import njit

kernel = functools.partial(njit, nogil=True, error_model="numpy", cache=True, _nrt=False)
_NEVER = -np.inf
EIGHT, NINE = 8, 9


@kernel(inline="always")
def _later(a, b):
    return a if a > b else b


@kernel(inline="always")
def _earlier(a, b):
    return a if a < b else b


@kernel()
def find_correlated(order, cells, exclusive, planes, t, x, y, p, scores):
    """How long ago the order-th latest of the cells around each event fired, negative, us.

    `planes` is (1 or 2, H + 2, W + 2): with two, only events of the same polarity count; if
    `exclusive`, only where the polarity of a pixel's last event is the same. Cells are the eight
    neighbors, or nine with the pixel itself.
    """
    two = planes.shape[0] == 2
    for i in range(t.size):
        now = np.float64(t[i])
        own = np.int64(p[i]) if two else 0
        row, column = np.int64(y[i]), np.int64(x[i])
        first = second = third = _NEVER
        for dy in range(3):
            for dx in range(3):
                if cells == EIGHT and dy == 1 and dx == 1:
                    continue
                seen = planes[own, row + dy, column + dx]
                third = _later(third, _earlier(second, seen))
                second = _later(second, _earlier(first, seen))
                first = _later(first, seen)
        found = first if order == 1 else (second if order == 2 else third)
        if order > 3:
            # The latest that has order - 1 others as late: rare settings, so not sorted.
            found = _NEVER
            for dy in range(3):
                for dx in range(3):
                    if cells == EIGHT and dy == 1 and dx == 1:
                        continue
                    seen = planes[own, row + dy, column + dx]
                    as_late = 0
                    for ey in range(3):
                        for ex in range(3):
                            if cells == EIGHT and ey == 1 and ex == 1:
                                continue
                            as_late += planes[own, row + ey, column + ex] >= seen
                    if as_late >= order:
                        found = _later(found, seen)
        scores[i] = found - now
        planes[own, row + 1, column + 1] = now
        if exclusive:
            planes[1 - own, row + 1, column + 1] = _NEVER


@kernel()
def find_in_lines(columns, rows, t, x, y, p, scores):
    """How long ago the last event beside each event was, negative, of the memories of lines.

    `columns` is (W + 2, 3): time, row and polarity of the last event of each column; `rows` is
    (H + 2, 3): time, column and polarity of the last of each row.
    """
    for i in range(t.size):
        now, polarity = np.float64(t[i]), np.float64(p[i])
        row, column = np.float64(y[i]), np.float64(x[i])
        latest = _NEVER
        for d in range(-1, 2):
            seen = columns[np.int64(x[i]) + 1 + d]
            far = abs(seen[1] - row)
            beside = far <= 1.0 if d != 0 else far == 1.0
            if beside and seen[2] == polarity:
                latest = _later(latest, seen[0])
            seen = rows[np.int64(y[i]) + 1 + d]
            far = abs(seen[1] - column)
            beside = far <= 1.0 if d != 0 else far == 1.0
            if beside and seen[2] == polarity:
                latest = _later(latest, seen[0])
        scores[i] = latest - now
        one, other = columns[np.int64(x[i]) + 1], rows[np.int64(y[i]) + 1]
        one[0], one[1], one[2] = now, row, polarity
        other[0], other[1], other[2] = now, column, polarity


@kernel()
def weigh_ages(radius, window_us, planes, sums, t, x, y, p, scores):
    """Sum of 1 - age / window over the pixels around each event whose last had its polarity.

    `planes` is (2, H + 2 radius, W + 2 radius); `sums` is room for 2 radius + 1 numbers.
    """
    inverse = 1.0 / window_us
    side = 2 * radius + 1
    for i in range(t.size):
        now = np.float64(t[i])
        own, row, column = np.int64(p[i]), np.int64(y[i]), np.int64(x[i])
        # The pixel itself does not support itself: it is entered below anyway.
        planes[own, row + radius, column + radius] = _NEVER
        for dx in range(side):
            sums[dx] = 0.0
        for dy in range(side):
            for dx in range(side):  # a sum for each column: independent, so done side by side
                weight = 1.0 - (now - planes[own, row + dy, column + dx]) * inverse
                sums[dx] += weight if weight > 0.0 else 0.0
        total = 0.0
        for dx in range(side):
            total += sums[dx]
        scores[i] = total
        planes[own, row + radius, column + radius] = now
        planes[1 - own, row + radius, column + radius] = _NEVER


@kernel()
def average_surface(decay_us, planes, t, x, y, p, scores):
    """Mean of exp(-age / decay) over those of the nine pixels that fired in this polarity before.

    `planes` is (2, H + 2, W + 2).
    """
    inverse = 1.0 / decay_us
    for i in range(t.size):
        now = np.float64(t[i])
        own, row, column = np.int64(p[i]), np.int64(y[i]), np.int64(x[i])
        total, fired = 0.0, 0
        for dy in range(3):
            for dx in range(3):
                seen = planes[own, row + dy, column + dx]
                if seen > _NEVER:
                    total += np.exp((seen - now) * inverse)
                    fired += 1
        scores[i] = total / fired if fired else 0.0
        planes[own, row + 1, column + 1] = now


@kernel()
def count_in_windows(most, count, real, noise, places, x, y, scores):
    """Number of events of both windows that are at most so far away; kept ones enter the first.

    `real` and `noise` are (2, N) rings of columns and rows, `places` where the next goes in each.
    """
    size = real.shape[1]
    for i in range(x.size):
        column, row = np.int32(x[i]), np.int32(y[i])
        near = 0
        for j in range(size):
            near += abs(real[0, j] - column) + abs(real[1, j] - row) <= most
            near += abs(noise[0, j] - column) + abs(noise[1, j] - row) <= most
        scores[i] = near
        if near >= count:
            real[0, places[0]], real[1, places[0]] = column, row
            places[0] = (places[0] + 1) % size
        else:
            noise[0, places[1]], noise[1, places[1]] = column, row
            places[1] = (places[1] + 1) % size


@kernel()
def find_rested(plane, t, x, y, scores):
    """How long the pixel of each event was silent before it, us. `plane` is (H, W)."""
    for i in range(t.size):
        now = np.float64(t[i])
        scores[i] = now - plane[y[i], x[i]]
        plane[y[i], x[i]] = now


@kernel()
def compare_rates(window_us, counts, times, t, x, y, scores):
    """Count of each event's pixel against the mean of its neighbors', negative; both fade.

    `counts` and `times` are (H + 2, W + 2): a count as it was at the last event of its pixel.
    """
    inverse = 1.0 / window_us
    for i in range(t.size):
        now = np.float64(t[i])
        row, column = np.int64(y[i]), np.int64(x[i])
        around = 0.0
        for dy in range(3):
            for dx in range(3):
                count = counts[row + dy, column + dx]
                if count > 0.0 and not (dy == 1 and dx == 1):
                    around += count * np.exp((times[row + dy, column + dx] - now) * inverse)
        own = counts[row + 1, column + 1]
        if own > 0.0:
            own *= np.exp((times[row + 1, column + 1] - now) * inverse)
        own += 1.0
        scores[i] = -own / (1.0 + around / 8.0)
        counts[row + 1, column + 1] = own
        times[row + 1, column + 1] = now
