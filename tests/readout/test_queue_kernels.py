"""What readouts share, against plain Python."""

import heapq

import numpy as np

from eventsim import random
from eventsim.readout import queue_kernels as kernels


def test_the_heap_is_a_heap():
    rng = np.random.default_rng(0)
    times, places = np.empty(400), np.empty(400, np.int64)
    n, known, draw = 0, [], np.arange(2000, dtype=np.uint64)
    for k in range(2000):
        if n and (rng.random() < 0.45 or n == 400):
            assert (times[0], places[0]) == heapq.heappop(known)
            n = kernels.pop(times, places, n, draw)
        else:
            t = float(rng.integers(0, 50))  # many at once
            n = kernels.push(times, places, n, t, k, draw)
            heapq.heappush(known, (t, k))
    assert n == len(known)


def test_draws_are_those_of_eventsim():
    key = random.stream_key(3, random.Stream.READOUT)
    n = np.arange(5, dtype=np.uint64)
    expected = random.uniform(key, np.zeros(1, np.uint64), n)
    assert [kernels.uniform(key, k) for k in n] == expected.tolist()


def test_rows_know_their_events_in_order():
    first, following = np.empty(3, np.int64), np.full(4, -9)
    kernels.link(np.array([2, 0, 3]), np.array([0, 0, 5, 1]), 2, first, following)
    assert first.tolist() == [0, -1, 2]  # rows of pixels 0 and 1, none, 5
    assert (following[0], following[3], following[2]) == (3, -1, -1)
