"""The compiled kernels of the keyed transforms."""

import functools

import numpy as np
from numba import njit

kernel = functools.partial(njit, nogil=True, error_model="numpy", cache=True)
_S32 = np.uint64(32)
_S48 = np.uint64(48)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(0xFFFF)
_SMALL = 64
"""Events of one microsecond up to which an insertion sort is used; chosen by eye."""


@kernel()
def shuffle(items, bounds, words):
    """Shuffle each group of items, in place; returns whether the random words were enough.

    Group g is ``items[bounds[g]:bounds[g + 1]]``. All orders are exactly alike: Fisher and Yates,
    with whole numbers drawn without bias (Lemire, "Fast random integer generation in an interval",
    ACM TOMACS 2019).
    """
    used = 0
    for group in range(bounds.size - 1):
        first = bounds[group]
        for last in range(bounds[group + 1] - 1, first, -1):
            n = np.uint64(last - first + 1)
            while True:
                if used == words.size:
                    return False
                product = np.uint64(words[used]) * n
                used += 1
                low = product & _LOW
                if low >= n or low >= ((_LOW - n + np.uint64(1)) % n):
                    break
            other = first + np.int64(product >> _S32)
            items[last], items[other] = items[other], items[last]
    return True


@kernel()
def send(table, width, first, last, columns, sent):
    """Send events [first, last) to other addresses, those of a microsecond in raster order.

    ``table`` holds, for each pixel, the address that it is sent to: y and x, 16 bits each. No
    other event may be of their microseconds. Events of one address keep their order.
    """
    t, x, y, p, kind = columns
    to_x, to_y, to_p, to_kind = sent
    words = np.empty(_SMALL, np.uint64)  # address, polarity and kind of the events of one time
    while first < last:
        stop = first + 1
        while stop < last and t[stop] == t[first]:
            stop += 1
        if stop - first > _SMALL:
            words = np.empty(max(stop - first, words.size), np.uint64)
        count = stop - first
        in_order = np.bool_(True)
        before = np.uint64(0)
        for i in range(count):
            event = first + i
            address = np.uint64(table[np.int64(y[event]) * width + np.int64(x[event])])
            in_order &= before <= address
            before = address
            extra = (np.uint64(p[event]) << np.uint64(8)) | np.uint64(kind[event])
            words[i] = (address << _S32) | extra
        if not in_order and count <= _SMALL:
            for i in range(1, count):
                word = words[i]
                j = i
                while j > 0 and words[j - 1] >> _S32 > word >> _S32:
                    words[j] = words[j - 1]
                    j -= 1
                words[j] = word
        elif not in_order:
            order = np.argsort(words[:count] >> _S32, kind="mergesort")
            words[:count] = words[:count][order]
        for i in range(count):
            word = words[i]
            to_x[first + i] = np.uint16((word >> _S32) & _HALF)
            to_y[first + i] = np.uint16(word >> _S48)
            to_p[first + i] = np.bool_((word >> np.uint64(8)) & np.uint64(1))
            to_kind[first + i] = np.uint8(word & np.uint64(0xFF))
        first = stop


@kernel()
def flip(stream, first, p, out):
    """Turn the polarities for which the key stream has a one, from its bit `first` on."""
    for i in range(p.size):
        bit = first + i
        out[i] = p[i] ^ np.bool_((stream[bit >> 3] >> np.uint8(bit & 7)) & 1)
