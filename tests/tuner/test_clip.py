"""Frames that are kept are those of the source, and can be seen again and again."""

import numpy as np
import pytest

from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, SourceError
from eventsim.sources.opening import open_source
from eventsim.sources.reading import Reading
from eventsim.tuner import clip as module
from eventsim.tuner.clip import keep_clip

READING = Reading(size="source", fps=50)


def test_it_keeps_what_the_source_gives(folder):
    camera = choose_camera("ideal")
    kept = keep_clip(folder, READING, camera)
    source = open_source(folder, READING.seen_by(camera.size, camera.transfer))
    for _ in range(2):
        for ours, theirs in zip(kept, source, strict=True):
            assert ours.t_us == theirs.t_us
            assert np.array_equal(ours.values, theirs.values)
    assert (kept.size, kept.encoding, kept.expected_frames) == ((12, 8), source.encoding, 10)
    assert kept.span_us == (0, 180_000)
    assert kept.whole


def test_a_part_and_slow_motion(folder):
    reading = Reading(size="source", fps=50, start_s=0.1, slow_motion=10)
    kept = keep_clip(folder, reading, choose_camera("ideal"))
    assert kept.expected_frames == 5
    assert np.diff([frame.t_us for frame in kept]).tolist() == [2000] * 4


def test_what_does_not_fit_is_left_out_and_said(folder, monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 12 * 8 * 4)
    kept = keep_clip(folder, READING, choose_camera("ideal"))
    assert kept.expected_frames == 4
    assert not kept.whole


def test_one_frame_is_not_enough(folder):
    with pytest.raises(ConfigError, match="has 1 frames in this part, and two are needed"):
        keep_clip(folder, Reading(size="source", fps=50, stop_s=0.01), choose_camera("ideal"))
    with pytest.raises(SourceError, match="does not exist"):
        keep_clip("missing.mp4", READING, choose_camera("ideal"))
