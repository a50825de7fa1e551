"""The parts of the kernel, against plain Python."""

import numpy as np
import pytest

from eventsim.readout import atis_kernels as kernels
from eventsim.readout.queue_kernels import pop, push


def test_a_tidy_heap_has_what_is_still_to_come():
    times, places, n = np.empty(10), np.empty(10, np.int64), 0
    at, draw = np.array([3.0, 1.0, 2.0, 5.0]), np.arange(4, dtype=np.uint64)
    for t, i in ((3.0, 0), (4.0, 1), (1.0, 1), (2.0, 2), (5.0, 3)):
        n = push(times, places, n, t, i, draw)
    n = kernels.tidy(times, places, n, at, np.array([False, False, True, False]), draw)
    taken = []
    while n:
        taken.append(int(places[0]))
        n = pop(times, places, n, draw)
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


def test_intervals():
    last = np.array([0, 900, 0], np.int64)
    out = np.empty(4)
    t, pixel = np.array([1000, 5000, 5100, 90_000]), np.array([1, 1, 0, 1])
    kernels.intervals(t, pixel, last, out)
    assert out.tolist() == [2500, 4000, 5100, 8000]
    assert last.tolist() == [5100, 90_000, 0]
