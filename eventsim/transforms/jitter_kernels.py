"""The compiled kernels that shake events, and put them in order again."""

import functools

import numpy as np
from numba import njit

from eventsim import random

kernel = functools.partial(njit, nogil=True, error_model="numpy", cache=True)
_mix64 = njit(inline="always")(random.mix64)
_GOLDEN = random.GOLDEN
_ONE, _S32 = np.uint64(1), np.uint64(32)
_SMALL_UNIT = 2.0**-53
_SMALL = 32
"""Events of one microsecond up to which an insertion sort is used; chosen by eye."""


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

    Sorting one number per event is three times as fast as moving four columns, as `settle` does.
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
def jitter_times(sd_us, key, ziggurat, t, out):
    """Add rounded normal noise to times, and keep them within the first and the last."""
    edges, heights = ziggurat
    for i in range(t.size):
        noise = _normal(_mix64(key + np.uint64(i) * _GOLDEN), edges, heights)
        shaken = t[i] + np.int64(np.rint(sd_us * noise))
        out[i] = min(max(shaken, t[0]), t[-1])


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
