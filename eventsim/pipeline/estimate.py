"""How many events a plan will make: about a second of some of its inputs is simulated first.

Events per pixel and frame differ a hundredfold from one clip to the other, so a typical number is
of no use; a look at the input itself is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

import numpy as np

from eventsim.motion.from_settings import moved_image
from eventsim.pipeline.image_plan import ImagePlan, SaccadeMethod
from eventsim.pipeline.image_task import open_input
from eventsim.pipeline.inputs import Input, PlannedRecording
from eventsim.pipeline.video_plan import VideoPlan
from eventsim.pixel.array import PixelArray
from eventsim.random import recording_seed
from eventsim.simulator import simulate_source
from eventsim.sources.pace import pace_note

INPUTS = 5
"""Inputs that are looked at, evenly spread; chosen by eye, as all of these."""
PIECES, PIECE_S = 3, 1 / 3
"""Of each input, evenly spread: a clip may begin in the dark."""
LEAST_INTERVALS = 4
"""Between frames, of a piece."""
PIXEL_FRAMES, PIECE_FRAMES = 4_000_000, 200
"""Most of a piece: some tenths of a second of work."""
IMAGES = 12
"""Still images that are looked at."""

T = TypeVar("T")


@dataclass(frozen=True)
class Estimate:
    """What a plan will make, within a factor of about three.

    Attributes
    ----------
    events : int
        Of all inputs that say how long they are.
    unknown : int
        Inputs that do not.
    events_per_s : float
        Of a second of those.
    warnings : tuple of str
        What to say before the work begins, with the path of the input.
    """

    events: int
    unknown: int = 0
    events_per_s: float = 0.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Seen:
    """Of the pieces of an input: their events and length, how long all is, and what to say."""

    events: int = 0
    piece_s: float = 0.0
    whole_s: float | None = None
    warning: str | None = None

    @property
    def events_per_s(self) -> float:
        """Of the pieces."""
        return self.events / self.piece_s if self.piece_s else 0.0


def estimate_videos(plan: VideoPlan, threads: int | None = None) -> Estimate | None:
    """Estimate the events of videos from pieces of some of them.

    Signal and noise are both counted by the second, since frames may be missing.

    Parameters
    ----------
    plan : VideoPlan
    threads : int, optional
        Of the pixel kernels.

    Returns
    -------
    Estimate or None
        None if not one of the inputs could be looked at.
    """
    readable = [one for one in plan.recordings if not one.is_unreadable]
    chosen = _spread([one for one in readable if one.size is not None], INPUTS)
    looks = [(one, _look(plan, one, threads)) for one in chosen]
    looks = [(one, seen) for one, seen in looks if seen.piece_s]
    if not looks:
        return None
    made = guessed = 0.0
    for one, seen in looks:
        if seen.whole_s is not None and one.frames:
            made += seen.events_per_s * seen.whole_s
            guessed += one.estimated_events
    known = [one for one in readable if one.frames is not None]
    total = sum(one.estimated_events for one in known) * (made / guessed if guessed else 0.0)
    return Estimate(
        round(total),
        len(readable) - len(known),
        float(np.mean([seen.events_per_s for _, seen in looks])),
        tuple(f"{one.input.path}: {seen.warning}" for one, seen in looks if seen.warning),
    )


def estimate_images(plan: ImagePlan, threads: int | None = None) -> Estimate | None:
    """Estimate the events of moved images from some whole recordings.

    Returns
    -------
    Estimate or None
        None if not one of the images could be looked at; planes are not counted.
    """
    method = plan.method
    if not isinstance(method, SaccadeMethod):
        return None
    places = [(some, i) for part in plan.parts for some in part for i in range(len(some))]
    counts = []
    for some, i in _spread(places, IMAGES):
        seed = recording_seed(plan.seed, some.first + i)
        try:
            image = open_input(some.input)[some.start + i]
            source = moved_image(image.values, method.motion, size=plan.size, seed=seed)
            packets = simulate_source(source, method.camera, seed=seed, threads=threads)
            counts.append(sum(len(packet.events) for packet in packets))
        except Exception:  # the run itself will say what is wrong with it
            continue
    return Estimate(round(float(np.mean(counts)) * len(places))) if counts else None


def _look(plan: VideoPlan, recording: PlannedRecording, threads: int | None) -> _Seen:
    """Simulate some pieces of an input; its first frames if these hold none."""
    seen = _Seen()
    try:
        begin_s, end_s = _span(plan, recording.input)
        seen = _Seen(
            whole_s=None if end_s is None else (end_s - begin_s) / plan.reading.slow_motion
        )
        for given in _pieces(recording, begin_s, end_s):
            seen = _add(seen, plan, replace(recording, input=given), threads)
        if not seen.piece_s:
            seen = _add(seen, plan, recording, threads)
    except Exception:  # the run itself will say what is wrong with it
        pass
    return seen


def _add(seen: _Seen, plan: VideoPlan, recording: PlannedRecording, threads: int | None) -> _Seen:
    """Simulate a piece, which is an input with another start and stop."""
    given = recording.input
    source = given.open(plan.reading, plan.camera, recording.seed)
    most = PIXEL_FRAMES // max(1, source.size.width * source.size.height)
    frames = list(islice(source, min(PIECE_FRAMES, max(2, most))))
    if len(frames) < 2:
        return seen
    t_us = np.array([frame.t_us for frame in frames], np.int64)
    settings = given.camera(plan.camera).drawn(recording.seed).settings
    pixels = PixelArray(
        source.size, settings, source.encoding, seed=recording.seed, threads=threads
    )
    packets = pixels.pieces(np.stack([frame.values for frame in frames]), t_us)
    return replace(
        seen,
        events=seen.events + sum(len(packet.events) for packet in packets),
        piece_s=seen.piece_s + float(t_us[-1] - t_us[0]) * 1e-6,
        warning=seen.warning or pace_note(t_us),
    )


def _span(plan: VideoPlan, given: Input) -> tuple[float, float | None]:
    """Beginning and end of an input on the time line of its file, s; None is unknown."""
    file = given.open(replace(plan.reading, slow_motion=1), plan.camera)
    start_s, stop_s = (
        getattr(plan.reading, name) if getattr(given, name) is None else getattr(given, name)
        for name in ("start_s", "stop_s")
    )
    first_s = getattr(file, "first_us", 0) * 1e-6
    duration_us: int | None = getattr(file, "duration_us", None)
    end_s = None if not duration_us else first_s + duration_us * 1e-6
    if stop_s is not None and (end_s is None or stop_s < end_s):
        end_s = stop_s
    return max(first_s, start_s or 0.0), end_s


def _pieces(recording: PlannedRecording, begin_s: float, end_s: float | None) -> Iterator[Input]:
    """Short pieces of an input; all of it if it is short."""
    given = recording.input
    if end_s is None:
        yield replace(given, start_s=begin_s, stop_s=begin_s + PIECES * PIECE_S)
        return
    interval_s = (end_s - begin_s) / max(1, (recording.frames or 1) - 1)
    piece_s = max(PIECE_S, (LEAST_INTERVALS + 0.5) * interval_s)
    if end_s - begin_s <= PIECES * piece_s:
        yield given
        return
    for k in range(PIECES):
        middle_s = begin_s + (end_s - begin_s) * (k + 0.5) / PIECES
        yield replace(given, start_s=middle_s - piece_s / 2, stop_s=middle_s + piece_s / 2)


def _spread(items: Sequence[T], most: int) -> list[T]:
    """Up to so many items, evenly spread."""
    if len(items) <= most:
        return list(items)
    return [items[(2 * k + 1) * len(items) // (2 * most)] for k in range(most)]
