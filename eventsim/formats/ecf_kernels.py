"""Chunks of Metavision's own compression of events (ECF, filter 36559 of HDF5), decoded.

A chunk is 32 bits, the number of events and two flags; 64 bits, the first time; then run by run:
times (4 bits of difference, 4 of length), and either rows, columns and polarities packed in 24 bits
each (flag 2), or rows (11 bits, 5 of length) with columns and polarities packed in 12 bits (flag 1)
or columns with a mask of the next five and runs of polarities. Source: what ecf_codec.cpp of
prophesee-ai/hdf5_ecf decodes.
"""

import numpy as np

from eventsim.formats.kernels import kernel

FILTER = 36559
"""Its number among the filters of HDF5 (ecf_h5filter.h: 0x8ECF)."""
MOST_EVENTS = 65535
"""Of a chunk (kMaxBufferSize)."""


@kernel
def decode_ecf(data, t, x, y, p):
    """Decode a chunk into columns that have room for it.

    Returns
    -------
    int
        Events; -1 if the chunk is damaged.
    """
    if data.size < 12:
        return -1
    head = _little(data, 0, 4)
    n = head >> 2
    if n > MOST_EVENTS or n > t.size:
        return -1
    place = _times(data, n, t[:n])
    if place < 0:
        return -1
    if head & 2:
        return n if _packed_pixels(data, place, n, x, y, p) else -1
    place = _runs_of_rows(data, place, n, y)
    if place < 0:
        return -1
    if head & 1:
        return n if _packed_columns(data, place, n, x, p) else -1
    place = _masked_columns(data, place, n, x)
    if place < 0 or not _runs_of_polarities(data, place, n, p):
        return -1
    return n


@kernel
def _little(data, place, width):
    """A number of so many bytes, the lowest first."""
    value = np.int64(0)
    for k in range(width):
        value |= np.int64(data[place + k]) << (8 * k)
    return value


@kernel
def _times(data, n, t):
    """Fill the times; returns where they end, -1 if they do not."""
    now = _little(data, 4, 8)
    place, i = 12, 0
    while i < n:
        if place >= data.size:
            return -1
        step, count = np.int64(data[place] >> 4), np.int64(data[place] & 15)
        place += 1
        if step == 15:  # a long difference, 4 bits a byte, the lowest first
            long_step, shift = count, 4
            while place < data.size and data[place] >> 4 == 15:
                if shift > 56:
                    return -1
                long_step |= np.int64(data[place] & 15) << shift
                shift += 4
                place += 1
            now += long_step
            continue
        now += step
        if count == 15:
            if place + 2 > data.size:
                return -1
            count = _little(data, place, 2)
            place += 2
        if count == 0 or i + count > n:
            return -1
        t[i : i + count] = now
        i += count
    return place


@kernel
def _packed_pixels(data, place, n, x, y, p):
    """Four events in three words of 32 bits."""
    if place + (n + 3) // 4 * 12 > data.size:
        return False
    for i in range(0, n, 4):
        a, b, c = _little(data, place, 4), _little(data, place + 4, 4), _little(data, place + 8, 4)
        place += 12
        values = (
            a >> 8,
            (a & 0xFF) | ((b >> 16) << 8),
            (b & 0xFFFF) | ((c >> 24) << 16),
            c & 0xFFFFFF,
        )
        for j in range(min(4, n - i)):
            y[i + j] = (values[j] >> 12) & 2047
            x[i + j] = (values[j] >> 1) & 2047
            p[i + j] = values[j] & 1
    return True


@kernel
def _packed_columns(data, place, n, x, p):
    """Four columns and polarities in three words of 16 bits."""
    if place + (n + 3) // 4 * 6 > data.size:
        return False
    for i in range(0, n, 4):
        a, b, c = _little(data, place, 2), _little(data, place + 2, 2), _little(data, place + 4, 2)
        place += 6
        values = (
            a >> 4,
            (a & 0xF) | ((b >> 8) << 4),
            (b & 0xFF) | ((c >> 12) << 8),
            c & 0xFFF,
        )
        for j in range(min(4, n - i)):
            x[i + j] = values[j] >> 1
            p[i + j] = values[j] & 1
    return True


@kernel
def _runs_of_rows(data, place, n, y):
    i = 0
    while i < n:
        if place + 2 > data.size:
            return -1
        word = _little(data, place, 2)
        place += 2
        count = word & 31
        if count == 31:
            if place + 2 > data.size:
                return -1
            count = _little(data, place, 2)
            place += 2
        if count == 0 or i + count > n:
            return -1
        y[i : i + count] = word >> 5
        i += count
    return place


@kernel
def _masked_columns(data, place, n, x):
    i = 0
    while i < n:
        if place + 2 > data.size:
            return -1
        word = _little(data, place, 2)
        place += 2
        x[i] = word >> 5
        i += 1
        for j in range(5):
            if word & (16 >> j) and i < n:
                x[i] = (word >> 5) + j + 1
                i += 1
    return place


@kernel
def _runs_of_polarities(data, place, n, p):
    i = 0
    while i < n:
        if place >= data.size:
            return False
        byte = np.int64(data[place])
        place += 1
        count = byte & 127
        if count == 127:
            if place + 2 > data.size:
                return False
            count = _little(data, place, 2)
            place += 2
        if count == 0 or i + count > n:
            return False
        p[i : i + count] = byte >> 7
        i += count
    return True
