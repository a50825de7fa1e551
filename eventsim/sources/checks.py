"""Checks that all sources share: windows of time, encodings, numbers of a frame."""

import math
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError, SourceError
from eventsim.events import SensorSize
from eventsim.frames import WHITE_DN, Encoding, Transfer

Fit = Literal["crop", "pad", "stretch"]
"""How frames are brought to a size of another aspect ratio."""

WHITE_UINT16 = 65535.0
LATEST_S = 1e10
"""Latest start or stop, s: of clocks that count from 1970, far inside 63 bits of microseconds."""
IMAGE_SUFFIXES = frozenset(
    {
        *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".jp2", ".j2k", ".tif", ".tiff"),
        *(".bmp", ".webp", ".gif", ".tga", ".pbm", ".pgm", ".ppm", ".pnm", ".exr", ".hdr"),
    }
)
_FLOATS = (np.float32, np.float64)
_TWELVE_BITS = 4095
PEEK = 16
"""Frames looked at to tell whether their white is where it is taken to be; chosen by eye."""


def is_image(path: Path) -> bool:
    """Whether a path ends like an image."""
    return path.suffix.lower() in IMAGE_SUFFIXES


class Window(NamedTuple):
    """A half-open stretch of time, ``start_us <= t < stop_us``; None is no limit."""

    start_us: int | None
    stop_us: int | None

    def holds(self, t_us: int) -> bool:
        """Whether a moment lies inside."""
        return (self.start_us is None or t_us >= self.start_us) and not self.ended(t_us)

    def ended(self, t_us: int) -> bool:
        """Whether a moment lies after the window."""
        return self.stop_us is not None and t_us >= self.stop_us

    def __bool__(self) -> bool:
        return self.start_us is not None or self.stop_us is not None

    def __str__(self) -> str:
        start = "the start" if self.start_us is None else f"{self.start_us / 1e6:g} s"
        stop = "the end" if self.stop_us is None else f"{self.stop_us / 1e6:g} s"
        return f"{start} to {stop}"


def window(start_s: float | None, stop_s: float | None) -> Window:
    """Window of time from two times in seconds.

    Parameters
    ----------
    start_s, stop_s : float, optional
        First moment inside and first moment after, seconds.

    Returns
    -------
    Window
        Rounded to microseconds.

    Raises
    ------
    ConfigError
        If a time is not a number, or the window holds no time.

    Examples
    --------
    >>> window(0.5, None)
    Window(start_us=500000, stop_us=None)
    """
    for name, value in (("start_s", start_s), ("stop_s", stop_s)):
        if value is not None and not (math.isfinite(value) and abs(value) <= LATEST_S):
            raise ConfigError(
                f"{name} must be a number of seconds up to {LATEST_S:g}, found {value:g}."
            )
    if start_s is not None and stop_s is not None and not stop_s > start_s:
        raise ConfigError(
            f"stop must come after start, found start {start_s:g} s and stop {stop_s:g} s. "
            "Give a later stop."
        )
    return Window(*(None if s is None else round(s * 1e6) for s in (start_s, stop_s)))


def as_frame(
    values: NDArray[np.generic], where: str, *, size: SensorSize | None = None
) -> NDArray[np.generic]:
    """Numbers of one frame, checked, in this machine's byte order and contiguous.

    Parameters
    ----------
    values : (H, W) ndarray of uint8, uint16, float32 or float64
    where : str
        Which frame it is, for messages ("frame 3 of clip.tif").
    size : SensorSize, optional
        Size that it must have.

    Returns
    -------
    (H, W) ndarray of uint8, uint16 or float32
        The same memory where nothing had to change; float64 becomes float32.

    Raises
    ------
    SourceError
        If the shape, the type or the size is not as above, or a number is NaN or infinite.
    """
    values = np.asarray(values)
    if values.ndim != 2 or 0 in values.shape:
        raise SourceError(
            f"a frame must be (H, W) with at least one pixel, but {where} has the shape "
            f"{values.shape}. Pass one gray image per frame."
        )
    native = values.dtype.newbyteorder("=")
    if native not in (np.uint8, np.uint16, *_FLOATS):
        raise SourceError(
            f"a frame must be of uint8, uint16, float32 or float64, but {where} is of "
            f"{values.dtype}. Convert it first."
        )
    found = SensorSize(values.shape[1], values.shape[0])
    if size is not None and found != size:
        raise SourceError(
            f"all frames must have one size, but {where} is {found} after frames of {size}. "
            "Bring them to one size, or split the recording there."
        )
    target = np.float32 if native in _FLOATS else native
    frame = np.ascontiguousarray(values, target)
    if target is np.float32 and not np.isfinite(frame).all():
        y, x = np.argwhere(~np.isfinite(frame))[0]
        raise SourceError(
            f"numbers must be finite, but {where} has {values[y, x]} at column {x}, row {y}. "
            "Replace what is missing first."
        )
    return frame


def encoding_of(
    dtype: np.dtype[np.generic], *, transfer: Transfer, white: float | None, black: float = 0.0
) -> Encoding:
    """Say what numbers of a type mean, by default or as asked.

    Parameters
    ----------
    dtype : numpy dtype
        Of the frames.
    transfer : {"srgb", "linear", "pq", "hlg", "log"}
    white : float, optional
        Number that means white. Default: 65535 for uint16, 255 for uint8 and floats.
    black : float
        Number that means no light.

    Returns
    -------
    Encoding

    Raises
    ------
    ConfigError
        If integers are said to be logarithms, or as `Encoding`.
    """
    if transfer == "log" and dtype.kind != "f":
        raise ConfigError(
            f"transfer 'log' needs floating point frames (natural logarithm of luminance), "
            f"found {dtype}. Use 'srgb' or 'linear'."
        )
    if white is None:
        white = WHITE_UINT16 if dtype.newbyteorder("=") == np.uint16 else WHITE_DN
    return Encoding(transfer, black, white)


def suspicious_limit(dtype: np.dtype[np.generic]) -> float:
    """Largest number of frames that are likely to be of another scale than their type says.

    Floats up to 1 are likely to go from 0 to 1, bytes of 0 and 1 to be masks, and 16-bit numbers
    up to 4095 to come from a sensor of 12 bits.
    """
    native = dtype.newbyteorder("=")
    return float(_TWELVE_BITS) if native == np.uint16 else 1.0


def scale_complaint(
    largest: float, dtype: np.dtype[np.generic], transfer: Transfer, white: float | None
) -> str | None:
    """Complaint about frames whose white is likely not to be where it would be taken to be.

    Such frames would pass for nearly black ones, and give next to no events, in silence.

    Parameters
    ----------
    largest : float
        Largest number in the frames looked at. Zero says nothing: black is black on any scale.
    dtype, transfer, white
        As in `encoding_of`.

    Returns
    -------
    str or None
        One sentence for an error, None if all is well.
    """
    if white is not None or transfer == "log" or not 0.0 < largest <= suspicious_limit(dtype):
        return None
    if dtype.kind == "f":
        return (
            f"floating point frames are taken to have white at 255, but the largest number found "
            f"is {largest:g}. Pass white=1.0 if they go from 0 to 1, or white=255 if they are this "
            "dark."
        )
    taken = WHITE_UINT16 if dtype.itemsize == 2 else WHITE_DN
    likely, kind = (_TWELVE_BITS, "12 bits") if dtype.itemsize == 2 else (1, "0 and 1")
    return (
        f"{dtype.newbyteorder('=')} frames are taken to have white at {taken:g}, but the largest "
        f"number found is {largest:g}. Pass white={likely} if they are of {kind}, or "
        f"white={taken:g} if they are this dark."
    )
