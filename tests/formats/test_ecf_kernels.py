import struct
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsim.events import Events
from eventsim.formats.ecf_kernels import decode_ecf

PLAIN, COLUMNS, PIXELS = 0, 1, 2


def runs(values):
    return [(value, len(list(group))) for value, group in groupby(values.tolist())]


def encode_ecf(events, flag, rows=0):
    """A chunk, written down from the description of the format; rows are filled up with zeros."""
    fill = max(0, rows - len(events))
    t = np.concatenate([events.t, np.full(fill, events.t[-1])])
    x, y, p = (
        np.concatenate([column.astype(int), np.zeros(fill, int)])
        for column in (events.x, events.y, events.p)
    )
    out = struct.pack("<IQ", len(t) << 2 | flag, t[0])
    now = t[0]
    for value, count in runs(t):
        step = value - now
        if step >= 15:
            while step:
                out += bytes([0xF0 | step & 15])
                step >>= 4
        now = value
        short = count if count < 15 else 15
        out += bytes([step << 4 | short]) + (struct.pack("<H", count) if short == 15 else b"")
    if flag == PIXELS:
        return out + packed(y << 12 | x << 1 | p, 24, "<I")
    for value, count in runs(y):
        out += struct.pack("<H", value << 5 | min(count, 31))
        out += struct.pack("<H", count) if count >= 31 else b""
    if flag == COLUMNS:
        return out + packed(x << 1 | p, 12, "<H")
    i = 0
    while i < len(x):
        first, mask = x[i], 0
        i += 1
        for j in range(5):
            if i < len(x) and x[i] == first + j + 1:
                mask |= 16 >> j
                i += 1
        out += struct.pack("<H", first << 5 | mask)
    for value, count in runs(p):
        out += bytes([value << 7 | min(count, 127)])
        out += struct.pack("<H", count) if count >= 127 else b""
    return out


def packed(values, bits, code):
    """Four values in three words: the first word has all of the first, and some of the second."""
    width = bits // 3  # of the pieces that values are cut into
    out = b""
    for k in range(0, len(values), 4):
        a, b, c, d = [*values[k : k + 4].tolist(), 0, 0, 0][:4]
        one = (1 << width) - 1
        two = (1 << 2 * width) - 1
        words = (
            a << width | b & one,
            b >> width << 2 * width | c & two,
            c >> 2 * width << 3 * width | d,
        )
        out += b"".join(struct.pack(code, word) for word in words)
    return out


def decode(content, room=70_000):
    columns = np.empty(room, np.int64), *np.empty((2, room), np.uint16), np.empty(room, bool)
    n = decode_ecf(np.frombuffer(content, np.uint8), *columns)
    return n, [column[: max(0, n)].tolist() for column in columns]


def some_events(seed, n, t0_us=10**10):
    rng = np.random.default_rng(seed)
    t = np.cumsum(rng.choice([0, 0, 0, 1, 14, 15, 16, 300, 10**6], n)) + t0_us
    x = rng.integers(0, 60, n) if seed % 2 else rng.integers(0, 2048, n)
    return Events.of(t, x, rng.integers(0, 4, n), rng.integers(0, 2, n), size=(2048, 4))


@pytest.mark.parametrize("flag", [PLAIN, COLUMNS, PIXELS])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 16, 5000])
def test_every_way_of_packing_comes_back(flag, n):
    for seed in range(4):
        events = some_events(seed, n)
        count, columns = decode(encode_ecf(events, flag))
        assert count == n
        assert columns == [column.tolist() for column in (events.t, events.x, events.y, events.p)]


def test_long_runs_have_their_length_in_16_bits():
    x = np.tile(np.arange(400), 3)
    events = Events.of(np.repeat([5, 6, 7], 400), x, [3] * 1200, [1] * 1200, size=(400, 4))
    for flag in (PLAIN, COLUMNS, PIXELS):
        assert decode(encode_ecf(events, flag))[1][1] == x.tolist()


@given(st.data())
def test_a_damaged_chunk_is_decoded_or_refused(data):
    content = bytearray(
        encode_ecf(some_events(data.draw(st.integers(0, 3)), 60), data.draw(st.integers(0, 2)))
    )
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(0, len(content))) :]
    n, _ = decode(bytes(content), 100)
    assert -1 <= n <= 100
