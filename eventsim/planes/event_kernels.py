"""The compiled kernels that turn packed planes into events.

All are in this file: Numba's cache does not see changes in other ones.
"""

import functools

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

kernel = functools.partial(njit, nogil=True, error_model="numpy", cache=True)


def _instruction(name):
    """Return an instruction of the processor, uint64 to uint64, that Numba has no name for."""

    @intrinsic
    def instruction(context, word):
        def generate(_context, builder, _signature, arguments):
            if name == "ctlz":  # the flag: what comes of 0 does not matter
                return builder.ctlz(arguments[0], ir.Constant(ir.IntType(1), 1))
            return getattr(builder, name)(arguments[0])

        return types.uint64(types.uint64), generate

    return instruction


leading_zeros = _instruction("ctlz")
ones_of = _instruction("ctpop")
swap_bytes = _instruction("bswap")


@kernel()
def count_ones(words, counts):
    """Number of ones of each image.

    Parameters
    ----------
    words : (B, N) ndarray of uint64
    counts : (B,) ndarray of int64
        Written.
    """
    for i in range(len(words)):
        total = np.uint64(0)
        for j in range(words.shape[1]):
            total += ones_of(words[i, j])
        counts[i] = total


@kernel()
def fill_events(words, plane_us, start, t, x, y, p):
    """Write the ones of one image as events, sorted by time and then in raster order.

    Parameters
    ----------
    words : (8, 2, H, S / 64) ndarray of uint64
        Bits of `fill_packed`. Never both polarities of one pixel in one plane.
    plane_us : int
        Time from plane to plane, microseconds; the first is at 0.
    start : int
        Where the events of this image begin.
    t, x, y, p : (N,) ndarrays of int64, uint16, uint16 and uint8
    """
    one, upper = np.uint64(1), np.uint64(1) << np.uint64(63)
    n = np.uint64(start)
    for k in range(words.shape[0]):
        first = n
        for row in range(words.shape[2]):
            for j in range(words.shape[3]):
                # The first pixel becomes the upper bit (words come in little-endian order).
                on = swap_bytes(words[k, 1, row, j])
                left = on | swap_bytes(words[k, 0, row, j])
                begin = np.uint64(64 * j)
                # Counted, not tested for 0: the end is then known ahead, a quarter faster.
                stop = n + ones_of(left)
                while n < stop:
                    place = leading_zeros(left)
                    bit = upper >> place
                    x[n] = begin + place
                    y[n] = row
                    p[n] = (on & bit) != 0
                    left ^= bit
                    n += one
        for i in range(first, n):
            t[i] = k * plane_us
