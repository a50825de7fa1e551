import numpy as np

from eventsim.formats.evt_kernels import (
    EVT3_STATE,
    decode_evt2,
    decode_evt3,
    encode_evt2,
    encode_evt3,
)


def columns(n):
    return np.empty(n, np.int64), np.empty(n, np.uint16), np.empty(n, np.uint16), np.empty(n, bool)


def test_decoding_stops_before_the_columns_are_full_and_goes_on():
    words = np.array([0x8000, 0x0001, 0x3000, *[0x4FFF] * 10], np.uint16)
    state = np.zeros(EVT3_STATE, np.int64)
    got, done = [], 0
    while done < words.size:
        t, x, y, p = columns(30)
        n, done = decode_evt3(words, done, state, t, x, y, p)
        got += x[:n].tolist()
    assert got == list(range(120))


def test_encoding_stops_before_the_words_are_full_and_goes_on():
    rng = np.random.default_rng(1)
    t = np.cumsum(rng.integers(0, 2**25, 500))
    x, y = (rng.integers(0, 2048, 500).astype(np.uint16) for _ in range(2))
    p = rng.integers(0, 2, 500) > 0
    for encode, decode, dtype, room in (
        (encode_evt3, None, np.uint16, 16),
        (encode_evt2, decode_evt2, np.uint32, 8),
    ):
        state = np.array([0, 0, 0, -1])
        words, done = [], 0
        while done < 500:
            some = np.empty(room, dtype)
            n, done = encode(t, x, y, p, done, state, some)
            words.append(some[:n].copy())
        every = np.concatenate(words)
        back = columns(every.size + 12)
        if decode is None:
            n, _ = decode_evt3(every, 0, np.zeros(EVT3_STATE, np.int64), *back)
            first = t[0] >> 24 << 24
        else:
            n = decode(every, np.zeros(3, np.int64), *back)
            first = t[0] >> 34 << 34
        assert n == 500
        assert np.array_equal(back[0][:n] + first, t)
        assert all(np.array_equal(b[:n], c) for b, c in zip(back[1:], (x, y, p), strict=True))
