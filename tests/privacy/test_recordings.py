"""Clips of a dataset."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events, Packet
from eventsim.privacy.recordings import CLIP_US, clips_of, coarser
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.writer import PartWriter


def write(path, rows, *, size=(80, 60), seconds=2.0):
    create_dataset(path, {"version": "0", "settings": {}, "inputs": {}}, parts=1)
    writer = PartWriter(path, 0)
    for k, (group, label, split) in enumerate(rows):
        rng = np.random.default_rng(k)
        n, end = 5000, int(seconds * 1e6)
        t = np.sort(rng.integers(1000, end + 1000, n))
        x, y = rng.integers(20, 40, n), rng.integers(10, 50, n)
        events = Events.of(t, x, y, rng.random(n) < 0.5, size=size)
        writer.begin_recording(size=size, source="", seed=k, label=label, split=split, group=group)
        frames = np.array([1000, 1000 + end])
        writer.write(Packet(events, frames, np.searchsorted(t, frames, side="right")))
        writer.end_recording()
    writer.commit()
    finish(path)
    return path


ROWS = [(g, label, s) for g in "ab" for label in ("left", "right") for s in ("train", "test")]


def test_a_recording_gives_clips_of_one_length(tmp_path):
    clips = clips_of(write(tmp_path / "d.zarr", ROWS))
    assert len(clips) == 8 * 4
    assert {clip.person for clip in clips} == {clip.task for clip in clips} == {0, 1}
    assert sum(clip.is_test for clip in clips) == 16
    clip = clips[0]
    assert clip.duration_us == CLIP_US
    assert 0 <= clip.events.t[0] < clip.events.t[-1] <= CLIP_US
    assert clip.events.size == (40, 30)
    x0, y0, x1, y1 = clip.box
    assert (x0, y0, x1, y1) == (10, 5, 20, 25)
    assert clip.truth.shape == (30, 40)
    assert 0 <= clip.truth.min() < clip.truth.max() <= 1
    assert (clip.attribute, clip.sensor) == (-1, 0)


def test_one_that_is_short_is_one_clip(tmp_path):
    clips = clips_of(write(tmp_path / "d.zarr", ROWS, seconds=0.1))
    assert len(clips) == 8
    assert clips[0].events.t[-1] > 0.9 * CLIP_US


def test_large_sensors_are_made_coarser():
    events = Events.of([1, 2], [639, 0], [479, 3], [1, 0], size=(640, 480))
    small = coarser(events)
    assert (small.size, small.x.tolist(), small.y.tolist()) == ((64, 48), [63, 0], [47, 0])
    assert coarser(small) is small


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("a", "l", "train"), ("a", "r", "test")], "two groups"),
        ([("a", "l", "train"), ("b", "l", "test")], "two labels"),
        ([("a", "l", "train"), ("b", "r", "train")], "in split test"),
        ([("a", "l", "train"), ("b", "r", "test")], "the same people in split test"),
    ],
)
def test_datasets_that_say_too_little(tmp_path, rows, said):
    with pytest.raises(ConfigError, match=said):
        clips_of(write(tmp_path / "d.zarr", rows))
