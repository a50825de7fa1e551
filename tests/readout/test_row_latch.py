"""A readout row by row, from its formulas; and that packets change nothing in it."""

import itertools

import numpy as np
import pytest

from eventsim.camera import choose_camera
from eventsim.events import Events, Packet
from eventsim.readout.row_latch import RowLatch
from eventsim.simulator import Snapshot, simulate_source, simulate_with_snapshots
from eventsim.sources.given import source_of
from eventsim.sources.reading import Reading


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


def run(events, cuts, restored_at=None):
    """Through the stage, packet by packet, one of them without a frame."""
    stage, out = RowLatch(events.size, 5), []
    edges = [0, *cuts, 200_000]
    for k, (a, b) in enumerate(itertools.pairwise(edges)):
        some = events[(events.t > a) & (events.t <= b)]
        frames = np.array([0] if k == 0 else [], np.int64)
        frames = np.append(frames, b) if k % 3 != 1 or b == 200_000 else frames
        stops = np.searchsorted(some.t, frames, side="right")
        out.append(stage.push(Packet(some, frames, stops)))
        if k == restored_at:
            saved, stage = stage.save(), RowLatch(events.size, 5)
            stage.restore(saved)
    out.append(stage.end())
    return out


@pytest.mark.parametrize("n", [20_000, 2_600_000])
@pytest.mark.parametrize("cuts", [[100], [60_000, 60_003, 61_000], range(500, 200_000, 900)])
def test_packets_change_nothing(cuts, n):
    """Also where the bus is full: 13 events per microsecond."""
    events = a_stream(n)
    whole = Events.concatenate([p.events for p in run(events, [])], events.size)
    pieces = run(events, cuts, restored_at=len(cuts) // 2)
    assert Events.concatenate([p.events for p in pieces], events.size) == whole
    last = -1
    for packet in pieces:
        t, frames = packet.events.t, packet.frame_t_us
        assert packet.frame_stop.tolist() == np.searchsorted(t, frames, side="right").tolist()
        assert min([*t[:1].tolist(), *frames[:1].tolist()], default=last) >= last
        last = max([*t[-1:].tolist(), *frames[-1:].tolist()], default=last)
    frames = np.concatenate([packet.frame_t_us for packet in pieces])
    assert frames[-1] == 200_000
    order = np.lexsort((whole.x, whole.y, whole.t))
    assert np.array_equal(order, np.arange(len(whole)))


def test_of_a_scene_it_can_be_stopped_and_gone_on_with():
    rng = np.random.default_rng(2)
    frames = np.cumsum(rng.normal(0, 0.15, (60, 30, 40)), axis=0).astype(np.float32) + 4
    t_us = np.arange(60) * 5_000
    camera = choose_camera("ideal", overrides={"readout_model": "row-latch"})

    def source(first=0):
        stream = zip(t_us[first:].tolist(), frames[first:], strict=True)
        return source_of(iter(stream), Reading(encoding="log"), None, "log")

    whole = list(simulate_source(source(), camera, seed=3))
    events = Events.concatenate([packet.events for packet in whole], (40, 30))
    plain = simulate_source(source(), choose_camera("ideal"), seed=3)
    plain = Events.concatenate([packet.events for packet in plain], (40, 30))
    assert len(events) == len(plain) > 5_000
    assert events != plain
    before = []
    for item in simulate_with_snapshots(source(), camera, seed=3, wanted=lambda: True):
        if isinstance(item, Snapshot):
            break
        before.append(item.events)
    rest = simulate_with_snapshots(source(item.frames), camera, seed=3, go_on=item)
    after = [packet.events for packet in rest]
    assert Events.concatenate([*before, *after], (40, 30)) == events
    assert sum(len(packet.frame_t_us) for packet in whole) == 60
