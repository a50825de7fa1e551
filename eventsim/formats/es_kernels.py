"""Bytes of Event Stream to columns, and back.

An event has five bytes: seven bits of time since the one before and the polarity, then 16 bits x
and 16 bits y. A byte 255 stands for 127 us without an event, 254 for nothing. Source: the
specification of Event Stream 2.0 (neuromorphic-paris/event_stream), kind 1, DVS.
"""

import numpy as np

from eventsim.formats.kernels import kernel

PAUSE = 255
"""A byte that stands for `PAUSE_US` without an event."""
PAUSE_US = 127
NOTHING = 254


@kernel
def decode_es(data, time_us, t, x, y, p):
    """Decode bytes; the columns have room for an event every five of them.

    Returns
    -------
    n : int
        Events.
    used : int
        Bytes; the rest is the beginning of an event.
    time_us : int
    """
    n, i = 0, 0
    while i < data.size:
        byte = data[i]
        if byte == PAUSE:
            time_us += PAUSE_US
            i += 1
        elif byte == NOTHING:
            i += 1
        elif i + 5 <= data.size:
            time_us += np.int64(byte >> 1)
            t[n] = time_us
            x[n] = np.uint16(data[i + 1]) | (np.uint16(data[i + 2]) << np.uint16(8))
            y[n] = np.uint16(data[i + 3]) | (np.uint16(data[i + 4]) << np.uint16(8))
            p[n] = byte & 1
            n += 1
            i += 5
        else:
            break
    return n, i, time_us


@kernel
def encode_es(t, x, y, p, start, time_us, data):
    """Encode events from `start` on until they end or the bytes are nearly full.

    Returns
    -------
    n : int
        Bytes.
    stop : int
        First event that was not encoded.
    time_us : int
        That the bytes have come to.
    """
    n, i = 0, start
    while i < t.size and n + 5 <= data.size:
        while t[i] - time_us >= PAUSE_US and n + 5 < data.size:
            data[n] = PAUSE
            time_us += PAUSE_US
            n += 1
        if t[i] - time_us >= PAUSE_US or n + 5 > data.size:
            break
        data[n] = np.uint8(((t[i] - time_us) << 1) | np.int64(p[i]))
        data[n + 1] = np.uint8(x[i] & 255)
        data[n + 2] = np.uint8(x[i] >> 8)
        data[n + 3] = np.uint8(y[i] & 255)
        data[n + 4] = np.uint8(y[i] >> 8)
        time_us = t[i]
        n += 5
        i += 1
    return n, i, time_us
