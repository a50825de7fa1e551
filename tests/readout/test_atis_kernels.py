"""The parts of the kernel, against plain Python."""

import heapq

import numpy as np
import pytest

from eventsim import random
from eventsim.readout import atis_kernels as kernels


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


def test_a_tidy_heap_has_what_is_still_to_come():
    times, places, n = np.empty(10), np.empty(10, np.int64), 0
    at, draw = np.array([3.0, 1.0, 2.0, 5.0]), np.arange(4, dtype=np.uint64)
    for t, i in ((3.0, 0), (4.0, 1), (1.0, 1), (2.0, 2), (5.0, 3)):
        n = kernels.push(times, places, n, t, i, draw)
    n = kernels.tidy(times, places, n, at, np.array([False, False, True, False]), draw)
    taken = []
    while n:
        taken.append(int(places[0]))
        n = kernels.pop(times, places, n, draw)
    assert taken == [1, 0, 3]  # not where 1 was before it moved, and not 2, which was read


@pytest.mark.parametrize("slow", [0.002, 0.02, 0.06])
@pytest.mark.parametrize("due", [5.0, 33.3, 120.0, 390.0])
def test_when_a_pulled_event_falls(slow, due):
    interval, t = 6000.0, 1000.0
    fast = slow * 0.9
    u = np.arange(0, due, 1e-3)
    h = slow * np.exp(-u / kernels.SLOW_US) - fast * np.exp(-u / kernels.FAST_US)
    reached = u + interval * h >= due
    expected = u[np.argmax(reached)] if reached.any() else due
    found = kernels.pulled_to(t, t + due, t + due, interval, slow, fast)
    assert found - t == pytest.approx(expected, abs=0.15)
    # What falls earlier anyway stays.
    assert kernels.pulled_to(t, t + due, t + 0.5 * expected, interval, slow, fast) <= (
        t + 0.5 * expected
    )


def test_draws_are_those_of_eventsim():
    key = random.stream_key(3, random.Stream.READOUT)
    n = np.arange(5, dtype=np.uint64)
    expected = random.uniform(key, np.zeros(1, np.uint64), n)
    assert [kernels.uniform(key, k) for k in n] == expected.tolist()


def test_intervals_and_rows():
    last = np.array([0, 900, 0], np.int64)
    out = np.empty(4)
    t, pixel = np.array([1000, 5000, 5100, 90_000]), np.array([1, 1, 0, 1])
    kernels.intervals(t, pixel, last, out)
    assert out.tolist() == [2500, 4000, 5100, 8000]
    assert last.tolist() == [5100, 90_000, 0]
    first, following = np.empty(3, np.int64), np.full(4, -9)
    kernels.link(np.array([2, 0, 3]), np.array([0, 0, 5, 1]), 2, first, following)
    assert first.tolist() == [0, -1, 2]  # rows of pixels 0 and 1, none, 5
    assert (following[0], following[3], following[2]) == (3, -1, -1)
