"""Frames from whatever a caller has: a path, arrays, tensors, an iterator, a source."""

from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from typing import Any

from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.frames import Frame, FrameSource, Transfer
from eventsim.sources.arrays import ArraySource, IteratorSource
from eventsim.sources.opening import open_file
from eventsim.sources.rate import checked_rate, times_by_rate
from eventsim.sources.reading import Reading

Given = (
    str
    | PathLike[str]
    | NDArray[Any]
    | tuple[NDArray[Any], NDArray[Any]]
    | Sequence[NDArray[Any]]
    | Iterable[Frame | tuple[int, NDArray[Any]]]
)

OF_A_PATH = ("fit", "crop", "start_s", "stop_s", "times_file", "labels", "by_exposure", "size")
"""What a reading can say of a path alone."""


def source_of(
    given: Given,
    reading: Reading,
    sensor_size: tuple[int, int] | None,
    transfer: Transfer,
    *,
    color: str | None = None,
) -> FrameSource:
    """A source of frames from what a caller has, before the stages of the reading.

    Parameters
    ----------
    given : path, array, (frames, t_us), iterable or FrameSource
        As `eventsim.simulate` takes it.
    reading : Reading
    sensor_size : (width, height) or None
        Size of the frames of a path, if no other is asked for; None is that of the source.
    transfer : {"srgb", "linear", "pq", "hlg", "log"}
        Of the camera, if no other is asked for.
    color : {"rgb", "bgr"}, optional
        Order of the channels of arrays (N, H, W, 3).

    Raises
    ------
    ConfigError
        If an option does not belong to this kind of source, or has a wrong value.
    SourceError, TimeOrderError
        If frames cannot be read, or their times do not increase.
    """
    if isinstance(given, str | PathLike):
        if color is not None:
            raise ConfigError("color is for arrays; a file says itself what its channels are.")
        return open_file(given, reading.seen_by(sensor_size, transfer))
    plain = Reading()
    misplaced = [name for name in OF_A_PATH if getattr(reading, name) != getattr(plain, name)]
    if reading.size == "source":
        misplaced.remove("size")
    if misplaced:
        raise ConfigError(
            f"{', '.join(misplaced)} can only be used with a path; "
            "frames from Python are taken as they are. Crop or resize them first."
        )
    return _from_memory(given, reading, transfer, color)


def _from_memory(given: Any, reading: Reading, transfer: Transfer, color: Any) -> FrameSource:
    """Frames that are no path: told apart by what they can do."""
    white, fps, asked = reading.white, reading.fps, reading.encoding
    transfer = asked or transfer
    if hasattr(given, "encoding") and hasattr(given, "size"):
        named = {"encoding": asked, "white": white, "color": color, "fps": fps}
        named = {name: value for name, value in named.items() if value is not None}
        if named:
            raise ConfigError(
                f"a source says itself what its frames are, found {' and '.join(named)} beside one "
                f"({given.encoding}). Give them to the source."
            )
        source: FrameSource = given
        return source
    if isinstance(given, tuple) and len(given) == 2 and hasattr(given[0], "ndim"):
        if fps is not None:
            raise ConfigError("frames take their times from t_us or fps, found both. Drop one.")
        return ArraySource(*given, transfer=transfer, white=white, color=color)
    if hasattr(given, "ndim"):
        if fps is None:
            raise ConfigError(
                "an array of frames needs times. Give fps, such as fps=240, or a pair "
                "(frames, t_us)."
            )
        times = times_by_rate(checked_rate(fps), len(given))
        return ArraySource(given, times, transfer=transfer, white=white, color=color)
    if not isinstance(given, Iterable):
        raise ConfigError(
            "frames must be a path, an array with fps, a pair (frames, t_us) or an iterable of "
            f"(t_us, frame), found {given!r}."
        )
    pairs = given if fps is None else _timed(given, checked_rate(fps))
    return IteratorSource(pairs, transfer=transfer, white=white, color=color)


def _timed(frames: Iterable[Any], fps: float) -> Iterator[tuple[int, Any]]:
    """Frames without times, at even ones."""
    for i, values in enumerate(frames):
        if isinstance(values, tuple):
            raise ConfigError(
                "frames take their times from the pairs (t_us, frame) or from fps, found both. "
                "Drop one."
            )
        yield round(i * 1e6 / fps), values
