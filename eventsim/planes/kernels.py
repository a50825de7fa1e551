"""The compiled kernels of I2E: images to planes of bytes or bits.

A kernel holds three copies of the value plane, shifted by one column to the right, not at all and
to the left, each with a row more at the top and the bottom. The nine neighbors of all pixels are
then contiguous pieces of them, and one direction is one loop over two such pieces.

All kernels are in this file: Numba's cache does not see changes in other ones.
"""

import functools

import numpy as np
from numba import njit

kernel = functools.partial(njit, nogil=True, error_model="numpy", cache=True)
"""No fastmath: bits must not depend on the processor."""

TILE = 4096
"""Pixels compared before they are packed: what is in between stays in the first-level cache."""

REPLICATE, REFLECT, ZERO = 0, 1, 2
"""Paddings, as the kernels know them."""

_GATHER_BITS = np.uint64(0x8040201008040201)
"""Times eight bytes that are 0 or 1, this has them in its upper byte, the first one on top: byte
i, at bit 8 i, meets the factor's bit 63 - 9 i, and no two products share a bit."""
_UPPER_BYTE = np.uint64(56)


@kernel()
def fill_value(images, out):
    """Maximum over channels that come last, as they do in files.

    Parameters
    ----------
    images : (B, H, W, 3) ndarray of uint8
    out : (B, 1, H, W) ndarray of uint8
    """
    numbers, values = images.reshape(-1), out.reshape(-1)
    for i in range(values.size):
        red, green, blue = numbers[3 * i], numbers[3 * i + 1], numbers[3 * i + 2]
        larger = red if red > green else green
        values[i] = larger if larger > blue else blue


@kernel()
def spread_value(image, padding, planes):
    """Fill the three copies of the value plane, the maximum over the channels.

    Parameters
    ----------
    image : (C, H, W) ndarray of uint8 or float32
        C contiguous.
    padding : int
    planes : (3, H + 2, S) ndarray of the same type
        S >= W; columns from W on must be 0, and stay 0.

    Returns
    -------
    low, high : number
        Smallest and largest value.
    wrong : int
        Numbers that are not finite.
    """
    channels, height, width = image.shape
    stride = planes.shape[2]
    # Without spare columns all rows are one: vector instructions like long loops.
    rows, n = (1, height * width) if stride == width else (height, width)
    source = image.reshape((channels, rows, n))
    target = planes[1, 1 : height + 1].reshape((rows, height * stride // rows))
    low = high = image[0, 0, 0]
    for c in range(1, channels):
        low = high = max(high, image[c, 0, 0])
    wrong = 0
    for y in range(rows):
        row, first = target[y], source[0, y]
        for x in range(n):
            row[x] = first[x]
            wrong += 0 if first[x] - first[x] == 0 else 1
        for c in range(1, channels):
            other = source[c, y]
            for x in range(n):
                row[x] = other[x] if other[x] > row[x] else row[x]
                wrong += 0 if other[x] - other[x] == 0 else 1
        for x in range(n):
            low = row[x] if row[x] < low else low
            high = row[x] if row[x] > high else high
    _pad(padding, width, planes)
    return low, high, wrong


@kernel()
def _pad(padding, width, planes):
    """Make the rows around the center copy, and the shifted copies."""
    height = planes.shape[1] - 2
    stride = planes.shape[2]
    inside_y = 1 if padding == REFLECT and height > 1 else 0
    inside_x = 1 if padding == REFLECT and width > 1 else 0
    left, center, right = planes[0], planes[1], planes[2]
    above, below = center[1 + inside_y], center[height - inside_y]
    for x in range(width):
        center[0, x] = 0 if padding == ZERO else above[x]
        center[height + 1, x] = 0 if padding == ZERO else below[x]
    flat_left, flat, flat_right = left.reshape(-1), center.reshape(-1), right.reshape(-1)
    for i in range(1, flat.size):
        flat_left[i] = flat[i - 1]
    for i in range(flat.size - 1):
        flat_right[i] = flat[i + 1]
    for y in range(height + 2):
        left[y, 0] = 0 if padding == ZERO else center[y, inside_x]
        right[y, width - 1] = 0 if padding == ZERO else center[y, width - 1 - inside_x]
        if stride > width:  # what came over from the neighboring row
            left[y, width] = 0
            right[y, stride - 1] = 0


@kernel()
def neighbor(planes, place):
    """Neighbors of all pixels at a place (0 to 8, row by row), as one row."""
    stride = planes.shape[2]
    n = (planes.shape[1] - 2) * stride
    start = (place // 3) * stride
    return planes[place % 3].reshape(-1)[start : start + n]


@kernel()
def compare(a, b, least, on, off):
    """Say where b exceeds a by `least` or more, and where a exceeds b, as 0 and 1."""
    for i in range(on.size):
        larger = b[i] if b[i] > a[i] else a[i]
        on[i] = np.uint8(1) if a.dtype.type(larger - a[i]) >= least else np.uint8(0)
        off[i] = np.uint8(1) if a.dtype.type(larger - b[i]) >= least else np.uint8(0)


@kernel()
def least_difference(planes, pairs, ratio, most, value_range):
    """Smallest difference that makes an event; 0 if there is to be none.

    Parameters
    ----------
    planes : (3, H + 2, S) ndarray
    pairs : (8, 2) ndarray of uint8
    ratio : float64
    most : int
        Events wanted at most, or -1 to go by `ratio`.
    value_range : number
        Largest minus smallest value, of the type of `planes`.
    """
    dtype = planes.dtype.type
    if value_range == 0:
        return dtype(0)
    if most < 0:
        if planes.itemsize == 1:  # whole numbers: the next that is not below ratio times range
            return dtype(max(1, np.ceil(ratio * np.float64(value_range))))
        return dtype(dtype(ratio) * value_range)
    if planes.itemsize == 1:
        allowed = _allowed_bytes(planes, pairs, most)
        return dtype(allowed + 1) if allowed < 255 else dtype(0)
    return np.nextafter(_allowed_floats(planes, pairs, most), dtype(np.inf))


@kernel()
def _allowed_bytes(planes, pairs, most):
    """Smallest difference that at most so many differences exceed, by counting."""
    counts = np.zeros(256, np.int64)
    for k in range(len(pairs)):
        a, b = neighbor(planes, pairs[k, 0]), neighbor(planes, pairs[k, 1])
        for i in range(a.size):
            counts[np.uint8(b[i] - a[i] if b[i] > a[i] else a[i] - b[i])] += 1
    above = 0
    for difference in range(255, 0, -1):
        above += counts[difference]
        if above > most:
            return difference
    return 0


@kernel()
def _allowed_floats(planes, pairs, most):
    """As `_allowed_bytes`, by partial sorting."""
    n = neighbor(planes, 0).size
    differences = np.empty(len(pairs) * n, planes.dtype)
    for k in range(len(pairs)):
        a, b = neighbor(planes, pairs[k, 0]), neighbor(planes, pairs[k, 1])
        row = differences[k * n : (k + 1) * n]
        for i in range(n):
            row[i] = b[i] - a[i] if b[i] > a[i] else a[i] - b[i]
    if most >= differences.size:
        return planes.dtype.type(0)
    place = differences.size - 1 - most
    return np.partition(differences, place)[place]


@kernel()
def fill_dense(images, pairs, ratio, most, padding, planes, out):
    """Write the eight planes of each image as bytes.

    Parameters
    ----------
    images : (B, C, H, W) ndarray of uint8 or float32
    pairs : (B, 8, 2) ndarray of uint8
    ratio, most, padding
        As in `least_difference` and `spread_value`.
    planes : (3, H + 2, W) ndarray of the type of `images`
        Scratch space.
    out : (B, 8, 2, H, W) ndarray of uint8

    Returns
    -------
    int
        First image with a number that is not finite, or -1.
    """
    for i in range(len(images)):
        low, high, wrong = spread_value(images[i], padding, planes)
        if wrong:
            return i
        least = least_difference(planes, pairs[i], ratio, most, planes.dtype.type(high - low))
        if least == 0:
            out[i] = 0
            continue
        for k in range(8):
            on, off = out[i, k, 1].reshape(-1), out[i, k, 0].reshape(-1)
            a, b = neighbor(planes, pairs[i, k, 0]), neighbor(planes, pairs[i, k, 1])
            compare(a, b, least, on, off)
    return -1


@kernel()
def gather_bits(words, out):
    """Pack bytes that are 0 or 1, eight a word, into bits; the first byte is the upper bit."""
    for i in range(out.size):
        out[i] = np.uint8((words[i] * _GATHER_BITS) >> _UPPER_BYTE)


@kernel()
def fill_packed(images, pairs, ratio, most, padding, planes, scratch, out):
    """Write the eight planes of each image as bits.

    Parameters
    ----------
    images, pairs, ratio, most, padding
        As in `fill_dense`.
    planes : (3, H + 2, S) ndarray
        S is W, rounded up to eights; zeros at first.
    scratch : (2, TILE / 8) ndarray of uint64
    out : (B, 8, 2, H, S / 8) ndarray of uint8
        Bits as `numpy.packbits` along the rows.

    Returns
    -------
    int
        As `fill_dense`.
    """
    off, on = scratch[0].view(np.uint8), scratch[1].view(np.uint8)
    n = neighbor(planes, 0).size
    for i in range(len(images)):
        low, high, wrong = spread_value(images[i], padding, planes)
        if wrong:
            return i
        least = least_difference(planes, pairs[i], ratio, most, planes.dtype.type(high - low))
        if least == 0:
            out[i] = 0
            continue
        for k in range(8):
            a, b = neighbor(planes, pairs[i, k, 0]), neighbor(planes, pairs[i, k, 1])
            bits_off, bits_on = out[i, k, 0].reshape(-1), out[i, k, 1].reshape(-1)
            for start in range(0, n, TILE):
                stop = min(start + TILE, n)
                compare(a[start:stop], b[start:stop], least, on[: stop - start], off)
                gather_bits(scratch[0], bits_off[start // 8 : stop // 8])
                gather_bits(scratch[1], bits_on[start // 8 : stop // 8])
    return -1
