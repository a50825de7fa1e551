"""A recording begins where it is said to, whatever the packets."""

import numpy as np
import pytest

from eventsim.events import Events, Packet
from eventsim.readout.beginning import Beginning

SIZE = (2, 1)


def packet(t, frames):
    t, frames = np.asarray(t, np.int64), np.asarray(frames, np.int64)
    zeros = np.zeros(len(t), np.int64)
    events = Events.of(t, zeros, zeros, np.ones(len(t), bool), size=SIZE)
    return Packet(events, frames, np.searchsorted(t, frames, side="right"))


def run(stage, packets):
    out = [stage.push(p) for p in packets]
    t = np.concatenate([p.events.t for p in out]).tolist()
    frames = np.concatenate([p.frame_t_us for p in out]).tolist()
    for p in out:
        assert p.frame_stop.tolist() == np.searchsorted(p.events.t, p.frame_t_us, "right").tolist()
    assert len(stage.end().events) == 0
    return t, frames


T, FRAMES = [3, 10, 11, 19, 20, 21, 35], [0, 10, 20, 30, 40]


@pytest.mark.parametrize(("run_in_us", "begins"), [(1, 10), (10, 10), (11, 20), (40, 40)])
def test_at_the_first_frame_after_the_run_in(run_in_us, begins):
    later = [t for t in T if t > begins], [f for f in FRAMES if f >= begins]
    assert run(Beginning(SIZE, run_in_us), [packet(T, FRAMES)]) == later
    cut = [packet([], [0]), packet([3], []), packet([10, 11], [10]), packet([19, 20], [20]),
           packet([21], []), packet([35], [30, 40])]  # fmt: skip
    assert run(Beginning(SIZE, run_in_us), cut) == later


def test_all_of_it_is_run_in():
    assert run(Beginning(SIZE, 41), [packet(T, FRAMES)]) == ([], [])


def test_times_count_from_the_first_frame():
    moved = packet([t - 500 for t in T], [f - 500 for f in FRAMES])
    assert run(Beginning(SIZE, 15), [moved]) == ([-479, -465], [-480, -470, -460])


@pytest.mark.parametrize("after", [1, 2, 3])
def test_it_is_saved_and_restored(after):
    pieces = [packet([3], [0]), packet([10, 11], [10]), packet([19, 20], [20]), packet([35], [40])]
    first, second = Beginning(SIZE, 15), Beginning(SIZE, 15)
    for piece in pieces[:after]:
        first.push(piece)
    second.restore(first.save())
    assert run(second, pieces[after:]) == run(first, pieces[after:])
