"""A source of frames, seen through the stages that its frames go through."""

from collections.abc import Iterable, Iterator
from itertools import islice

from eventsim.events import SensorSize
from eventsim.frames import Encoding, Frame, FrameSource, FrameStage, Outline


def staged(source: FrameSource, stages: Iterable[FrameStage]) -> FrameSource:
    """The source as it is behind some stages; the source itself if there are none."""
    for stage in stages:
        source = Staged(source, stage)
    return source


class Staged:
    """A source behind one stage; a `eventsim.frames.FrameSource`.

    Parameters
    ----------
    source : FrameSource
    stage : FrameStage
    """

    def __init__(self, source: FrameSource, stage: FrameStage) -> None:
        self._source, self._stage = source, stage
        self._said: list[str] = []

    @property
    def _outline(self) -> Outline:
        source = self._source
        if isinstance(source, Staged):  # each property would ask all of those before it
            return self._stage.outline(source._outline)
        before = Outline(
            source.size,
            source.encoding,
            source.expected_frames,
            getattr(source, "first_us", 0),
            getattr(source, "duration_us", None),
            getattr(source, "run_in_us", 0),
            getattr(source, "rows_us", 0.0),
            getattr(source, "illuminance_lux", 0.0),
        )
        return self._stage.outline(before)

    @property
    def size(self) -> SensorSize:
        """Width and height of the frames, px."""
        return self._outline.size

    @property
    def encoding(self) -> Encoding:
        """What the numbers of the frames mean."""
        return self._outline.encoding

    @property
    def expected_frames(self) -> int | None:
        """Number of frames as far as it is known beforehand."""
        return self._outline.expected_frames

    @property
    def read_frames(self) -> int | None:
        """Number of frames before all stages, as far as it is known beforehand."""
        source = self._source
        if isinstance(source, Staged):
            return source.read_frames
        return source.expected_frames

    @property
    def first_us(self) -> int:
        """Time of the first frame as far as it is known beforehand, microseconds."""
        return self._outline.first_us

    @property
    def duration_us(self) -> int | None:
        """Duration as far as it is known beforehand, microseconds."""
        return self._outline.duration_us

    @property
    def run_in_us(self) -> int:
        """How long after the first frame the recording begins, microseconds."""
        return self._outline.run_in_us

    @property
    def rows_us(self) -> float:
        """By how much the last row was taken later than the first, microseconds."""
        return self._outline.rows_us

    @property
    def illuminance_lux(self) -> float:
        """Of the scene, as far as it is known; else 0."""
        return self._outline.illuminance_lux

    @property
    def notes(self) -> list[str]:
        """What was skipped, cut or converted so far, one sentence each."""
        return [*self._source.notes, *self._said]

    @property
    def lost_frames(self) -> int:
        """Frames that should have been there and could not be used so far."""
        return self._source.lost_frames

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames in order of time."""
        return self.frames_from(0)

    def frames_from(self, first: int) -> Iterator[Frame]:
        """Yield the frames from a number on, in order of time.

        Those before are not made by a stage that has a `frames_from` of its own.
        """
        # A pass that was given up may end after a new one has begun: that one's notes count.
        said = self._said = []
        later = getattr(self._stage, "frames_from", None)
        if first and later is not None:
            frames: Iterator[Frame] = later(self._source, said, first)
            return frames
        return islice(self._stage.frames(self._source, said), first, None)
