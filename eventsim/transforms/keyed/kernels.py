"""The compiled kernels of the keyed transforms."""

import functools

import numpy as np
from numba import njit

kernel = functools.partial(njit, nogil=True, error_model="numpy", cache=True)
_S32 = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


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
def send(table, width, x, y, to_x, to_y):
    """Move each event to the address that stands in the table for its pixel, y and x in 16 bits."""
    for i in range(x.size):
        address = table[np.int64(y[i]) * width + np.int64(x[i])]
        to_x[i] = np.uint16(address & np.uint32(0xFFFF))
        to_y[i] = np.uint16(address >> np.uint32(16))


@kernel()
def flip(stream, first, p, out):
    """Turn the polarities for which the key stream has a one, from its bit `first` on."""
    for i in range(p.size):
        bit = first + i
        out[i] = p[i] ^ np.bool_((stream[bit >> 3] >> np.uint8(bit & 7)) & 1)
