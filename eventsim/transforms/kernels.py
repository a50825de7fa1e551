"""The compiled kernels of the transforms.

All are in this file: Numba's cache does not see changes in other ones. What a random number is
stands in `eventsim.random`, and is compiled here as it is.
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
_SMALL_UNIT = 2.0**-53
_LEAST_PULL = 0.01
"""Of an event on its cluster, however many that has: the center follows; chosen by eye."""
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
def _outside(bits, layer, x, edges, heights):
    """A normal number where the ziggurat's quick test fails: the tail, or the rim of a layer."""
    while True:
        bits = _mix64(bits + _GOLDEN)
        if layer == 0:  # Marsaglia's tail beyond the last edge
            other = _mix64(bits + _GOLDEN)
            far = -np.log((np.float64(bits >> np.uint64(11)) + 0.5) * _SMALL_UNIT) / edges[1]
            rise = -np.log((np.float64(other >> np.uint64(11)) + 0.5) * _SMALL_UNIT)
            bits = other
            if 2.0 * rise > far * far:
                return edges[1] + far if x > 0 else -edges[1] - far
            continue
        low, high = heights[layer], heights[layer + 1]
        share = np.float64(bits >> np.uint64(11)) * _SMALL_UNIT
        if low + share * (high - low) < np.exp(-0.5 * x * x):
            return x
        # Refused: another layer and place.
        bits = _mix64(bits + _GOLDEN)
        layer = np.int64(bits & np.uint64(255))
        x = (2.0 * _SMALL_UNIT * np.float64(bits >> np.uint64(11)) - 1.0) * edges[layer]
        if abs(x) < edges[layer + 1]:
            return x


@kernel(inline="always")
def _normal(bits, edges, heights):
    """A standard normal number from 64 random bits, by the ziggurat of 256 layers.

    Marsaglia and Tsang, "The Ziggurat Method for Generating Random Variables", J. Stat. Softw.
    2000, with layer and place from bits that do not overlap (Doornik 2005).
    """
    layer = np.int64(bits & np.uint64(255))
    x = (2.0 * _SMALL_UNIT * np.float64(bits >> np.uint64(11)) - 1.0) * edges[layer]
    if abs(x) < edges[layer + 1]:
        return x
    return _outside(bits, layer, x, edges, heights)


@kernel(inline="always")
def _word(x, y, p, kind):
    """Place, polarity and kind in one number, which sorts as places do."""
    place = (np.uint64(y) << np.uint64(48)) | (np.uint64(x) << _S32)
    return place | (np.uint64(p) << np.uint64(8)) | np.uint64(kind)


@kernel(inline="always")
def _lay_down(words, count, t, n, columns):
    """Write the events of one microsecond from place n on, in raster order, equal ones as they are.

    Sorting one number an event is three times as fast as moving four columns, as `settle` does.
    """
    to_t, to_x, to_y, to_p, to_kind = columns
    if count <= _SMALL:
        for i in range(1, count):
            word, j = words[i], i
            while j > 0 and words[j - 1] >> _S32 > word >> _S32:
                words[j] = words[j - 1]
                j -= 1
            words[j] = word
    else:
        order = np.argsort(words[:count] >> _S32, kind="mergesort")
        words[:count] = words[:count][order]
    for i in range(count):
        word = words[i]
        to_t[n + i] = t
        to_x[n + i] = np.uint16((word >> _S32) & np.uint64(0xFFFF))
        to_y[n + i] = np.uint16(word >> np.uint64(48))
        to_p[n + i] = np.bool_((word >> np.uint64(8)) & _ONE)
        to_kind[n + i] = np.uint8(word & np.uint64(0xFF))


@kernel()
def jitter_places(sd_px, key, ziggurat, size, t, x, y, p, kind, columns):
    """Shift each event by rounded normal noise; those that leave `size` are lost; returns how many
    stay. Those of a microsecond come in raster order.
    """
    edges, heights = ziggurat
    words = np.empty(_SMALL, np.uint64)
    n = first = 0
    while first < t.size:
        last = first + 1
        while last < t.size and t[last] == t[first]:
            last += 1
        if last - first > words.size:
            words = np.empty(last - first, np.uint64)
        count = 0
        for i in range(first, last):
            bits = _mix64(key + np.uint64(i) * _GOLDEN)
            across = _normal(bits, edges, heights)
            down = _normal(_mix64(bits ^ key), edges, heights)
            moved_x = np.int64(x[i]) + np.int64(np.rint(sd_px * across))
            moved_y = np.int64(y[i]) + np.int64(np.rint(sd_px * down))
            inside = (moved_x >= 0) & (moved_x < size[0]) & (moved_y >= 0) & (moved_y < size[1])
            words[count] = _word(moved_x & 0xFFFF, moved_y & 0xFFFF, p[i], kind[i])
            count += inside
        _lay_down(words, count, t[first], n, columns)
        n += count
        first = last
    return n


@kernel()
def arrange(order, t, x, y, p, kind, columns):
    """Write events in an order of times, those of a microsecond in raster order."""
    words = np.empty(_SMALL, np.uint64)
    first = 0
    while first < t.size:
        now = t[order[first]]
        last = first + 1
        while last < t.size and t[order[last]] == now:
            last += 1
        if last - first > words.size:
            words = np.empty(last - first, np.uint64)
        for i in range(first, last):
            event = order[i]
            words[i - first] = _word(x[event], y[event], p[event], kind[event])
        _lay_down(words, last - first, now, first, columns)
        first = last


@kernel()
def jitter_times(sd_us, key, ziggurat, t, out):
    """Add rounded normal noise to times, and keep them within the first and the last."""
    edges, heights = ziggurat
    for i in range(t.size):
        noise = _normal(_mix64(key + np.uint64(i) * _GOLDEN), edges, heights)
        shaken = t[i] + np.int64(np.rint(sd_us * noise))
        out[i] = min(max(shaken, t[0]), t[-1])


@kernel()
def sort_times(t, order, keys, spare_order, spare_keys):
    """Order of times, equal ones as they are: a radix sort by 11 bits (Knuth, vol. 3, 5.2.5).

    `keys` and both of `spare` are room. Returns whether the order lies in `order`, else in
    `spare_order`.
    """
    n = t.size
    least, most = t[0], t[0]
    rising = np.bool_(True)
    for i in range(n):
        least, most = min(least, t[i]), max(most, t[i])
        order[i] = i
    for i in range(n):
        keys[i] = np.uint64(t[i] - least)
        rising &= i == 0 or t[i] >= t[i - 1]
    widest = np.uint64(most - least)
    first = np.bool_(True)
    shift = np.uint64(0)
    while not rising and shift < 64 and (widest >> shift) > 0:
        counts = np.zeros(2049, np.int64)
        for i in range(n):
            counts[np.int64((keys[i] >> shift) & np.uint64(2047)) + 1] += 1
        for k in range(2048):
            counts[k + 1] += counts[k]
        for i in range(n):
            bucket = np.int64((keys[i] >> shift) & np.uint64(2047))
            place = counts[bucket]
            counts[bucket] = place + 1
            spare_keys[place] = keys[i]
            spare_order[place] = order[i]
        keys, spare_keys = spare_keys, keys
        order, spare_order = spare_order, order
        first = not first
        shift += np.uint64(11)
    return first


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


@kernel()
def follow_clusters(settings, t, x, y, boxes):
    """Follow clusters of events; writes (t, x0, y0, x1, y1) of each at every step.

    Returns how many boxes there are, or -1 if `boxes` has too few rows. See `MaskClusters`.
    """
    radius, least, fade_us, step_us, most = settings
    # Of each: center (x, y), mean deviation (x, y), events of late, time of the last one.
    clusters = np.zeros((most, 6))
    live = n = 0
    step = (t[0] // step_us + 1) * step_us if t.size else 0
    for i in range(t.size):
        while t[i] >= step:
            live, n = _note_clusters(step, radius, least, fade_us, live, clusters, boxes, n)
            if n < 0:
                return -1
            # Nothing happens until the next event once all are forgotten.
            step = step + step_us if live else (t[i] // step_us + 1) * step_us
        nearest, distance = -1, np.inf
        for k in range(live):
            apart = max(abs(x[i] - clusters[k, 0]), abs(y[i] - clusters[k, 1]))
            if apart <= radius and apart < distance:
                nearest, distance = k, apart
        if nearest < 0:
            if live < most:
                clusters[live, 0], clusters[live, 1] = x[i], y[i]
                clusters[live, 2] = clusters[live, 3] = 0.5 * radius
                clusters[live, 4], clusters[live, 5] = 1.0, t[i]
                live += 1
            continue
        one = clusters[nearest]
        one[4] = one[4] * np.exp((one[5] - t[i]) / fade_us) + 1.0
        one[5] = t[i]
        pull = max(1.0 / one[4], _LEAST_PULL)
        across, down = x[i] - one[0], y[i] - one[1]
        one[0] += pull * across
        one[1] += pull * down
        one[2] += pull * (abs(across) - one[2])
        one[3] += pull * (abs(down) - one[3])
    return n


@kernel()
def draw_by_pixel(key, share, place, mask):
    """Let each event live with the probability of its pixel."""
    for i in range(mask.size):
        bits = _mix64(key + np.uint64(i) * _GOLDEN) >> np.uint64(11)
        mask[i] = np.float64(bits) < share[place[i]] * 2.0**53
