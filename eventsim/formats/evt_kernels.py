"""Words of Prophesee's EVT2, EVT2.1 and EVT3 to columns, and back.

Source of all types, fields and widths: the pages "EVT 2.0 Format", "EVT 2.1 Format" and "EVT 3.0
Format" of the Metavision documentation. The state that goes from call to call is an int64 array.
"""

import numpy as np

from eventsim.formats.kernels import kernel

EVT3_STATE = 8
"""Numbers of the state of EVT3: started, wraps, high, low, y, base x, polarity, time."""
EVT2_STATE = 3
"""Numbers of the state of EVT2 and EVT2.1: started, wraps, high."""


@kernel
def decode_evt3(words, start, state, t, x, y, p):
    """Decode words from `start` on until they end or the columns are nearly full.

    Events before the first time are not known to be at any, and are left out.

    Returns
    -------
    n : int
        Events.
    stop : int
        First word that was not decoded.
    """
    started, wraps, high, low = state[0], state[1], state[2], state[3]
    row, base, on, now = np.uint16(state[4]), state[5], state[6] != 0, state[7]
    n, i = 0, start
    limit = t.size - 12
    while i < words.size and n <= limit:
        word = np.int64(words[i])
        kind = word >> 12
        i += 1
        if kind == 2:  # ADDR_X: an event
            if started:
                t[n], x[n], y[n], p[n] = now, word & 2047, row, (word >> 11) & 1
                n += 1
        elif kind == 4 or kind == 5:  # VECT_12, VECT_8
            width = 12 if kind == 4 else 8
            if started:
                bits = word & ((1 << width) - 1)
                place = base
                while bits:
                    if bits & 1:
                        t[n], x[n], y[n], p[n] = now, place, row, on
                        n += 1
                    bits >>= 1
                    place += 1
            base += width
        elif kind == 0:  # ADDR_Y
            row = np.uint16(word & 2047)
        elif kind == 3:  # VECT_BASE_X
            base, on = word & 2047, (word >> 11) & 1 != 0
        elif kind == 6:  # TIME_LOW
            low = word & 4095
            now = (wraps << 24) | (high << 12) | low
        elif kind == 8:  # TIME_HIGH
            new = word & 4095
            if started and high >= new + 2048:
                wraps += 1
            if new != high or not started:
                low = 0
            high, started = new, 1
            now = (wraps << 24) | (high << 12) | low
    state[0], state[1], state[2], state[3] = started, wraps, high, low
    state[4], state[5], state[6], state[7] = row, base, on, now
    return n, i


@kernel
def encode_evt3(t, x, y, p, start, state, words):
    """Encode events from `start` on until they end or the words are nearly full.

    The order of the events is kept. Three or more of one row, polarity and time within 12 columns
    share a vector.

    Returns
    -------
    n : int
        Words.
    stop : int
        First event that was not encoded.
    """
    started, last_high, last_low, row = state[0], state[1], state[2], state[3]
    n, i = 0, start
    while i < t.size and n < words.size - 8:
        now = t[i]
        high, low = now >> 12, now & 4095
        if not started or high != last_high:
            if not started:
                last_high = high - 1
            # A jump over half of the range would look like one back, so it is made in steps.
            while high - last_high > 2047:
                last_high += 2047
                words[n] = np.uint16(0x8000 | (last_high & 4095))
                n += 1
                if n >= words.size - 8:
                    state[0], state[1], state[2], state[3] = 1, last_high, -1, row
                    return n, i
            words[n] = np.uint16(0x8000 | (high & 4095))
            n += 1
            started, last_high, last_low = 1, high, -1
        if low != last_low:
            words[n] = np.uint16(0x6000 | low)
            n += 1
            last_low = low
        if y[i] != row:
            words[n] = np.uint16(y[i])
            n += 1
            row = np.int64(y[i])
        bits, j = 1, i + 1
        first = np.int64(x[i])
        while j < t.size and t[j] == now and y[j] == y[i] and p[j] == p[i]:
            if x[j] <= x[j - 1] or np.int64(x[j]) - first >= 12:
                break
            bits |= 1 << (np.int64(x[j]) - first)
            j += 1
        polarity = 2048 if p[i] else 0
        if j - i >= 3:
            words[n] = np.uint16(0x3000 | polarity | first)
            words[n + 1] = np.uint16(0x4000 | bits)
            n += 2
            i = j
        else:
            words[n] = np.uint16(0x2000 | polarity | first)
            n += 1
            i += 1
    state[0], state[1], state[2], state[3] = started, last_high, last_low, row
    return n, i


@kernel
def decode_evt2(words, state, t, x, y, p):
    """Decode all words; the columns have room for one event a word. Returns how many there are."""
    started, wraps, high = state[0], state[1], state[2]
    n = 0
    for i in range(words.size):
        word = np.int64(words[i])
        kind = word >> 28
        if kind <= 1:
            if started:
                t[n] = (wraps << 34) | (high << 6) | ((word >> 22) & 63)
                x[n], y[n], p[n] = (word >> 11) & 2047, word & 2047, kind
                n += 1
        elif kind == 8:
            new = word & 0xFFFFFFF
            if started and high >= new + (1 << 27):
                wraps += 1
            high, started = new, 1
    state[0], state[1], state[2] = started, wraps, high
    return n


@kernel
def encode_evt2(t, x, y, p, start, state, words):
    """Encode events from `start` on; as `encode_evt3`."""
    started, last_high = state[0], state[1]
    n, i = 0, start
    while i < t.size and n < words.size - 4:
        high = t[i] >> 6
        if not started or high != last_high:
            if not started:
                last_high = high - 1
            while high - last_high > (1 << 27) - 1:
                last_high += (1 << 27) - 1
                words[n] = np.uint32(0x80000000 | (last_high & 0xFFFFFFF))
                n += 1
                if n >= words.size - 4:
                    state[0], state[1] = 1, last_high
                    return n, i
            words[n] = np.uint32(0x80000000 | (high & 0xFFFFFFF))
            n += 1
            started, last_high = 1, high
        on = np.int64(1) if p[i] else np.int64(0)
        place = (np.int64(x[i]) << 11) | np.int64(y[i])
        words[n] = np.uint32((on << 28) | ((t[i] & 63) << 22) | place)
        n += 1
        i += 1
    state[0], state[1] = started, last_high
    return n, i


@kernel
def decode_evt21(words, start, state, t, x, y, p):
    """Decode 64-bit words of 32 pixels each; as `decode_evt3`."""
    started, wraps, high = state[0], state[1], state[2]
    n, i = 0, start
    limit = t.size - 32
    while i < words.size and n <= limit:
        word = words[i]
        kind = np.int64(word >> np.uint64(60))
        upper = np.int64(word >> np.uint64(32))
        i += 1
        if kind <= 1:
            if started:
                now = (wraps << 34) | (high << 6) | ((upper >> 22) & 63)
                place, row = (upper >> 11) & 2047, upper & 2047
                bits = np.int64(word & np.uint64(0xFFFFFFFF))
                while bits:
                    if bits & 1:
                        t[n], x[n], y[n], p[n] = now, place, row, kind
                        n += 1
                    bits >>= 1
                    place += 1
        elif kind == 8:
            new = upper & 0xFFFFFFF
            if started and high >= new + (1 << 27):
                wraps += 1
            high, started = new, 1
    state[0], state[1], state[2] = started, wraps, high
    return n, i
