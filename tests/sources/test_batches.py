"""Batches are whole, in order, short where frames come one by one, and follow what they made."""

import numpy as np
import pytest

from eventsim import Encoding, Frame, SensorSize
from eventsim.frames import NewScene
from eventsim.sources.batches import (
    BATCH_BYTES,
    BATCH_EVENTS,
    BATCH_FRAMES,
    LONG_BATCH_FRAMES,
    batches,
)


class Frames:
    """So many frames, whose number is known or not."""

    encoding, notes, lost_frames = Encoding(), (), 0

    def __init__(self, count, size, known):
        self.size, self.expected_frames = SensorSize(*size), count if known else None
        self._count = count

    def __iter__(self):
        shape = self.size.height, self.size.width
        return (Frame(1000 * k, np.full(shape, k % 256, np.uint8)) for k in range(self._count))


def lengths(count, size, known, events_per_frame=0):
    made, found, seen = [0], [], 0
    for t_us, frames, new_scene, ids in batches(Frames(count, size, known), made):
        assert not new_scene
        assert ids is None
        assert t_us.tolist() == [1000 * (seen + k) for k in range(len(t_us))]
        assert frames.shape == (len(t_us), size[1], size[0])
        seen += len(t_us)
        found.append(len(t_us))
        made[0] = events_per_frame * len(t_us)
    assert seen == count
    return found


@pytest.mark.parametrize(("count", "known"), [(0, True), (1, False), (777, True), (100, False)])
def test_every_frame_once_and_none_without(count, known):
    lengths(count, (6, 4), known)


def test_a_source_without_an_end_is_not_kept_waiting():
    assert max(lengths(100, (6, 4), known=False)) == BATCH_FRAMES


def test_many_small_frames_at_once_where_the_end_is_known():
    assert max(lengths(2000, (34, 34), known=True)) > 10 * BATCH_FRAMES
    assert max(lengths(2000, (2, 2), known=True)) == LONG_BATCH_FRAMES


def test_busy_frames_come_one_by_one():
    assert set(lengths(60, (64, 64), False, BATCH_EVENTS)[2:]) == {1}


@pytest.mark.parametrize("cuts", [{0}, {5}, {3, 4, 11}, {29}])
def test_a_new_scene_begins_a_batch(cuts):
    class Scenes(Frames):
        def __iter__(self):
            for k, frame in enumerate(super().__iter__()):
                yield NewScene(*frame) if k in cuts else frame

    found = list(batches(Scenes(30, (6, 4), True), [0]))
    assert np.concatenate([batch.t_us for batch in found]).tolist() == [1000 * k for k in range(30)]
    assert {int(batch.t_us[0]) // 1000 for batch in found if batch.new_scene} == cuts


def test_memory_is_bounded():
    side = 1 << 12
    assert max(lengths(6, (side, side), True)) * side * side <= BATCH_BYTES
