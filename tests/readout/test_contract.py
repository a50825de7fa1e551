"""What every stage of packets promises: however packets are cut, the same events, in order."""

import itertools

import numpy as np
import pytest

from eventsim.camera import choose_camera
from eventsim.events import Events, Packet
from eventsim.readout.atis import AtisReadout
from eventsim.readout.beginning import Beginning
from eventsim.readout.clock import Clock
from eventsim.readout.row_delay import RowDelay
from eventsim.readout.row_latch import RowLatch
from eventsim.simulator import Snapshot, simulate_source, simulate_with_snapshots
from eventsim.sources.given import source_of
from eventsim.sources.reading import Reading

END_US = 200_000
STAGES = {
    "atis": lambda size: AtisReadout(size, 5),
    "row-latch": lambda size: RowLatch(size, 5),
    "clock": lambda size: Clock(size, 700),
    "row-delay": lambda size: RowDelay(size, 9_000),
    "row-delay up": lambda size: RowDelay(size, -9_000),
    "beginning": lambda size: Beginning(size, 50_007),
}
# Also where a bus is full: 13 events per microsecond. An ATIS has the rates of a small array.
FULL = 2_600_000
CASES = [(name, n) for name in STAGES for n in (20_000, FULL) if (name, n) != ("atis", FULL)]
CUTS = ([100], [60_000, 60_003, 61_000], range(500, END_US, 900))
MODELS = ({"readout_model": "atis"}, {"readout_model": "row-latch"},
          {"timestamp_resolution_us": 700})  # fmt: skip


def a_stream(n):
    rng = np.random.default_rng(0)
    t = np.sort(rng.integers(1, END_US, n))
    p = rng.random(n) < 0.5
    return Events.of(t, rng.integers(0, 34, n), rng.integers(0, 34, n), p,
                     rng.integers(0, 4, n), size=(34, 34))  # fmt: skip


def run(make, events, cuts, restored_at=None):
    """Through a stage, packet by packet, some of them without a frame."""
    stage, out = make(events.size), []
    edges = [0, *cuts, END_US]
    for k, (a, b) in enumerate(itertools.pairwise(edges)):
        some = events[(events.t > a) & (events.t <= b)]
        # A run-in is over with a frame, so that there is one at its end in any case.
        frames = [0] if k == 0 else []
        frames += [50_007] if a < 50_007 < b else []
        frames += [b] if k % 3 != 1 or b == END_US else []
        stops = np.searchsorted(some.t, frames, side="right")
        out.append(stage.push(Packet(some, np.array(frames, np.int64), stops)))
        if k == restored_at:
            saved, stage = stage.save(), make(events.size)
            stage.restore(saved)
    out.append(stage.end())
    return out


@pytest.mark.parametrize("cuts", CUTS, ids=("one", "three", "many"))
@pytest.mark.parametrize(("name", "n"), CASES)
def test_packets_change_nothing(name, n, cuts):
    make, events = STAGES[name], a_stream(n)
    whole = Events.concatenate([p.events for p in run(make, events, [])], events.size)
    pieces = run(make, events, cuts, restored_at=len(cuts) // 2)
    assert Events.concatenate([p.events for p in pieces], events.size) == whole
    last = -1
    for packet in pieces:
        t, frames = packet.events.t, packet.frame_t_us
        assert packet.frame_stop.tolist() == np.searchsorted(t, frames, side="right").tolist()
        assert min([*t[:1].tolist(), *frames[:1].tolist()], default=last) >= last
        last = max([*t[-1:].tolist(), *frames[-1:].tolist()], default=last)
    frames = np.concatenate([packet.frame_t_us for packet in pieces])
    assert frames[-1] == END_US
    order = np.lexsort((whole.x, whole.y, whole.t))
    assert np.array_equal(order, np.arange(len(whole)))


@pytest.mark.parametrize("settings", MODELS, ids=str)
def test_of_a_scene_it_can_be_stopped_and_gone_on_with(settings):
    rng = np.random.default_rng(2)
    frames = np.cumsum(rng.normal(0, 0.15, (60, 30, 40)), axis=0).astype(np.float32) + 4
    t_us = np.arange(60) * 5_000
    camera = choose_camera("ideal", overrides=settings)

    def source(first=0):
        # A stream, whose length nobody knows: so batches are short.
        stream = zip(t_us[first:].tolist(), frames[first:], strict=True)
        return source_of(iter(stream), Reading(encoding="log"), None, "log")

    whole = list(simulate_source(source(), camera, seed=3))
    events = Events.concatenate([packet.events for packet in whole], (40, 30))
    plain = simulate_source(source(), choose_camera("ideal"), seed=3)
    plain = Events.concatenate([packet.events for packet in plain], (40, 30))
    assert len(events) >= len(plain) > 5_000
    assert events != plain
    before = []
    for item in simulate_with_snapshots(source(), camera, seed=3, wanted=lambda: True):
        if isinstance(item, Snapshot):
            break
        before.append(item.events)
    rest = simulate_with_snapshots(source(item.frames), camera, seed=3, go_on=item)
    after = [packet.events for packet in rest]
    assert after
    assert Events.concatenate([*before, *after], (40, 30)) == events
    sizes = sum(len(packet.frame_t_us) for packet in whole)
    assert sizes == 60
