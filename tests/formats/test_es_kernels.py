import numpy as np

from eventsim.formats.es_kernels import NOTHING, PAUSE, decode_es, encode_es


def test_an_event_that_is_cut_off_is_left_for_the_next_call():
    data = np.array([PAUSE, 3, 1, 0, 2, 0, NOTHING, 5, 1], np.uint8)
    t, x, y, p = np.empty(2, np.int64), *np.empty((2, 2), np.uint16), np.empty(2, bool)
    assert decode_es(data, 0, t, x, y, p) == (1, 7, 128)
    assert (t[0], x[0], y[0], p[0]) == (128, 1, 2, True)


def test_pauses_longer_than_the_bytes_go_on():
    t = np.array([10_000, 10_001])
    x = np.array([300, 2], np.uint16)
    p = np.array([True, False])
    made, done, time_us = [], 0, 0
    while done < 2:
        data = np.empty(20, np.uint8)
        n, done, time_us = encode_es(t, x, x, p, done, time_us, data)
        made += data[:n].tolist()
    assert made.count(PAUSE) == 10_000 // 127
    assert made[-10:] == [(10_000 % 127) << 1 | 1, 44, 1, 44, 1, 1 << 1, 2, 0, 2, 0]
