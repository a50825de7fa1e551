"""Frames of a video file, at the times that the file gives them."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError, SourceError
from eventsim.events import SensorSize
from eventsim.frames import Encoding, Frame, Transfer
from eventsim.sources.checks import Fit, window
from eventsim.sources.decoding import Decoding, decode, rate_of
from eventsim.sources.geometry import Geometry
from eventsim.sources.limits import check_unpacked
from eventsim.sources.luma import Luma, Turn, transfer_of
from eventsim.sources.matroska import pixel_crop

_NO_VIDEO = 0x400 | 0x800
"""AV_DISPOSITION_ATTACHED_PIC and AV_DISPOSITION_TIMED_THUMBNAILS (FFmpeg, avformat.h)."""

# PyAV 19 has no such option any more: it reads titles in any character set.
_LENIENT: dict[str, Any] = (
    {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}
)

RESTART_US = 1_000_000
"""A clock that goes back by more than this was restarted; chosen by eye."""


class VideoSource:
    """Frames of a video file.

    Times are the file's own, so a variable frame rate and a late first frame survive. The
    luma of the file is taken as it is; `encoding` says its range.

    Parameters
    ----------
    path : path
        Anything FFmpeg reads.
    size : (width, height), optional
        Size wanted, px. Default: that of the video.
    fit : {"crop", "pad", "stretch"}
        How the picture is brought to `size`, see `eventsim.sources.geometry.Geometry`.
    crop : (x, y, width, height), optional
        Part of the upright picture to use, px.
    start_s, stop_s : float, optional
        Use frames with ``start_s <= t < stop_s`` on the time line of the file, seconds.
    transfer : {"srgb", "linear", "pq", "hlg"}
        How luma stands for luminance. BT.709 video is close to sRGB; of a file that says that it is
        coded with PQ or HLG, ``srgb`` is that.

    Raises
    ------
    SourceError
        If the path is not a video that can be decoded.
    ConfigError
        If the window or the geometry is impossible, or `transfer` is "log".
    """

    def __init__(
        self,
        path: str | PathLike[str],
        *,
        size: tuple[int, int] | None = None,
        fit: Fit = "crop",
        crop: tuple[int, int, int, int] | None = None,
        start_s: float | None = None,
        stop_s: float | None = None,
        transfer: Transfer = "srgb",
    ) -> None:
        if transfer == "log":
            raise ConfigError(
                "the transfer of a video must be 'srgb' or 'linear', found 'log'. Video stores "
                "no logarithms."
            )
        self.path = Path(path)
        self._window = window(start_s, stop_s)
        with _opened(self.path) as (container, stream):
            first = _first_frame(self.path, container, stream)
            self._luma, self._turn = Luma.of(first), Turn.of(first)
            transfer = transfer_of(first, transfer)
            self._stored = SensorSize(first.width, first.height)
            standing = self._turn.notes() + self._luma.notes(first, transfer)
            standing += _stream_notes(container, stream)
            hidden = ", ".join(f"{n} px at the {side}" for side, n in pixel_crop(self.path).items())
            if hidden:
                standing.append(f"the file asks to hide {hidden}: ignored, see --crop")
            rate = rate_of(stream)
            self.frame_rate_hz = None if rate is None else float(rate)
            self.duration_us = _duration_us(container, stream)
            self._header_frames: int | None = stream.frames or None
            # A container is as long as its longest stream, which may be the sound.
            says_length = stream.duration is not None or len(container.streams) == 1
            self._promised = self._header_frames
            if not self._promised and says_length and rate and self.duration_us:
                self._promised = round(self.duration_us * 1e-6 * float(rate))
        upright = self._stored[::-1] if self._turn.transpose else self._stored
        self._geometry = Geometry.of((upright[0], upright[1]), size, fit=fit, crop=crop)
        if not self._geometry.is_identity:
            standing.append(f"frames were brought from {self._geometry.describe()}")
        self._standing_notes = tuple(standing)
        self.notes: list[str] = list(standing)
        self.lost_frames = 0
        self.encoding: Encoding = self._luma.encoding(transfer)

    @property
    def size(self) -> SensorSize:
        """Width and height of the frames, px."""
        return self._geometry.size

    @property
    def expected_frames(self) -> int | None:
        """Number of frames by the header, or by length and rate; None if neither says."""
        if self._header_frames is not None and not self._window:
            return self._header_frames
        if self.frame_rate_hz is None or (
            self.duration_us is None and self._window.stop_us is None
        ):
            return None
        ends = [t for t in (self.duration_us, self._window.stop_us) if t is not None]
        span_us = max(0, min(ends) - max(0, self._window.start_us or 0))
        return round(span_us * 1e-6 * self.frame_rate_hz)

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames in order of time, decoding the file again; see `frames_from`."""
        return self.frames_from(0)

    def frames_from(self, first: int) -> Iterator[Frame]:
        """Yield the frames from a number on, in order of time.

        Those before are decoded, too, since the account of what was damaged needs them; but they
        are not brought to size.

        Parameters
        ----------
        first : int
            From 0.

        Raises
        ------
        SourceError
            If the size or the pixel format changes on the way, or no frame can be used.
        """
        notes = self.notes = list(self._standing_notes)
        self.lost_frames = 0
        decoding = Decoding()
        previous_us: int | None = None
        disordered: list[int] = []
        restart: tuple[int, int] | None = None
        number = 0
        try:
            for t_us, picture in decode(self.path, _opened, self._window, decoding):
                self.lost_frames = decoding.lost + len(disordered)
                if previous_us is not None and t_us <= previous_us:
                    disordered.append(t_us)
                    if restart is None and t_us < previous_us - RESTART_US:
                        restart = previous_us, t_us
                    continue
                previous_us = t_us
                number += 1
                if number > first:
                    yield Frame(t_us, self._values(picture, t_us))
            if previous_us is None:
                raise self._nothing(decoding)
            short = decoding.missing(self._promised, self.duration_us, self.frame_rate_hz)
            decoding.lost += short
            if short and not self._header_frames:
                notes.append(
                    f"the file says that it is {(self.duration_us or 0) * 1e-6:g} s long, and ends "
                    f"at {(decoding.last_us or 0) / 1e6:g} s: about {short} frames are missing"
                )
        finally:
            # A pass that was given up may end after a new one has begun: that one's notes count.
            if self.notes is notes:
                self.lost_frames = decoding.lost + len(disordered)
            notes += decoding.notes(self._header_frames)
            if disordered:
                notes.append(
                    f"{len(disordered)} frames were left out because their times repeat or go "
                    f"backwards, the first at {disordered[0] / 1e6:g} s"
                )
            if restart:
                notes.append(
                    f"the clock of the file goes back from {restart[0] / 1e6:g} s to "
                    f"{restart[1] / 1e6:g} s, as in streams that were joined: split it there to "
                    "keep what follows"
                )

    def _values(self, picture: Any, t_us: int) -> NDArray[np.generic]:
        found = SensorSize(picture.width, picture.height)
        if found != self._stored:
            raise SourceError(
                f"all frames must have one size, but {self.path} changes from {self._stored} to "
                f"{found} at {t_us / 1e6:g} s. Set stop_s to {t_us / 1e6:g}, or split the file."
            )
        luma = Luma.of(picture)
        if luma != self._luma:
            raise SourceError(
                f"all frames must have one pixel format, but {self.path} changes from "
                f"{self._luma.pixel_format} to {luma.pixel_format} (or its range) at "
                f"{t_us / 1e6:g} s. Set stop_s to {t_us / 1e6:g}, or convert the file."
            )
        stored = luma.read(picture)
        values = self._geometry.apply(self._turn.apply(stored), self.encoding.black)
        # A plane is the decoder's memory; what is handed out must be the consumer's own.
        return values.copy() if np.may_share_memory(values, stored) else values

    def _nothing(self, decoding: Decoding) -> SourceError:
        if decoding.reason:
            return SourceError(
                f"no frame of {self.path} could be decoded: {decoding.reason}. Check the file "
                "with a player."
            )
        return SourceError(
            f"no frame of {self.path} lies in {self._window}: the nearest is at "
            f"{(decoding.last_us or 0) / 1e6:g} s. Widen the window."
        )


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, Any]]:
    """Open a video: its container and its first video stream.

    Raises
    ------
    SourceError
        If the path does not exist, is a folder, empty, not a video, or has no video stream.
    """
    expected = f"expected a video file, but {path}"
    if not path.exists():
        raise SourceError(f"{expected} does not exist. Check the path.")
    if path.is_dir():
        raise SourceError(f"{expected} is a folder. Use ImageSource for a folder of images.")
    if path.stat().st_size == 0:
        raise SourceError(f"{expected} is empty. Copy or download it again.")
    try:
        # A name with a colon is no protocol, and what a playlist names is not read. Titles in
        # another character set than UTF-8 must not make a video unreadable.
        container = av.open(f"file:{path}", options={"protocol_whitelist": "file"}, **_LENIENT)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise SourceError(
            f"{expected} cannot be opened: {getattr(error, 'strerror', None) or error}. Check "
            "that it is a video and whole."
        ) from error
    with container:
        streams = _real_streams(container)
        if not streams:
            kinds = {int(s.disposition) & _NO_VIDEO for s in container.streams.video}
            cover = "no video stream that can be decoded" if 0 in kinds else "no video stream"
            cover = "only a cover picture" if kinds and 0 not in kinds else cover
            raise SourceError(f"{expected} has {cover}. Choose a file with a video stream.")
        # Three planes, of 16 bits at most.
        pixels = streams[0].codec_context.width * streams[0].codec_context.height
        check_unpacked(6 * pixels, str(path), picture=True)
        # One thread, so that what is made of a damaged file is the same on any machine.
        streams[0].codec_context.thread_count = 1
        yield container, streams[0]


def _real_streams(container: Any) -> list[Any]:
    """Video streams, the best first, without covers and thumbnails."""
    streams = [
        s
        for s in container.streams.video
        if s.codec_context is not None and not int(s.disposition) & _NO_VIDEO
    ]
    # A preview need not be marked as one: a single picture beside a video of many.
    return sorted(streams, key=lambda s: s.frames == 1)


def _first_frame(path: Path, container: Any, stream: Any) -> Any:
    """First frame that decodes; it alone tells format and rotation for sure."""
    reason = "it holds no frame"
    packets = container.demux(stream)
    while True:
        try:
            for frame in next(packets).decode():
                return frame
        except StopIteration:
            break
        except av.FFmpegError as error:
            reason = error.strerror or str(error)
            if isinstance(error, av.error.EOFError):
                break
        except ValueError as error:  # a codec that PyAV does not know
            reason = str(error)
            break
    raise SourceError(
        f"no frame of {path} could be decoded: {reason}. Check the file with a player."
    )


def _duration_us(container: Any, stream: Any) -> int | None:
    if stream.duration is not None:
        return round(int(stream.duration) * Fraction(stream.time_base) * 1_000_000)
    # Of the container, always microseconds (AV_TIME_BASE).
    return None if container.duration is None else int(container.duration)


def _stream_notes(container: Any, stream: Any) -> list[str]:
    """Say what of the file is not used."""
    notes = []
    ratio = stream.sample_aspect_ratio
    if ratio and ratio != 1:
        notes.append(
            f"pixels of the file are not square ({ratio.numerator}:{ratio.denominator}) and were "
            "taken as they are stored"
        )
    others = len(_real_streams(container)) - 1
    if others:
        words = "a second video stream was" if others == 1 else f"{others} more video streams were"
        notes.append(f"{words} left out")
    if stream.metadata.get("alpha_mode") == "1":
        notes.append("transparency was left out")
    return notes
