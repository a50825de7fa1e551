"""Frames that are in memory already, or that come out of any iterator."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eventsim.errors import ConfigError, SourceError, TimeOrderError
from eventsim.events import SensorSize
from eventsim.frames import Frame, Transfer
from eventsim.sources.checks import PEEK, as_frame, encoding_of, scale_complaint
from eventsim.sources.gray import LUMA_NOTE, Color, check_color, gray_frame

_NARROWED = "float64 frames were converted to float32"


class ArraySource:
    """Frames from arrays.

    Parameters
    ----------
    frames : (N, H, W) or (N, H, W, 3) array, sequence of such frames, or sequence of Frame
        NumPy arrays or PyTorch tensors, uint8, uint16, float32 or float64 (which becomes float32);
        all of one size and type.
    t_us : (N,) sequence of integers, optional
        Times, microseconds, strictly increasing. To be left out if `frames` are `Frame` tuples.
    transfer : {"srgb", "linear", "pq", "hlg", "log"}
        How the numbers stand for luminance, see `eventsim.Encoding`.
    white : float, optional
        Number that means white. Default: 65535 for uint16, 255 for uint8 and floats.
    black : float
        Number that means no light.
    color : {"rgb", "bgr"}, optional
        Order of the channels of (H, W, 3) frames, which become luma (BT.601).

    Raises
    ------
    ConfigError
        If the times are not integers or not as many as the frames, or floats look like 0..1
        while `white` is not given.
    TimeOrderError
        If the times do not strictly increase.
    SourceError
        If there is no frame, or one is not as above, or has NaN or infinity in it.

    Examples
    --------
    >>> source = ArraySource(np.zeros((2, 3, 4), np.uint8), [0, 1000])
    >>> source.size, [frame.t_us for frame in source]
    (SensorSize(width=4, height=3), [0, 1000])
    """

    def __init__(
        self,
        frames: NDArray[np.generic] | Sequence[NDArray[np.generic]] | Sequence[Frame],
        t_us: ArrayLike | None = None,
        *,
        transfer: Transfer = "srgb",
        white: float | None = None,
        black: float = 0.0,
        color: Color | None = None,
    ) -> None:
        check_color(color)
        values, times = _unpack(as_numpy(frames) if hasattr(frames, "detach") else frames, t_us)
        if not len(values):
            raise SourceError("a source needs at least one frame, found none. Pass some frames.")
        self._values, self._color = values, color
        first = self._frame(0, None)
        self.size = SensorSize(first.shape[1], first.shape[0])
        self._t_us = _checked_times(times, len(values))
        self.encoding = encoding_of(first.dtype, transfer=transfer, white=white, black=black)
        largest = 0.0
        for i in range(len(values)):
            frame = self._frame(i, self.size)
            _check_type(frame, first.dtype, i)
            if i < PEEK:
                largest = max(largest, float(np.max(cast("NDArray[np.float32]", frame))))
        complaint = scale_complaint(largest, first.dtype, transfer, white)
        if complaint:
            raise ConfigError(complaint)
        self.notes = _notes(as_numpy(values[0]), color)
        self.lost_frames = 0

    @property
    def expected_frames(self) -> int:
        """Number of frames."""
        return len(self._t_us)

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames in order of time; an array that needs no change is not copied."""
        for i, t_us in enumerate(self._t_us.tolist()):
            yield Frame(t_us, self._frame(i, self.size))

    def _frame(self, i: int, size: SensorSize | None) -> NDArray[np.generic]:
        where = f"frame {i}"
        values = gray_frame(as_numpy(self._values[i]), self._color, where)
        return as_frame(values, where, size=size)


class IteratorSource:
    """Frames from anything that can be iterated, once: a camera, a generator, a decoder.

    The first frame is taken on construction, to know the size.

    Parameters
    ----------
    frames : iterable of (int, (H, W) or (H, W, 3) array)
        Time in microseconds, strictly increasing, and numbers as in `ArraySource`; `Frame`
        tuples are such pairs.
    transfer, white, black, color
        As in `ArraySource`.

    Raises
    ------
    ConfigError, SourceError
        As `ArraySource`, for the first frame; for the others while iterating, where
        `TimeOrderError` can be raised too.

    Examples
    --------
    >>> source = IteratorSource((i * 1000, np.full((3, 4), i, np.uint8)) for i in range(5))
    >>> [frame.t_us for frame in source]
    [0, 1000, 2000, 3000, 4000]
    """

    def __init__(
        self,
        frames: Iterable[tuple[int, NDArray[np.generic]]],
        *,
        transfer: Transfer = "srgb",
        white: float | None = None,
        black: float = 0.0,
        color: Color | None = None,
    ) -> None:
        check_color(color)
        pairs = iter(frames)
        try:
            first = next(pairs)
        except StopIteration:
            raise SourceError(
                "a source needs at least one frame, but the iterator gave none. Pass a fresh one."
            ) from None
        given = as_numpy(first[1])
        values = as_frame(gray_frame(given, color, "frame 0"), "frame 0")
        self._color = color
        self._pairs: Iterator[tuple[int, NDArray[np.generic]]] | None = chain([first], pairs)
        self._dtype = values.dtype
        self._white = white
        self.size = SensorSize(values.shape[1], values.shape[0])
        self.encoding = encoding_of(values.dtype, transfer=transfer, white=white, black=black)
        self.expected_frames: int | None = None
        self.notes = _notes(given, color)
        self.lost_frames = 0

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames, once.

        Raises
        ------
        SourceError
            If the frames were taken already.
        """
        pairs, self._pairs = self._pairs, None
        if pairs is None:
            raise SourceError(
                "frames from an iterator can be read once, and were read already. Make a new "
                "IteratorSource, or an ArraySource from a list."
            )
        return self._checked(pairs)

    def _checked(self, pairs: Iterator[tuple[int, NDArray[np.generic]]]) -> Iterator[Frame]:
        before: int | None = None
        largest = 0.0
        i = -1
        for i, (time, given) in enumerate(pairs):
            t_us = _whole(time, i)
            if before is not None and t_us <= before:
                raise _order_error(i, t_us, before)
            before = t_us
            values = as_numpy(given)
            gray = gray_frame(values, self._color, f"frame {i}")
            frame = as_frame(gray, f"frame {i}", size=self.size)
            _check_type(frame, self._dtype, i)
            if i < PEEK:
                largest = max(largest, float(np.max(cast("NDArray[np.float32]", frame))))
            if i == PEEK - 1:
                self._check_scale(largest)
            # Of its own: a camera may write its next frame into the same memory.
            yield Frame(t_us, frame.copy() if np.may_share_memory(frame, values) else frame)
        if i < PEEK - 1:
            self._check_scale(largest)

    def _check_scale(self, largest: float) -> None:
        complaint = scale_complaint(largest, self._dtype, self.encoding.transfer, self._white)
        if complaint:
            raise ConfigError(complaint)


def as_numpy(values: Any) -> NDArray[np.generic]:
    """A NumPy array of an array, a PyTorch tensor, wherever that lies, or nested lists."""
    if hasattr(values, "detach"):
        values = values.detach().cpu().numpy()
    return np.asarray(values)


def _notes(first: NDArray[np.generic], color: Color | None) -> list[str]:
    """What is done to all frames, seen from the first."""
    narrowed = np.asarray(first).dtype.newbyteorder("=") == np.float64
    notes = [_NARROWED] if narrowed else []
    return notes if color is None else [*notes, LUMA_NOTE]


def _unpack(
    frames: NDArray[np.generic] | Sequence[NDArray[np.generic]] | Sequence[Frame],
    t_us: ArrayLike | None,
) -> tuple[Sequence[NDArray[np.generic]], NDArray[np.generic]]:
    """Arrays and times, from either form."""
    if t_us is not None:
        return cast("Sequence[NDArray[np.generic]]", frames), np.asarray(t_us)
    if isinstance(frames, np.ndarray) or not all(
        isinstance(f, tuple) and len(f) == 2 for f in frames
    ):
        raise ConfigError(
            "frames need times: found arrays and no t_us. Pass t_us, in microseconds, or a list "
            "of (t_us, array)."
        )
    pairs = cast("Sequence[Frame]", frames)
    return [values for _, values in pairs], np.asarray([time for time, _ in pairs])


def _checked_times(times: NDArray[np.generic], n: int) -> NDArray[np.int64]:
    if times.shape != (n,):
        raise ConfigError(
            f"t_us must have one time per frame, found {n} frames and times of the shape "
            f"{times.shape}."
        )
    if times.dtype.kind not in "iu":
        raise _type_error(f"{times.dtype} ({times[0]}, ...)")
    if times.dtype == np.uint64 and times.size and times.max() > np.uint64(2**63 - 1):
        raise TimeOrderError(
            f"times must fit 63 bits of microseconds, found {times.max()}. Subtract the start."
        )
    t_us = times.astype(np.int64)
    wrong = np.flatnonzero(np.diff(t_us) <= 0)
    if wrong.size:
        i = int(wrong[0]) + 1
        raise _order_error(i, int(t_us[i]), int(t_us[i - 1]))
    return t_us


def _whole(time: object, i: int) -> int:
    if isinstance(time, bool) or not isinstance(time, int | np.integer):
        raise _type_error(f"{time!r} at frame {i}")
    return int(time)


def _type_error(found: str) -> ConfigError:
    return ConfigError(
        f"times must be microseconds as integers, found {found}. Seconds become microseconds "
        "with round(t * 1e6)."
    )


def _order_error(i: int, t_us: int, before_us: int) -> TimeOrderError:
    return TimeOrderError(
        f"times must strictly increase, but frame {i} has t={t_us} us after t={before_us} us. "
        "Sort the frames by time and leave out repeated ones."
    )


def _check_type(frame: NDArray[np.generic], dtype: np.dtype[np.generic], i: int) -> None:
    if frame.dtype != dtype:
        raise SourceError(
            f"all frames must be of one type, but frame {i} is of {frame.dtype} after frames of "
            f"{dtype}. Convert them to one type."
        )
