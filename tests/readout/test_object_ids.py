"""Events and the objects of the frames around them."""

import numpy as np

from eventsim.events import Events, Packet, SensorSize
from eventsim.readout.object_ids import ObjectIds

SIZE = SensorSize(4, 3)


def frames(t_us, columns):
    """An object of id 5 in one column at each moment."""
    ids = np.zeros((len(t_us), 3, 4), np.uint16)
    for k, column in enumerate(columns):
        ids[k, :, column] = 5
    return np.array(t_us), ids


def packet(t, x, y):
    events = Events.of(t, x, y, [True] * len(t), size=SIZE)
    return Packet(events, np.array([t[-1]]), np.array([len(t)]))


def test_the_edge_that_comes_and_the_one_that_goes_are_the_objects():
    objects = ObjectIds(SIZE, 0)
    objects.see(*frames([0, 10, 20], [0, 1, 2]))
    found = objects.named(packet([5, 5, 5, 10, 15, 15], [0, 1, 2, 1, 0, 2], [1] * 6))
    assert found.objects.tolist() == [5, 5, 0, 5, 0, 5]
    assert found.events == packet([5, 5, 5, 10, 15, 15], [0, 1, 2, 1, 0, 2], [1] * 6).events


def test_frames_that_are_over_are_forgotten_and_saved_ones_come_back():
    whole, first = ObjectIds(SIZE, 0), ObjectIds(SIZE, 0)
    rng = np.random.default_rng(1)
    t_us = np.arange(40) * 10
    columns = rng.integers(0, 4, 40)
    whole.see(*frames(t_us, columns))
    t = np.sort(rng.integers(1, 390, 200))
    x, y = rng.integers(0, 4, 200), rng.integers(0, 3, 200)
    expected = whole.named(packet(t, x, y)).objects
    found = []
    for k in range(0, 200, 20):
        a = 0 if k == 0 else int(np.searchsorted(t_us, t[k - 1]) + 1)
        b = int(np.searchsorted(t_us, t[k + 19]) + 1)
        first.see(*frames(t_us[a:b], columns[a:b]))
        found += first.named(packet(t[k : k + 20], x[k : k + 20], y[k : k + 20])).objects.tolist()
        assert len(first.save()["t"]) < 12
        saved, first = first.save(), ObjectIds(SIZE, 0)
        first.restore(saved)
    assert found == expected.tolist()


def test_rows_that_come_late_are_asked_for_when_they_were():
    objects = ObjectIds(SIZE, 20)  # 10 us a row
    objects.see(*frames([0, 10, 20, 30], [0, 1, 2, 3]))
    found = objects.named(packet([5, 25], [0, 0], [0, 2]))
    assert found.objects.tolist() == [5, 5]


def test_without_labels_there_are_none():
    assert ObjectIds(SIZE, 0).named(packet([5], [0], [0])).objects is None
