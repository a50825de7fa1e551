"""Ticks by hand, and that packets, resuming and a real clip change nothing in them."""

import numpy as np
import pytest

import eventsim
from eventsim.camera import choose_camera
from eventsim.events import Events, Packet
from eventsim.readout.clock import Clock
from eventsim.shipped import find
from eventsim.simulator import Snapshot, simulate_source, simulate_with_snapshots
from eventsim.sources.opening import open_source
from eventsim.sources.reading import Reading

SIZE = (4, 2)


def packet(t, x, y, frames):
    p = np.arange(len(t)) % 2 == 0
    events = Events.of(t, x, y, p, size=SIZE)
    stops = np.searchsorted(events.t, frames, side="right")
    return Packet(events, np.array(frames, np.int64), stops)


def test_times_are_rounded_up_and_ties_are_in_raster_order():
    clock = Clock(packet([], [], [], []).events.size, 10)
    out = clock.push(packet([1, 4, 10, 11], [3, 1, 0, 2], [1, 0, 0, 0], [5, 20]))
    # The tick of 20 can get no more: what comes is later than frame 20.
    assert out.events.t.tolist() == [10, 10, 10, 20]
    assert out.events.x.tolist() == [0, 1, 3, 2]
    assert out.frame_t_us.tolist() == [5, 20]
    assert out.frame_stop.tolist() == [0, 4]
    assert len(clock.end().events) == 0


def test_a_tick_that_may_get_more_is_held_back():
    clock = Clock(packet([], [], [], []).events.size, 10)
    first = clock.push(packet([3, 12], [2, 3], [0, 1], [15]))
    assert first.events.t.tolist() == [10]
    assert first.frame_stop.tolist() == [1]
    saved = clock.save()
    again = Clock(first.events.size, 10)
    again.restore(saved)
    second = again.push(packet([16, 27], [0, 0], [0, 0], []))  # of a pause: without a frame
    assert second.events.t.tolist() == [20, 20]
    assert second.events.x.tolist() == [0, 3]  # merged with what was held, in raster order
    assert again.end().events.t.tolist() == [30]
    assert len(clock.push(packet([], [], [], [])).events) == 0


class Frames:
    """Frames of a clip from one of them on, whose number nobody knows: so batches are short."""

    expected_frames = None
    lost_frames = 0

    def __init__(self, first=0):
        source = open_source(find("bigbuckbunny.mp4"), Reading(size=(80, 60), stop_s=1.0))
        self.size, self.encoding, self.notes = source.size, source.encoding, []
        self._frames = list(source)[first:]

    def __iter__(self):
        return iter(self._frames)


@pytest.mark.parametrize("tick_us", [7, 1000, 90_000])
def test_of_a_real_clip_it_is_the_same_events_at_ticks(tick_us):
    """Also where a tick is longer than several frames, and events come after the last."""
    camera = choose_camera("davis346", overrides={"timestamp_resolution_us": tick_us})
    packets = list(simulate_source(Frames(), camera))
    out = Events.concatenate([p.events for p in packets], (80, 60))
    plain = eventsim.simulate(Frames(), sensor="davis346")
    t = -(-plain.t // tick_us) * tick_us
    order = np.lexsort((plain.x, plain.y, t))
    expected = (t[order], plain.x[order], plain.y[order], plain.p[order], plain.kind[order])
    assert len(out) > 10_000
    for column, name in zip(expected, ("t", "x", "y", "p", "kind"), strict=True):
        assert np.array_equal(column, getattr(out, name))
    for p in packets:
        assert p.frame_stop.tolist() == np.searchsorted(p.events.t, p.frame_t_us, "right").tolist()


def test_a_run_that_resumes_has_what_was_held_back():
    camera = choose_camera("davis346", overrides={"timestamp_resolution_us": 90_000})
    items = list(simulate_with_snapshots(Frames(), camera, seed=5, wanted=lambda: True))
    k = [isinstance(item, Snapshot) for item in items].index(True)
    snapshot = items[k]
    assert 0 < snapshot.frames < 24
    assert len(snapshot.pixels["stage 0 t"]) > 0
    before = [item.events for item in items[:k]]
    rest = simulate_with_snapshots(Frames(snapshot.frames), camera, seed=5, go_on=snapshot)
    found = Events.concatenate([*before, *(item.events for item in rest)], (80, 60))
    whole = [item.events for item in items if isinstance(item, Packet)]
    assert found == Events.concatenate(whole, (80, 60))
