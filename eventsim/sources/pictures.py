"""The one reader of image files: their pictures as gray or color numbers, upright, with delays.

What a file is is told by its first bytes. Pillow reads what has 8 bits, and gray of 16. Colors of
16 bits, which it would cut to 8, are read by OpenCV (PNG), tifffile (TIFF) and here (PPM), and
linear light by OpenEXR and OpenCV.
"""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from eventsim.errors import EventSimError, SourceError
from eventsim.frames import Vectors
from eventsim.sources import linear_pictures, tiff_pictures
from eventsim.sources.gray import CLEAR_NOTE, on_black
from eventsim.sources.limits import check_unpacked, read_head
from eventsim.sources.rendered_pictures import NPZ, read_arrays

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_DEPTH, _PNG_COLOR = 24, 25
"""Where the first chunk of a PNG says its bits and its type of color (PNG specification, IHDR)."""
_PPM = re.compile(rb"P6(?:\s|#[^\n]*\n)+(\d+)(?:\s|#[^\n]*\n)+(\d+)(?:\s|#[^\n]*\n)+(\d+)\s")
_ORIENTATION = 0x0112
"""Tag of Exif: how the camera was turned; 1 is upright (Exif 2.32, 4.6.4)."""
_TURNED = "it was turned as its camera says"
_REDUCED, _MASK = 1, 4
"""Bits of NewSubfileType (254) of a TIFF page."""


@dataclass(frozen=True)
class Picture:
    """One picture of a file.

    Attributes
    ----------
    values : (H, W) or (H, W, 3) ndarray of uint8, uint16 or float32
        Channels red, green, blue. 16 bits have their white at 65535.
    notes : tuple of str
        What was converted or left out.
    delay_us : int or None
        How long it is shown, microseconds, where it is part of an animation that says so.
    pages : int
        Pictures in its file.
    linear : bool
        Whether the numbers are linear light with white at 1, as in OpenEXR.
    vectors : Vectors or None
        Where everything goes, as a renderer knows it.
    """

    values: NDArray[np.generic]
    notes: tuple[str, ...] = ()
    delay_us: int | None = None
    pages: int = 1
    linear: bool = False
    vectors: Vectors | None = None


def read_picture(path: Path) -> Picture:
    """Read the first picture of a file.

    Raises
    ------
    SourceError
        If it cannot be read.
    """
    return next(read_pictures(path))


def read_pictures(path: Path) -> Iterator[Picture]:
    """Yield all pictures of a file, in order.

    Raises
    ------
    SourceError
        If one cannot be read, or is larger than the limit of `eventsim.sources.limits`.
    """
    with _readable(path) as head:
        if head.startswith(tiff_pictures.MAGIC) and tiff_pictures.is_deep(path):
            pages = tiff_pictures.count_deep(path)
            for page, turn in tiff_pictures.read_deep(path):
                picture = _clear(_turned(page, turn), [_TURNED] if turn != 1 else [])
                yield replace(picture, pages=pages)
        elif linear_pictures.is_linear(head):
            values, notes, vectors = linear_pictures.read_linear(path, head)
            yield Picture(values, notes, linear=True, vectors=vectors)
        elif path.suffix.lower() == NPZ:
            yield _of_arrays(path)
        elif _is_deep_png(head):
            yield _deep_png(path)
        elif _is_deep_ppm(head):
            yield _deep_ppm(path)
        else:
            with Image.open(path) as image:
                yield from _of_pillow(image, path)


def count_pictures(path: Path) -> int:
    """Count the pictures in a file.

    Raises
    ------
    SourceError
        If it cannot be read.
    """
    with _readable(path) as head:
        if head.startswith(tiff_pictures.MAGIC) and tiff_pictures.is_deep(path):
            return tiff_pictures.count_deep(path)
        if _is_deep_png(head) or _is_deep_ppm(head) or linear_pictures.is_linear(head):
            return 1
        if path.suffix.lower() == NPZ:
            return 1
        with Image.open(path) as image:
            _check_size(image, path)
            return len(_frames(image))


def read_delays(path: Path) -> list[int | None]:
    """How long each picture of a file is shown, microseconds; None where it does not say.

    Raises
    ------
    SourceError
        If it cannot be read.
    """
    with _readable(path) as head:
        if head.startswith(tiff_pictures.MAGIC):  # which may be long, and has no times
            return []
    return [picture.delay_us for picture in read_pictures(path)]


@contextmanager
def _readable(path: Path) -> Iterator[bytes]:
    """Give the first bytes; turn whatever an image library raises into one line."""
    expected = f"expected an image, but {path}"
    if not path.is_file():
        raise SourceError(f"{expected} is not a file. Check the path.")
    head = read_head(path)
    if not head:
        raise SourceError(f"{expected} is empty. Copy it again.")
    try:
        # What a library has to say of metadata is no reason to refuse pixels that are whole.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield head
    except (EventSimError, GeneratorExit):
        raise
    except Exception as error:  # an image library raises whatever it likes
        reason = (str(error) or type(error).__name__).splitlines()[0]
        if "cannot identify image file" in reason:
            reason = "it is of no known format"
        raise SourceError(
            f"{expected} cannot be read: {reason}. Check that it is whole."
        ) from error


def _of_arrays(path: Path) -> Picture:
    """The picture of an NPZ file of a renderer."""
    image, vectors = read_arrays(path)
    if image.dtype.kind != "f":
        return replace(_clear(image, []), vectors=vectors)
    light = image.astype(np.float32)
    if light.ndim == 2:
        return Picture(light, linear=True, vectors=vectors)
    colors = [light[:, :, min(k, light.shape[2] - 1)] for k in range(3)]
    note = linear_pictures.LUMINANCE_NOTE
    return Picture(linear_pictures.luminance_of(*colors), (note,), linear=True, vectors=vectors)


def _of_pillow(image: Image.Image, path: Path) -> Iterator[Picture]:
    _check_size(image, path)
    turn, notes = _turn_of(image)
    if image.format == "TIFF":
        turn = 1  # that Pillow has turned already
    frames = _frames(image)
    for i in frames:
        image.seek(i)
        image.load()
        values, found = _numbers(image, path)
        delay_us = _delay_us(image.info.get("duration"))
        yield Picture(_turned(values, turn), (*found, *notes), delay_us, len(frames))


def _frames(image: Image.Image) -> list[int]:
    """Numbers of the frames that are pictures of the file."""
    count = getattr(image, "n_frames", 1)
    if image.format == "TIFF":
        wanted = []
        for i in range(count):
            image.seek(i)
            kind = image.tag_v2.get(254, 0)
            if not (isinstance(kind, int) and kind & (_REDUCED | _MASK)):
                wanted.append(i)
        return wanted or [0]
    # An APNG may begin with a picture for programs that know no animation.
    first = int(bool(getattr(image, "default_image", False)) and count > 1)
    return list(range(first, count))


def _check_size(image: Image.Image, path: Path) -> None:
    width, height = image.size
    channels = len(image.getbands()) * (1 if image.mode in ("1", "L", "P") else 2)
    check_unpacked(width * height * channels, str(path), picture=True)


def _numbers(image: Image.Image, path: Path) -> tuple[NDArray[np.generic], list[str]]:
    mode = image.mode
    if mode.startswith("I;16"):
        deep = np.asarray(image)
        return deep.astype(np.uint16, copy=False), []
    if mode == "I":
        wide = np.asarray(image)
        if wide.min() < 0 or wide.max() > 65535:
            raise SourceError(
                f"expected an image of 8 or 16 bits, but {path} holds numbers up to {wide.max()}. "
                "Convert it."
            )
        return wide.astype(np.uint16), []
    if mode == "F":
        return np.asarray(image, np.float32), []
    if "transparency" in image.info and mode not in ("LA", "RGBA"):
        image = image.convert("RGBA")
    if image.mode in ("PA", "RGBa", "La"):
        image = image.convert("RGBA")
    if image.mode in ("LA", "RGBA"):
        return on_black(np.asarray(image)), [CLEAR_NOTE]
    notes = [f"{mode} was converted to RGB"] if mode in ("CMYK", "LAB", "HSV") else []
    target = "L" if mode in ("1", "L") else "RGB"
    return np.asarray(image.convert(target)), notes


def _clear(values: NDArray[np.generic], notes: list[str]) -> Picture:
    """Put a picture with alpha on black."""
    if values.ndim == 3 and values.shape[2] in (2, 4):
        return Picture(on_black(values), (CLEAR_NOTE, *notes))
    return Picture(values, tuple(notes))


def _delay_us(duration_ms: Any) -> int | None:
    if not isinstance(duration_ms, int | float | Fraction) or duration_ms <= 0:
        return None
    return round(Fraction(duration_ms) * 1000)


def _turn_of(image: Image.Image) -> tuple[int, list[str]]:
    """How a camera was turned, and what to say of it."""
    try:
        turn = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # a library that reads damaged metadata raises whatever it likes
        return 1, ["its Exif data is damaged: a turn that it may ask for was not made"]
    if turn not in range(2, 9):
        return 1, []
    return int(turn), [_TURNED]


def _turned(values: NDArray[np.generic], turn: int) -> NDArray[np.generic]:
    """Turn a picture upright (Exif 2.32, 4.6.4: where the first row and column are)."""
    if turn == 1:
        return values
    if turn >= 5:
        values = values.swapaxes(0, 1)
    if turn in (2, 3, 6, 7):
        values = values[:, ::-1]
    if turn in (3, 4, 7, 8):
        values = values[::-1]
    return np.ascontiguousarray(values)


def _is_deep_png(head: bytes) -> bool:
    deep = len(head) > _PNG_COLOR and head[_PNG_DEPTH] == 16
    return head.startswith(_PNG) and deep and head[_PNG_COLOR] != 0


def _deep_png(path: Path) -> Picture:
    data = path.read_bytes()
    with Image.open(io.BytesIO(data)) as image:
        _check_size(image, path)
        turn, notes = _turn_of(image)
        image.load()  # says so if it is not whole, which OpenCV does not
    values = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if values is None or values.dtype != np.uint16:
        raise SourceError(f"expected an image, but {path} cannot be read. Check that it is whole.")
    if values.ndim == 3:  # blue first
        values = values[:, :, [2, 1, 0, *range(3, values.shape[2])]]
    return _clear(_turned(values, turn), notes)


def _is_deep_ppm(head: bytes) -> bool:
    found = _PPM.match(head)
    return found is not None and int(found[3]) > 255


def _deep_ppm(path: Path) -> Picture:
    """Color of more than 8 bits: big-endian, white at the number in its header (Netpbm, ppm(5))."""
    data = path.read_bytes()
    found = _PPM.match(data)
    if found is None:
        raise SourceError(f"expected an image, but {path} has no header of a PPM. Check it.")
    width, height, white = (int(n) for n in found.groups())
    pixels = data[found.end() :]
    if not (0 < white < 65536 and width > 0 and height > 0) or len(pixels) < 6 * width * height:
        raise SourceError(
            f"expected an image, but {path} promises {width}x{height} and holds "
            f"{len(pixels):,} bytes. Check that it is whole."
        )
    raw = np.frombuffer(pixels, ">u2", 3 * width * height).reshape(height, width, 3)
    return Picture(np.rint(np.minimum(raw, white) * (65535.0 / white)).astype(np.uint16))
