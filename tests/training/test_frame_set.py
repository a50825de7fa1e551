"""Event frames in memory are those of the recordings."""

import numpy as np
import pytest
import torch

from eventsim.errors import ConfigError
from eventsim.events import Events, Packet
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.reader import open_dataset
from eventsim.store.writer import PartWriter
from eventsim.training.frame_set import read_frame_set


def make(path, rows, first_us=100):
    """Recordings of (label, size, number of events in one pixel, 10 us apart)."""
    create_dataset(path, {"version": "0", "method": "recorded", "sensor": "", "settings": {},
                          "inputs": {"count": len(rows)}}, parts=1)  # fmt: skip
    writer = PartWriter(path, 0)
    for k, (label, size, count) in enumerate(rows):
        t = first_us + 10 * np.arange(count)
        x = np.full(count, k % 2)
        events = Events.of(t, x, np.zeros(count, int), np.ones(count, bool), size=size)
        writer.begin_recording(size=size, source="s", seed=0, sample=3 * k, label=label)
        frames = np.array([first_us, first_us + 10_000])
        writer.write(Packet(events, frames, np.searchsorted(t, frames, side="right")))
        writer.end_recording()
    writer.commit()
    finish(path)
    return open_dataset(path)


def test_frames_labels_and_samples(tmp_path):
    rows = [("b", (2, 1), 10), ("a", (2, 1), 300), ("b", (2, 1), 0), ("c", (2, 1), 4)]
    dataset = make(tmp_path / "d.zarr", rows)
    found = read_frame_set(dataset, bins=2, duration_us=80)
    assert found.classes == ("a", "b", "c")
    assert found.labels.tolist() == [1, 0, 1, 2]
    assert found.samples.tolist() == [0, 3, 6, 9]
    # Ten events, 0 to 90 us after the first frame: four in each half of 80 us.
    assert found.frames[:, :, 1, 0].tolist() == [
        [[4, 0], [4, 0]], [[0, 4], [0, 4]], [[0, 0], [0, 0]], [[0, 4], [0, 0]],
    ]  # fmt: skip
    assert found.frames[:, :, 0].sum() == 0
    assert read_frame_set(dataset, bins=1, duration_us=5000).frames[1].max() == 255
    part = read_frame_set(dataset, bins=2, duration_us=80, without=[3, 5], limit=2)
    assert part.samples.tolist() == [0, 6]
    assert part.classes == found.classes
    by_count = read_frame_set(dataset, bins=4, duration_us=None).frames[:, :, 1].sum((2, 3))
    assert by_count.tolist() == [[2, 3, 2, 3], [75, 75, 75, 75], [0, 0, 0, 0], [1, 1, 1, 1]]


def test_some_of_each_class(tmp_path):
    found = read_frame_set(
        make(tmp_path / "d.zarr", [("ab"[k % 3 == 0], (2, 1), k) for k in range(30)]),
        bins=1,
        duration_us=1000,
    )
    few, more = found.some_of_each(2, seed=1), found.some_of_each(5, seed=1)
    assert few.labels.bincount().tolist() == [2, 2]
    assert set(few.samples) < set(more.samples)
    assert set(few.samples) != set(found.some_of_each(2, seed=2).samples)
    assert len(found.some_of_each(100, seed=1)) == 30
    for part in (few, more):  # frames stay with their recordings
        assert torch.equal(part.frames.sum(dim=(1, 2, 3, 4)), torch.tensor(part.samples // 3))


def test_what_cannot_be_trained_on(tmp_path):
    dataset = make(tmp_path / "d.zarr", [("a", (2, 1), 1), ("", (2, 1), 1)])
    with pytest.raises(ConfigError, match="without a label"):
        read_frame_set(dataset, bins=1, duration_us=10)
    with pytest.raises(ConfigError, match="no recording"):
        read_frame_set(dataset, bins=1, duration_us=10, without=[0, 3])
    dataset = make(tmp_path / "e.zarr", [("a", (2, 1), 1), ("a", (3, 1), 1)])
    with pytest.raises(ConfigError, match="one size"):
        read_frame_set(dataset, bins=1, duration_us=10)
