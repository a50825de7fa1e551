"""Frames between the frames, as a stage that frames go through."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.frames import Encoding, Frame, FrameSource, NewScene, Outline
from eventsim.upsampling.between import picture_between
from eventsim.upsampling.motion import Motion, find_motion, steps_for
from eventsim.upsampling.pictures import Plane, luminance_of, pictures_to_follow

MOST = 1000
"""Largest number of steps that can be asked for; a slip of a digit is found by it."""
NAMED = 5
"""So many moments are named in a note; chosen by eye."""
LINEAR = Encoding("linear")


@dataclass(frozen=True)
class Upsampling:
    """Puts so many frames between two that nothing moves further than a pixel from one to the next.

    Optical flow is found there and back. Its largest length, D px, gives the number of steps,
    ``ceil(D)``; the frames in between are warped along it, in linear light. Where two frames show
    two scenes, nothing is put in between, and the second one is a `eventsim.frames.NewScene`.
    A `eventsim.frames.FrameStage`.

    Parameters
    ----------
    most : int
        Most steps between two frames, 2 to `MOST`.

    Raises
    ------
    ConfigError
        If it is out of range.
    """

    most: int

    def __post_init__(self) -> None:
        if not 2 <= self.most <= MOST:
            raise ConfigError(f"upsample_most must be from 2 to {MOST}, found {self.most}.")

    def outline(self, before: Outline) -> Outline:
        """As before, but for the number of frames, which nobody knows, and for linear light."""
        return replace(before, encoding=LINEAR, expected_frames=None)

    def frames(self, frames: FrameSource, notes: list[str]) -> Iterator[Frame]:
        """Yield the frames, and those in between, in order of time."""
        account = _Account(notes, self.most)
        encoding = frames.encoding
        last: tuple[Frame, Plane] | None = None
        try:
            for frame in frames:
                light = luminance_of(frame.values, encoding)
                scene: type[Frame] = type(frame)
                if last is not None:
                    motion = _motion((last[0].values, frame.values), (last[1], light))
                    if motion.is_cut:
                        scene = NewScene
                        account.cut(frame.t_us)
                    else:
                        yield from self._between(
                            last[0].t_us, last[1], frame.t_us, light, motion, account
                        )
                yield scene(frame.t_us, light)
                last = frame, light
        finally:
            account.say()

    def _between(
        self,
        start_us: int,
        before: Plane,
        end_us: int,
        after: Plane,
        motion: Motion,
        account: "_Account",
    ) -> Iterator[Frame]:
        """Frames between two, without them."""
        length_us = end_us - start_us
        steps = steps_for(motion.largest_px, min(self.most, length_us))
        account.add(steps, motion.largest_px, start_us)
        for k in range(1, steps):
            at_us = start_us + round(length_us * k / steps)
            yield Frame(
                at_us, picture_between(before, after, motion, (at_us - start_us) / length_us)
            )


def _motion(
    values: tuple[NDArray[np.generic], NDArray[np.generic]], light: tuple[Plane, Plane]
) -> Motion:
    return find_motion(*pictures_to_follow(values, light))


@dataclass
class _Account:
    """What is to be said of a pass."""

    notes: list[str]
    limit: int
    pairs: int = 0
    steps: int = 0
    most: int = 0
    cuts_us: list[int] = field(default_factory=list)
    fast_us: list[int] = field(default_factory=list)
    fastest_px: float = 0.0

    def cut(self, t_us: int) -> None:
        """A new scene begins."""
        self.cuts_us.append(t_us)

    def add(self, steps: int, largest_px: float, start_us: int) -> None:
        """Two frames were taken apart into some steps."""
        self.pairs, self.steps, self.most = (
            self.pairs + 1,
            self.steps + steps,
            max(self.most, steps),
        )
        if largest_px > steps:
            self.fast_us.append(start_us)
            self.fastest_px = max(self.fastest_px, largest_px / steps)

    def say(self) -> None:
        """Write it all down."""
        if self.pairs:
            self.notes.append(
                f"between frames {self.steps - self.pairs} were made by optical flow: "
                f"{self.steps / self.pairs:.3g} steps for one on the average, {self.most} at most"
            )
        if self.cuts_us:
            self.notes.append(
                f"{len(self.cuts_us)} new scenes began, {_moments(self.cuts_us)}: the cuts made no "
                "events"
            )
        if self.fast_us:
            self.notes.append(
                f"in {len(self.fast_us)} intervals, {_moments(self.fast_us)}, something moves up "
                f"to {self.fastest_px:.3g} px a step, since upsample_most is {self.limit}: its "
                "events may be wrong"
            )


def _moments(times_us: list[int]) -> str:
    """Some moments in words."""
    named = ", ".join(f"{t / 1e6:g}" for t in times_us[:NAMED])
    more = ", ..." if len(times_us) > NAMED else ""
    return f"at {named}{more} s"
