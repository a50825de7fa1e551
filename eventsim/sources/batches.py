"""Frames in batches: as many at once as let expect a packet of a good size."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eventsim.frames import Frame, FrameSource, NewScene

BATCH_EVENTS = 200_000
"""Events aimed at per packet: 3 MB, so that its columns are reused instead of fresh memory."""
BATCH_BYTES = 16 << 20
"""Most bytes of frames held for one batch."""
BATCH_FRAMES = 8
"""Most frames of a batch. More is hardly faster, and a burst of motion after a quiet stretch
would need fresh memory for all of it at once."""
BATCH_PIXELS, LONG_BATCH_FRAMES = 1 << 18, 256
"""A source that knows its length is in nobody's hurry: its batches may have more small frames, up
to so many pixels and frames. A push costs about 120 us however small they are (at 34x34)."""


class Batch(NamedTuple):
    """Some frames that are seen together.

    Attributes
    ----------
    t_us : (F,) ndarray of int64
        Microseconds.
    frames : (F, H, W) ndarray
    new_scene : bool
        Whether the first of them is a `eventsim.frames.NewScene`; no other one is.
    ids : (F, H, W) ndarray of uint16 or None
        Which object each pixel shows.
    """

    t_us: NDArray[np.int64]
    frames: NDArray[np.generic]
    new_scene: bool
    ids: NDArray[np.uint16] | None = None

    @classmethod
    def of(cls, frames: Sequence[Frame]) -> "Batch":
        """Some frames as one batch."""
        ids = [frame.ids for frame in frames if frame.ids is not None]
        return cls(
            np.array([frame.t_us for frame in frames], np.int64),
            np.stack([frame.values for frame in frames]),
            isinstance(frames[0], NewScene),
            np.stack(ids) if len(ids) == len(frames) else None,
        )


def batches(source: FrameSource, made: list[int]) -> Iterator[Batch]:
    """Batches of the frames of a source.

    Parameters
    ----------
    source : FrameSource
    made : list of one int
        Events of the batch before, which the caller fills in.
    """
    frame_bytes = max(1, source.size.width * source.size.height)
    most = max(1, min(BATCH_FRAMES, BATCH_BYTES // frame_bytes))
    wanted = min(4, most)
    if source.expected_frames is not None:
        most = max(most, min(LONG_BATCH_FRAMES, BATCH_PIXELS // frame_bytes))
        wanted = max(wanted, most // 2)
    frames: list[Frame] = []
    for given in source:
        frame = given if isinstance(given, Frame) else Frame(*given)
        if isinstance(frame, NewScene) and frames:
            yield Batch.of(frames)
            frames = []
        frames.append(frame)
        if len(frames) >= wanted:
            yield Batch.of(frames)
            per_frame = max(1, made[0] // len(frames))
            frames = []
            # Not much longer at once: after a quiet moment a busy one would fill a long batch.
            wanted = max(1, min(most, BATCH_EVENTS // per_frame, 2 * wanted))
    if frames:
        yield Batch.of(frames)
