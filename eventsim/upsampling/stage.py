"""Frames between the frames, as a stage that frames go through."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from eventsim.errors import ConfigError
from eventsim.frames import LINEAR, Frame, FrameSource, NewScene, Outline
from eventsim.upsampling.between import ids_between, picture_between
from eventsim.upsampling.motion import Motion, find_motion, known_motion, steps_for
from eventsim.upsampling.pictures import Plane, pictures_to_follow

if TYPE_CHECKING:
    from eventsim.upsampling.model import Network

MOST = 1000
"""Largest number of steps that can be asked for; a slip of a digit is found by it."""
NAMED = 5
"""So many moments are named in a note; chosen by eye."""


@dataclass(frozen=True)
class Upsampling:
    """Puts so many frames between two that nothing moves further than a pixel from one to the next.

    Optical flow is found there and back, or taken from a renderer. Its largest length, D px, gives
    the number of steps, ``ceil(D)``; the frames in between are warped along it, in linear light, or
    made by a network. Where two frames show two scenes, nothing is put in between, and the second
    one is a `eventsim.frames.NewScene`. A `eventsim.frames.FrameStage`.

    Parameters
    ----------
    how : str
        ``flow``, or the path of a network, see `eventsim.upsampling.model.Network`.
    most : int
        Most steps between two frames, 2 to `MOST`.

    Raises
    ------
    ConfigError
        If the limit is out of range, or there is no such way.
    """

    how: str
    most: int

    def __post_init__(self) -> None:
        if self.how != "flow" and not is_model(self.how):
            raise ConfigError(
                f"upsample must be none, flow or the path of a network (.onnx), found {self.how!r}."
            )
        _network(self.how)  # what is wrong with it is said before any work
        if not 2 <= self.most <= MOST:
            raise ConfigError(f"upsample_most must be from 2 to {MOST}, found {self.most}.")

    def outline(self, before: Outline) -> Outline:
        """As before, but for the number of frames, which nobody knows, and for linear light."""
        return replace(before, encoding=LINEAR, expected_frames=None)

    def frames(self, frames: FrameSource, notes: list[str]) -> Iterator[Frame]:
        """Yield the frames, and those in between, in order of time."""
        return self.frames_from(frames, notes, 0)

    def frames_from(self, frames: FrameSource, notes: list[str], first: int) -> Iterator[Frame]:
        """As `frames`, from number `first` on; those before are counted, but not made."""
        account = _Account(notes, self.most)
        network = _network(self.how)
        encoding = frames.encoding
        last: tuple[Frame, Plane] | None = None
        number = 0
        try:
            for frame in frames:
                light = encoding.luminance(frame.values)
                scene: type[Frame] = NewScene if isinstance(frame, NewScene) else Frame
                if last is not None:
                    motion = _motion((last[0], frame), (last[1], light))
                    account.hidden(motion)
                    if motion.is_cut:
                        scene = NewScene
                        account.cut(frame.t_us)
                    else:
                        moments = self._moments(last[0].t_us, frame.t_us, motion, network, account)
                        made = _between((last[1], light), motion, network, moments, first - number)
                        number += len(moments)
                        for between in made:
                            share = (between.t_us - last[0].t_us) / (frame.t_us - last[0].t_us)
                            shown = last[0].ids, frame.ids
                            yield between.knowing(ids=ids_between(shown, motion, share))
                if number >= first:
                    yield scene(frame.t_us, light).knowing(ids=frame.ids)
                number += 1
                last = frame, light
        finally:
            account.say()

    def _moments(
        self,
        start_us: int,
        end_us: int,
        motion: Motion,
        network: "Network | None",
        account: "_Account",
    ) -> list[tuple[int, float]]:
        """Times between two frames, microseconds, and which share of the way each of them is."""
        length_us = end_us - start_us
        most = min(self.most, length_us)
        steps = steps_for(motion.largest_px, most)
        if network is not None:
            steps = network.steps_for(steps, most)
        account.add(steps, motion.largest_px, start_us)
        times = [round(length_us * k / steps) for k in range(1, steps)]
        return [(start_us + t, t / length_us) for t in times]


def is_model(how: str) -> bool:
    """Whether it names a network, and not a method."""
    return how.lower().endswith(".onnx")


def _network(how: str) -> "Network | None":
    """The network of a path; None if it is none."""
    if not is_model(how):
        return None
    try:
        changed_ns = Path(how).stat().st_mtime_ns
    except OSError as error:
        raise ConfigError(f"there is no network at {how}. Check the path.") from error
    return _loaded(how, changed_ns, os.getpid())


@lru_cache(maxsize=1)
def _loaded(path: str, changed_ns: int, process: int) -> "Network":
    """A network, loaded once in a process: a forked one must not use threads of its parent."""
    try:
        from eventsim.upsampling.model import Network
    except ImportError as error:
        raise ConfigError(
            "a network needs onnxruntime: pip install 'eventsim-dvs[onnx]'"
        ) from error
    return Network(path)


def _between(
    light: tuple[Plane, Plane],
    motion: Motion,
    network: "Network | None",
    moments: list[tuple[int, float]],
    skipped: int,
) -> Iterator[Frame]:
    """Frames at some moments between two, without the first ones."""
    skipped = max(0, skipped)
    if network is None:
        for t_us, share in moments[skipped:]:
            yield Frame(t_us, picture_between(*light, motion, share))
        return
    pictures = network.between(*light, [share for _, share in moments])  # which halves its way
    for k, ((t_us, _), picture) in enumerate(zip(moments, pictures, strict=True)):
        if k >= skipped:
            yield Frame(t_us, picture)


def _motion(frames: tuple[Frame, Frame], light: tuple[Plane, Plane]) -> Motion:
    """Motion between two frames: what a renderer says of it, or optical flow."""
    first, second = (frame.vectors for frame in frames)
    forth = None if first is None else first.forth
    back = None if second is None else second.back
    if forth is not None or back is not None:
        depths = tuple(None if known is None else known.depth for known in (first, second))
        return known_motion(forth, back, (depths[0], depths[1]))
    return find_motion(*pictures_to_follow((frames[0].values, frames[1].values), light))


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
    rendered: int = 0
    hidden_share: float = 0.0
    most_hidden: float = 0.0

    def cut(self, t_us: int) -> None:
        """A new scene begins."""
        self.cuts_us.append(t_us)

    def add(self, steps: int, largest_px: float, start_us: int) -> None:
        """Two frames were taken apart into some steps."""
        self.pairs += 1
        self.steps += steps
        self.most = max(self.most, steps)
        if largest_px > steps:
            self.fast_us.append(start_us)
            self.fastest_px = max(self.fastest_px, largest_px / steps)

    def hidden(self, motion: Motion) -> None:
        """Two frames, of whose pixels a renderer said which the other one does not show."""
        if motion.is_known:
            self.rendered += 1
            share = 1 - motion.share_that_holds
            self.hidden_share += share
            self.most_hidden = max(self.most_hidden, share)

    def say(self) -> None:
        """Write it all down."""
        if self.pairs:
            self.notes.append(
                f"between frames {self.steps - self.pairs} were made: "
                f"{self.steps / self.pairs:.3g} steps for one on the average, {self.most} at most"
            )
        if self.rendered:
            self.notes.append(
                f"motion is that of the renderer; {self.hidden_share / self.rendered:.2%} of the "
                f"pixels are hidden in the other frame on the average, {self.most_hidden:.2%} at "
                "most"
            )
        if self.cuts_us:
            self.notes.append(
                f"{len(self.cuts_us)} new scenes began, {_listed(self.cuts_us)}: the cuts made no "
                "events"
            )
        if self.fast_us:
            self.notes.append(
                f"in {len(self.fast_us)} intervals, {_listed(self.fast_us)}, something moves up "
                f"to {self.fastest_px:.3g} px a step, since upsample_most is {self.limit}: its "
                "events may be wrong"
            )


def _listed(times_us: list[int]) -> str:
    """Some moments in words."""
    named = ", ".join(f"{t / 1e6:g}" for t in times_us[:NAMED])
    more = ", ..." if len(times_us) > NAMED else ""
    return f"at {named}{more} s"
