"""Rows that come later; the promises of all stages are in test_contract.py."""

import numpy as np

from eventsim.events import Events, Packet, SensorSize
from eventsim.readout.row_delay import RowDelay

SIZE = SensorSize(3, 5)


def packet(t, y, frames):
    n = len(t)
    events = Events.of(t, [0] * n, y, [True] * n, size=SIZE)
    frames = np.array(frames, np.int64)
    return Packet(events, frames, np.searchsorted(events.t, frames, side="right"))


def test_what_may_be_overtaken_is_held_back():
    stage = RowDelay(SIZE, 400)  # 100 us a row
    out = stage.push(packet([10, 20], [4, 0], [50]))
    assert (out.events.t.tolist(), out.events.y.tolist()) == ([20], [0])
    assert (out.frame_t_us.tolist(), out.frame_stop.tolist()) == ([50], [1])
    out = stage.push(packet([310, 350], [1, 0], [410]))
    assert (out.events.t.tolist(), out.events.y.tolist()) == ([350, 410, 410], [0, 1, 4])
    assert not len(stage.end().events)


def test_packets_without_anything_pass():
    stage = RowDelay(SIZE, 400)
    assert not len(stage.push(packet([], [], [])).events)
    assert stage.push(packet([], [], [7])).frame_t_us.tolist() == [7]


def test_one_row_is_not_late():
    stage = RowDelay(SensorSize(3, 1), 400)
    events = Events.of([5], [0], [0], [True], size=(3, 1))
    assert stage.push(Packet(events, np.array([9]), np.array([1]))).events.t.tolist() == [5]
