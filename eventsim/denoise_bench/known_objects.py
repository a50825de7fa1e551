"""Labels of recordings with frames: events near an edge that moves are real.

A known object [1]_ is one whose edges are known at every moment. Where a camera gives frames beside
its events, or the events are simulated from them, the frames are the object: an event is real if
its pixel, or one next to it, saw an edge, and grew brighter (ON) or darker (OFF) as the event says.

References
----------
.. [1] Y. Alkendi et al., "Neuromorphic camera denoising using graph neural network-driven
   transformers", IEEE Trans. Neural Networks and Learning Systems 35(3), 2024: KoGTL, for a printed
   scene before a robot.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.events import Events
from eventsim.frames import FrameSource

WINDOW_US = 40_000
"""An event is held against the frames of so long before and after it; that of a frame at 25 a
second, so that a slow edge has moved."""
CONTRAST_LOG = 0.1
"""Rise or fall, and step across an edge, that count; half a usual contrast threshold."""
_VEIL_DN = 2.55
"""Added before the logarithm, 1 % of white: stray light, and the rounding of dark pixels."""

Log = NDArray[np.float32]


class KnownLabels(NamedTuple):
    """What frames say of events.

    Attributes
    ----------
    is_signal : (N,) ndarray of bool
    is_judged : (N,) ndarray of bool
        Whether there were frames before and after the event.
    """

    is_signal: NDArray[np.bool_]
    is_judged: NDArray[np.bool_]


def label_by_frames(
    events: Events, source: FrameSource, *, reach_px: int = 1, contrast_log: float = CONTRAST_LOG
) -> KnownLabels:
    """Label events by the frames that were seen beside them.

    Parameters
    ----------
    events : Events
    source : FrameSource
        Of the same size and clock. Frames that lie so close that an edge moves a pixel from one to
        the next (`upsample` of `eventsim.sources.reading.Reading`) miss nothing in between.
    reach_px : int
        How far an edge may lie away.
    contrast_log : float
        See `CONTRAST_LOG`.

    Raises
    ------
    SourceError
        If the frames have another size, or there are fewer than two.
    """
    if source.size != events.size:
        raise SourceError(
            f"frames must be of the events' size, expected {events.size}, found {source.size}."
        )
    is_signal = np.zeros(len(events), np.bool_)
    is_judged = np.zeros(len(events), np.bool_)
    for start_us, stop_us, frames in _windows(source):
        first, last = np.searchsorted(events.t, [start_us, stop_us])
        if first == last:
            continue
        on, off = _moved(frames, reach_px, contrast_log)
        y, x, p = events.y[first:last], events.x[first:last], events.p[first:last]
        is_signal[first:last] = np.where(p, on[y, x], off[y, x])
        is_judged[first:last] = True
    return KnownLabels(is_signal, is_judged)


def _windows(source: FrameSource) -> Iterator[tuple[int, int, list[Log]]]:
    """Times that are judged together, and the frames from `WINDOW_US` before to as much after."""
    seen: list[tuple[int, Log]] = []
    start_us: int | None = None
    for frame in source:
        values = source.encoding.luminance(np.asarray(frame.values))
        seen.append((frame.t_us, np.log(values + np.float32(_VEIL_DN)).astype(np.float32)))
        if start_us is None:
            start_us = frame.t_us
        if frame.t_us >= start_us + 2 * WINDOW_US:
            stop_us = max(start_us + 1, frame.t_us - WINDOW_US)
            yield start_us, stop_us, [log for _, log in seen]
            start_us = stop_us
            seen = _since(seen, stop_us - WINDOW_US)
    if start_us is None or len(seen) < 2:
        raise SourceError("labels need two frames or more.")
    yield start_us, seen[-1][0] + 1, [log for _, log in seen]


def _since(seen: list[tuple[int, Log]], t_us: int) -> list[tuple[int, Log]]:
    """Frames from a moment on, and the last one before it."""
    before = [k for k, (at_us, _) in enumerate(seen) if at_us <= t_us]
    return seen[before[-1] :] if before else seen


def _moved(
    frames: list[Log], reach_px: int, contrast_log: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where an edge was near that made a pixel brighter, and darker."""
    lowest, highest = frames[0].copy(), frames[0].copy()
    rise, fall = np.zeros_like(lowest), np.zeros_like(lowest)
    edge = np.zeros_like(lowest)
    for log in frames:
        np.minimum(lowest, log, out=lowest)
        np.maximum(highest, log, out=highest)
        np.maximum(rise, log - lowest, out=rise)
        np.maximum(fall, highest - log, out=fall)
        np.maximum(edge, _steps(log), out=edge)
    near = _widened(edge > contrast_log, reach_px)
    return (near & _widened(rise > contrast_log, reach_px),
            near & _widened(fall > contrast_log, reach_px))  # fmt: skip


def _steps(log: Log) -> Log:
    """Largest step from each pixel to one of its four neighbors."""
    steps = np.zeros_like(log)
    across, down = np.abs(np.diff(log, axis=1)), np.abs(np.diff(log, axis=0))
    for part, step in ((steps[:, 1:], across), (steps[:, :-1], across), (steps[1:], down),
                       (steps[:-1], down)):  # fmt: skip
        np.maximum(part, step, out=part)
    return steps


def _widened(mask: NDArray[np.bool_], reach_px: int) -> NDArray[np.bool_]:
    """The mask with all pixels within a reach of it, columns and rows each."""
    for _ in range(reach_px):
        wide = mask.copy()
        wide[:, 1:] |= mask[:, :-1]
        wide[:, :-1] |= mask[:, 1:]
        tall = wide.copy()
        tall[1:] |= wide[:-1]
        tall[:-1] |= wide[1:]
        mask = tall
    return mask
