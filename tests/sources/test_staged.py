"""A source behind stages: what is known of it follows them, and what it noted stays."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from eventsim.events import SensorSize
from eventsim.frames import Encoding, Frame, FrameSource, Outline
from eventsim.sources.arrays import ArraySource
from eventsim.sources.slow_motion import SlowMotion
from eventsim.sources.staged import staged

FRAMES = np.arange(4, dtype=np.uint8)[:, None, None] * np.full((3, 4), 40, np.uint8)


@dataclass(frozen=True)
class Halved:
    """Every second frame and column."""

    def outline(self, before: Outline) -> Outline:
        size = SensorSize(before.size.width // 2, before.size.height)
        return replace(before, size=size, encoding=Encoding("linear"), expected_frames=2)

    def frames(self, frames: FrameSource, notes: list[str]) -> Iterator[Frame]:
        notes.append("halved")
        for k, (t_us, values) in enumerate(frames):
            if k % 2 == 0:
                yield Frame(t_us, values[:, ::2])


def test_no_stage_is_the_source_itself() -> None:
    source = ArraySource(FRAMES, range(4))
    assert staged(source, ()) is source


def test_stages_in_order() -> None:
    source = ArraySource(FRAMES, [0, 100, 200, 300])
    source.first_us, source.duration_us = 0, 400
    behind = staged(source, (Halved(), SlowMotion(2)))
    assert (behind.size, behind.encoding.transfer, behind.expected_frames) == ((2, 3), "linear", 2)
    assert (behind.first_us, behind.duration_us) == (0, 200)
    for _ in range(2):  # each pass starts from the first frame
        seen = list(behind)
        assert behind.notes == [*source.notes, "halved"]
        assert [(f.t_us, f.values.shape) for f in seen] == [(0, (3, 2)), (100, (3, 2))]


def test_what_the_source_notes_is_seen_behind_it() -> None:
    source = ArraySource(FRAMES, range(4))
    behind = staged(source, (SlowMotion(0.5),))
    source.notes.append("something")
    assert behind.notes == source.notes
    assert behind.lost_frames == 0
