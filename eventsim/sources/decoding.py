"""Pictures of a video in order, with their times, and an account of what was damaged."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from eventsim.errors import SourceError
from eventsim.sources.checks import Window

_CORRUPT = "frame is marked as corrupt"
_MISSING = "packets are missing or torn"
FASTEST_HZ = 1000.0
"""Rates above this are no rates of frames but those of a clock; chosen by eye."""

Opener = Callable[[Path], AbstractContextManager[tuple[Any, Any]]]


@dataclass
class Decoding:
    """Account of one pass through a video, filled by `decode`.

    Attributes
    ----------
    decoded : int
        Sound pictures so far, those outside the window included.
    lost : int
        Pictures in the window that were stored and could not be used.
    untimed : int
        Pictures without a time of their own.
    first_us, last_us, longest_us : int
        Time of the first and last picture and the longest step between two, microseconds.
    reason : str
        FFmpeg's word for the first damage.
    damage_us : int
        About where that was, microseconds.
    finished : bool
        Whether the pass came to the end of the file.
    began : bool
        Whether it began at the first picture of the file.
    """

    decoded: int = 0
    lost: int = 0
    untimed: int = 0
    first_us: int | None = None
    last_us: int | None = None
    longest_us: int = 0
    reason: str = ""
    damage_us: int | None = None
    finished: bool = False
    began: bool = True

    def add(self, t_us: int) -> None:
        """Count one sound picture."""
        self.decoded += 1
        if self.last_us is not None:
            self.longest_us = max(self.longest_us, t_us - self.last_us)
        self.first_us = t_us if self.first_us is None else self.first_us
        self.last_us = t_us

    def damaged(self, reason: str, t_us: int | None) -> None:
        """Remember the first damage."""
        if not self.reason:
            self.reason, self.damage_us = reason, t_us

    def missing(self, header: int | None, duration_us: int | None, rate_hz: float | None) -> int:
        """Pictures that the header promises after the last one, where the file breaks off.

        Parameters
        ----------
        header : int, optional
            Number of pictures by the header.
        duration_us : int, optional
            Length by the header, microseconds.
        rate_hz : float, optional
            Average frame rate, Hz.

        Returns
        -------
        int
            0 where the last picture is near the promised end (two average steps; chosen by
            eye): such a header counts pictures that were meant to be shown twice.
        """
        if not (header and duration_us and rate_hz) or not (self.began and self.finished):
            return 0
        short = header - self.decoded - self.lost
        left_us = duration_us - ((self.last_us or 0) - (self.first_us or 0))
        return max(0, short) if left_us > 2e6 / rate_hz + self.longest_us else 0

    def notes(self, header: int | None) -> list[str]:
        """Say what was damaged or made up.

        Parameters
        ----------
        header : int, optional
            Number of pictures by the header.
        """
        notes = []
        if self.reason and (self.lost or not self.decoded):
            where = "" if self.damage_us is None else f" near {self.damage_us / 1e6:g} s"
            notes.append(
                f"the video is damaged{where} ({self.reason}): {self.lost} frames that are "
                "broken, or build on broken ones, were left out"
            )
        whole = self.began and self.finished and self.last_us is not None
        if header and whole and self.decoded < header:
            notes.append(
                f"the header promises {header} frames, {self.decoded} could be read; the longest "
                f"step between two is {self.longest_us / 1e6:g} s"
            )
        if self.untimed:
            notes.append(
                f"{self.untimed} frames have no time in the file and were put one average frame "
                "interval after the one before"
            )
        return notes


def decode(
    path: Path, opened: Opener, span: Window, account: Decoding
) -> Iterator[tuple[int, Any]]:
    """Yield the sound pictures of a video that lie in a window of time.

    After a damaged picture, all up to the next key frame are left out: they are built on it,
    and their errors would pass for motion. Decoding is done by one thread: with more, what a
    damaged file loses depends on their number, and some of it is lost without a word.

    Parameters
    ----------
    path : Path
    opened : callable
        Gives, as a context manager, (container, stream) of the path, which decodes with one thread.
    span : Window
        Of the file's time line.
    account : Decoding
        Is filled.

    Yields
    ------
    (int, av.VideoFrame)
        Time in microseconds; not checked for order.

    Raises
    ------
    SourceError
        If pictures have no time and the file no frame rate.
    """
    seek_us = span.start_us if span.start_us and span.start_us > 0 else None
    while True:
        vars(account).update(vars(Decoding(began=seek_us is None)))
        try:
            with opened(path) as (container, stream):
                watch = _Watch()
                items = _items(container, stream, seek_us, watch)
                pictures = _sound(items, stream, span, account, watch)
                yield from _inside(pictures, span, account)
            return
        except _SeekedTooFar:
            seek_us = None


class _Watch:
    """Keeps account of packets that the demuxer does not trust, and of what is built on them.

    Attributes
    ----------
    tainted : set of int
        Times of pictures (of the stream's own clock) that are not to be used.
    """

    def __init__(self) -> None:
        self.tainted: set[int] = set()
        self._waiting = self._distrusts_next = False
        self._leading_until: int | None = None

    def look(self, packet: Any) -> bool:
        """Look at a packet; says whether its pictures are lost and cannot be told by their time.

        A demuxer finds a gap when it meets what comes after it, and may mark the packet before:
        so the next one is not trusted either. A key frame ends the damage, but for pictures that
        are stored after it and shown before: they are built on what comes before it, too.
        """
        if packet.is_corrupt or self._distrusts_next:
            self._waiting = True
        elif packet.is_keyframe and self._waiting:
            self._waiting, self._leading_until = False, packet.pts
        self._distrusts_next = packet.is_corrupt
        if packet.pts is None:
            return bool(packet.is_corrupt)
        leads = self._leading_until is not None and packet.pts < self._leading_until
        if self._waiting or leads:
            self.tainted.add(packet.pts)
        return False


class _SeekedTooFar(Exception):
    """The first picture after a seek is too late, or has no time."""


def _items(container: Any, stream: Any, seek_us: int | None, watch: _Watch) -> Iterator[Any]:
    """Pictures and, where one cannot be decoded, (error, time of its packet or None)."""
    if seek_us is not None:
        try:
            container.seek(int(Fraction(seek_us, 1_000_000) / stream.time_base), stream=stream)
        except av.FFmpegError as error:
            raise _SeekedTooFar from error
    packets = container.demux(stream)
    first = seek_us is not None
    while True:
        pts = None
        try:
            packet = next(packets)
            pts = packet.pts
            if packet.size and watch.look(packet):
                yield None, None
            pictures = packet.decode()
        except (StopIteration, av.error.EOFError):
            if first:
                raise _SeekedTooFar from None
            return
        except av.FFmpegError as error:
            # A demuxer that failed gives no packet after this one, so the loop ends.
            if pts is not None:
                watch.tainted.discard(pts)
            yield error, None if pts is None else _micros(pts, stream.time_base)
            continue
        for picture in pictures:
            if first and (
                picture.pts is None or _micros(picture.pts, stream.time_base) > (seek_us or 0)
            ):
                raise _SeekedTooFar
            first = False
            yield picture


def _sound(
    items: Iterator[Any], stream: Any, span: Window, account: Decoding, watch: _Watch
) -> Iterator[tuple[int, Any]]:
    """Pictures that are whole and build on whole ones, with their times."""
    waiting = False
    previous_us: int | None = None
    for item in items:
        failed = isinstance(item, tuple)
        if failed or item.is_corrupt:
            error, t_us = item if failed else (None, previous_us)
            words = error.strerror if error else _MISSING if failed else _CORRUPT
            account.damaged(words, t_us)
            waiting = True
            account.lost += t_us is None or span.holds(t_us)
            continue
        t_us = _time_us(item, stream, previous_us, account)
        previous_us = t_us
        if item.pts is not None and item.pts in watch.tainted:
            watch.tainted.discard(item.pts)
            account.damaged(_MISSING, t_us)
            account.lost += span.holds(t_us)
            continue
        if waiting and not item.key_frame and not span.ended(t_us):
            account.lost += span.holds(t_us)
            continue
        waiting = False
        yield t_us, item
    # Of some torn packets the decoder makes no picture at all.
    silent = [t for t in watch.tainted if span.holds(_micros(t, stream.time_base))]
    if silent:
        account.damaged(_MISSING, _micros(min(silent), stream.time_base))
        account.lost += len(silent)


def _inside(
    pictures: Iterator[tuple[int, Any]], span: Window, account: Decoding
) -> Iterator[tuple[int, Any]]:
    """Pictures in the window; ends the pass at the first one after it."""
    for t_us, picture in pictures:
        if span.ended(t_us):
            if account.last_us is None:
                account.last_us = t_us
            return
        account.add(t_us)
        if span.holds(t_us):
            yield t_us, picture
    account.finished = True


def _time_us(picture: Any, stream: Any, previous_us: int | None, account: Decoding) -> int:
    if picture.pts is not None:
        return _micros(picture.pts, picture.time_base or stream.time_base)
    rate = rate_of(stream)
    if rate is None:
        raise SourceError(
            "frames need times, but the video has neither times nor a frame rate. Put it into "
            "a container that has (for example with ffmpeg -r 25 -i in.h264 out.mp4)."
        )
    account.untimed += 1
    step_us = round(1_000_000 / rate)
    return 0 if previous_us is None else previous_us + step_us


def rate_of(stream: Any) -> Fraction | None:
    """Frames a second as the container says, or as FFmpeg guesses; None if neither does."""
    for rate in (stream.average_rate, stream.guessed_rate):
        if rate and 0 < rate <= FASTEST_HZ:
            return Fraction(rate)
    return None


def _micros(pts: int, time_base: Fraction) -> int:
    return round(pts * Fraction(time_base) * 1_000_000)
