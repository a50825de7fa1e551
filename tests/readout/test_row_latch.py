"""A readout row by row, from its formulas."""

import numpy as np
import pytest

from eventsim.events import Events, Packet
from eventsim.readout.row_latch import RowLatch


def read(events, seed=1):
    """Events as they are read."""
    stage = RowLatch(events.size, seed)
    frame = events.t[-1:] + 1
    out = [stage.push(Packet(events, frame, np.array([len(events)]))), stage.end()]
    return Events.concatenate([packet.events for packet in out], events.size)


def a_stream(n=20_000, *, rows=34, end_us=200_000, seed=0):
    """A Poisson process, each event in a pixel of its own where there is room."""
    rng = np.random.default_rng(seed)
    t = np.sort(rng.integers(1, end_us, n))
    p = rng.random(n) < 0.5
    return Events.of(t, rng.integers(0, 500, n), rng.integers(0, rows, n), p,
                     rng.integers(0, 4, n), size=(500, rows))  # fmt: skip


@pytest.mark.parametrize("mean", [0.05, 0.5, 2.0])
def test_share_of_events_in_bursts(mean):
    """One row, whose rate is `mean` events in a dead time of 5 us: m (1 - e^-m) / (m + e^-m)."""
    n = 40_000
    out = read(a_stream(n, rows=1, end_us=round(n * 5 / mean)))
    _, counts = np.unique(out.t, return_counts=True)
    share = counts[counts > 1].sum() / n
    expected = mean * (1 - np.exp(-mean)) / (mean + np.exp(-mean))
    assert share == pytest.approx(expected, abs=0.01)


def test_a_row_is_not_read_again_within_its_dead_time():
    out = read(a_stream(600_000))
    order = np.lexsort((out.t, out.y))
    gaps = np.diff(out.t[order])[np.diff(out.y[order]) == 0]
    assert set(gaps[gaps < 5].tolist()) == {0}
    assert (gaps == 0).mean() > 0.01


def test_the_bus_takes_twelve_events_per_microsecond():
    n = 6_000  # 500 rows of twelve events, at once
    k = np.arange(n)
    events = Events.of(np.full(n, 1000), k // 500, k % 500, np.ones(n, bool), size=(12, 500))
    out = read(events)
    assert out.t.max() - 1000 == pytest.approx(500, abs=2)
    # A row is read whole, and in no order.
    first = np.array([out.t[out.y == row].min() for row in range(500)])
    assert all(len(set(out.t[out.y == row].tolist())) <= 2 for row in range(500))
    assert abs(np.corrcoef(np.arange(500), first)[0, 1]) < 0.15
    assert read(events, seed=2) != out


def test_nothing_is_lost_or_early():
    events = a_stream(100_000)
    out = read(events)
    key = ("kind", "p", "x", "y")
    a, b = (np.lexsort([getattr(some, name) for name in ("t", *key)]) for some in (events, out))
    for name in key:
        assert np.array_equal(getattr(events, name)[a], getattr(out, name)[b])
    late = out.t[b] - events.t[a]
    assert late.min() >= 0
    assert 0 < np.mean(late) < 5
    assert read(a_stream(3, end_us=10**6)) == a_stream(3, end_us=10**6)  # far apart: as they are
