"""Lines of text to columns, and back; decimal numbers are read exactly, without floats."""

import numpy as np

from eventsim.formats.kernels import kernel

MOST_DIGITS = 18
"""Significant digits of a number that count: more do not fit into 64 bits."""
LATEST = 10**18
"""Of whole numbers; further ones are taken for broken."""
LINE_BYTES = 96
"""Most bytes that a written line takes."""

_SPACE, _COMMA, _SEMICOLON, _TAB, _CR, _LF = 32, 44, 59, 9, 13, 10
_HASH, _PERCENT, _DOT, _PLUS, _MINUS, _ZERO = 35, 37, 46, 43, 45, 48


@kernel
def parse_lines(data, first, places, decimals, columns):
    """Parse whole lines from `first` on until they end or the columns are full.

    Parameters
    ----------
    data : (B,) ndarray of uint8
    first : int
    places : (C,) ndarray of int64
        What each column of the text is: 0 t, 1 x, 2 y, 3 p, 4 kind, -1 something else.
    decimals : int
        Power of ten that times are multiplied with.
    columns : tuple of ndarray
        t int64, x int64, y int64, p bool, kind uint8; kind is left as it is if it is not there.

    Returns
    -------
    n : int
        Events.
    used : int
        Bytes up to the end of the last whole line that was parsed.
    wrong : int
        Lines from `first` on up to one that is none, or 0.
    lines : int
    """
    t, x, y, p, kind = columns
    n, used, lines = 0, first, 0
    i = first
    most = places.size
    while n < t.size:
        stop = i
        while stop < data.size and data[stop] != _LF:
            stop += 1
        if stop == data.size:
            break
        lines += 1
        while i < stop and _between(data[i]):
            i += 1
        if i == stop or data[i] == _HASH or data[i] == _PERCENT:
            i = used = stop + 1
            continue
        for c in range(most):
            place = places[c]
            if place < 0:
                while i < stop and not _between(data[i]):
                    i += 1
            else:
                # Nearly all numbers are a few digits, so these come first.
                value, after = _digits(data, i, stop)
                if after > 0 and (place > 0 or decimals == 0):
                    i = after
                else:
                    value, i = _number(data, i, stop, decimals if place == 0 else 0, place == 0)
                    if i < 0:
                        return n, used, lines, lines
                if place == 0:
                    t[n] = value
                elif place == 1:
                    x[n] = value
                elif place == 2:
                    y[n] = value
                elif place == 3:
                    p[n] = value > 0
                elif 0 <= value < 256:
                    kind[n] = value
                else:
                    return n, used, lines, lines
            while i < stop and _between(data[i]):
                i += 1
            if i == stop and c + 1 < most:
                return n, used, lines, lines
        n += 1
        i = used = stop + 1
    return n, used, 0, lines


@kernel
def _between(byte):
    """Whether a byte stands between two columns, or at the end of a line."""
    return byte == _COMMA or byte == _SPACE or byte == _TAB or byte == _CR or byte == _SEMICOLON


@kernel
def _digits(data, i, stop):
    """A number of digits alone, and where it ends; 0 there if it is something else."""
    value, after = np.int64(0), i
    while after < stop and after < i + MOST_DIGITS:
        digit = np.int64(data[after]) - _ZERO
        if digit < 0 or digit > 9:
            break
        value = value * 10 + digit
        after += 1
    return value, after if after > i and (after == stop or _between(data[after])) else 0


@kernel
def _number(data, i, stop, decimals, rounded):
    """A number times 10**decimals, and where it ends; -1 there if it is none or not whole."""
    negative = False
    if i < stop and (data[i] == _PLUS or data[i] == _MINUS):
        negative = data[i] == _MINUS
        i += 1
    if i < stop and (data[i] | 32) in (116, 102):  # true and false
        value = np.int64((data[i] | 32) == 116)
        while i < stop and 97 <= (data[i] | 32) <= 122:
            i += 1
        return value, i
    mantissa, exponent, digits, seen, fraction = np.int64(0), 0, 0, 0, False
    while i < stop:
        byte = data[i]
        digit = np.int64(byte) - _ZERO
        if 0 <= digit <= 9:
            seen += 1
            if digits < MOST_DIGITS:
                mantissa = mantissa * 10 + digit
                digits += mantissa > 0
                exponent -= fraction
            else:
                exponent += not fraction
        elif byte == _DOT and not fraction:
            fraction = True
        else:
            break
        i += 1
    if seen == 0:
        return np.int64(0), -1
    power, i = _exponent(data, i, stop)
    if i < 0 or (i < stop and not _between(data[i])):
        return np.int64(0), -1
    value = _scaled(mantissa, exponent + power + decimals, rounded)
    if value < 0:
        return np.int64(0), -1
    return -value if negative else value, i


@kernel
def _exponent(data, i, stop):
    """The power of ten after an e, and where it ends: -1 if it is none; 0 where there is no e."""
    if i == stop or (data[i] | 32) != 101:
        return 0, i
    i += 1
    down = False
    if i < stop and (data[i] == _PLUS or data[i] == _MINUS):
        down = data[i] == _MINUS
        i += 1
    power, seen = 0, 0
    while i < stop and 0 <= np.int64(data[i]) - _ZERO <= 9:
        power = min(power * 10 + np.int64(data[i]) - _ZERO, 999)
        seen += 1
        i += 1
    if seen == 0:
        return 0, -1
    return -power if down else power, i


@kernel
def _scaled(mantissa, exponent, rounded):
    """A number times a power of ten; -1 if it is too large, or not whole and not to be rounded."""
    while exponent > 0:
        if mantissa > LATEST // 10:
            return np.int64(-1)
        mantissa *= 10
        exponent -= 1
    last = np.int64(0)
    while exponent < 0 and mantissa > 0:
        if last and not rounded:
            return np.int64(-1)
        last = mantissa % 10
        mantissa //= 10
        exponent += 1
    if exponent < 0:
        last = np.int64(0)  # so small that nothing is left to round
    mantissa += last >= 5
    if (last and not rounded) or mantissa > LATEST:
        return np.int64(-1)
    return mantissa


@kernel
def format_lines(t, x, y, p, kind, start, seconds, data):
    """Format events from `start` on until they end or the bytes are nearly full.

    Parameters
    ----------
    t, x, y, p, kind : (N,) ndarray
    start : int
    seconds : bool
        Whether a line is ``seconds x y p``; else it is ``microseconds,x,y,p,kind``.
    data : (B,) ndarray of uint8

    Returns
    -------
    n : int
        Bytes.
    stop : int
        First event that was not formatted.
    """
    between = _SPACE if seconds else _COMMA
    n, i = 0, start
    while i < t.size and n + LINE_BYTES <= data.size:
        time = t[i]
        if time < 0:
            data[n] = _MINUS
            n += 1
            time = -time
        if seconds:
            n = _write(data, n, time // 1_000_000, 1)
            data[n] = _DOT
            n = _write(data, n + 1, time % 1_000_000, 6)
        else:
            n = _write(data, n, time, 1)
        data[n] = between
        n = _write(data, n + 1, np.int64(x[i]), 1)
        data[n] = between
        n = _write(data, n + 1, np.int64(y[i]), 1)
        data[n] = between
        data[n + 1] = _ZERO + p[i]
        n += 2
        if not seconds:
            data[n] = between
            data[n + 1] = _ZERO + kind[i]
            n += 2
        data[n] = _LF
        n += 1
        i += 1
    return n, i


@kernel
def _write(data, n, value, least):
    """Write a whole number of at least so many digits; returns where it ends."""
    digits = 1
    limit = np.int64(10)
    while digits < 19 and (value >= limit or digits < least):
        digits += 1
        limit *= 10
    for k in range(digits):
        data[n + digits - 1 - k] = _ZERO + value % 10
        value //= 10
    return n + digits
