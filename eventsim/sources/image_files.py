"""Images on disk: which there are, and their numbers as gray."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import imageio.v3 as iio
import numpy as np
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.sources.checks import IMAGE_SUFFIXES, is_image

# OpenCV reads half a JPEG as if it were whole; Pillow cuts color PNG and TIFF of 16 bits to 8.
_BY_PILLOW = frozenset({".jpg", ".jpeg", ".bmp", ".webp", ".gif"})
PAGES_AT_ONCE = 32
"""Pages of a TIFF read in one call, each of which walks the file from its start; by eye."""
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Weights of red, green and blue: ITU-R BT.601-7."""


def natural_key(path: Path) -> list[tuple[int, str]]:
    """Key for sorting names so that ``frame10`` follows ``frame9``.

    Examples
    --------
    >>> sorted([Path("f10.png"), Path("f9.png")], key=natural_key)[0].name
    'f9.png'
    """
    parts = re.split(r"(\d+)", path.name)
    return [(int(part), "") if part.isdecimal() else (-1, part.lower()) for part in parts]


def list_images(folder: Path) -> list[Path]:
    """Image files of a folder, in natural order of their names.

    Raises
    ------
    SourceError
        If there is none.
    """
    found = [p for p in folder.iterdir() if is_image(p) and not p.name.startswith(".")]
    if not found:
        raise SourceError(
            f"expected a folder of images, but {folder} holds none of "
            f"{', '.join(sorted(IMAGE_SUFFIXES))}. Check the path."
        )
    return sorted(found, key=lambda path: (natural_key(path), path.name))


def read_image(path: Path) -> NDArray[np.generic]:
    """Read the first picture of a file as it is stored.

    Parameters
    ----------
    path : Path

    Returns
    -------
    (H, W) or (H, W, C) ndarray
        Channels red, green, blue and, where there is one, alpha.

    Raises
    ------
    SourceError
        If it cannot be read.
    """
    return next(read_pages(path))


def count_pages(path: Path) -> int:
    """Count the pictures in a file.

    Raises
    ------
    SourceError
        If it cannot be read.
    """
    with _readable(path):
        if path.suffix.lower() in _BY_PILLOW:
            return int(iio.improps(path, plugin="pillow", index=None).n_images or 1)
        return max(1, int(cv2.imcount(str(path))))


def read_pages(path: Path) -> Iterator[NDArray[np.generic]]:
    """Yield all pictures of a file, as `read_image` does.

    Raises
    ------
    SourceError
        If one cannot be read.
    """
    with _readable(path):
        if path.suffix.lower() in _BY_PILLOW:
            # A GIF is a palette and changes to the frame before: only as gray is it one size.
            mode = {"mode": "L"} if path.suffix.lower() == ".gif" else {}
            yield from iio.imiter(path, plugin="pillow", **mode)
            return
        pages = max(1, int(cv2.imcount(str(path))))
        for start in range(0, pages, PAGES_AT_ONCE):
            wanted = min(PAGES_AT_ONCE, pages - start)
            _, found = cv2.imreadmulti(str(path), start, wanted, flags=cv2.IMREAD_UNCHANGED)
            for picture in found:
                yield _red_first(picture)
            if len(found) < wanted:
                raise SourceError(
                    f"expected an image, but {path} breaks off in picture {start + len(found)} of "
                    f"{pages}, counted from 0. Check that it is whole."
                )


def _red_first(picture: NDArray[np.generic]) -> NDArray[np.generic]:
    """Channels as red, green, blue from OpenCV's blue, green, red."""
    if picture.ndim == 2:
        return picture
    order = [2, 1, 0, *range(3, picture.shape[2])]
    return picture[:, :, order]


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn whatever an image library raises into one line that names the file."""
    expected = f"expected an image, but {path}"
    if not path.is_file():
        raise SourceError(f"{expected} is not a file. Check the path.")
    if path.stat().st_size == 0:
        raise SourceError(f"{expected} is empty. Copy it again.")
    if path.suffix.lower() not in _BY_PILLOW and not cv2.haveImageReader(str(path)):
        raise SourceError(f"{expected} is of no known format. Check that it is what it is called.")
    try:
        yield
    except (SourceError, GeneratorExit):
        raise
    except Exception as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise SourceError(
            f"{expected} cannot be read: {reason}. Check that it is whole."
        ) from error


def to_gray(values: NDArray[np.generic]) -> tuple[NDArray[np.generic], list[str]]:
    """Luma of a picture.

    Parameters
    ----------
    values : (H, W) or (H, W, C) ndarray of uint8, uint16 or float32
        C is 1 (gray), 2 (gray, alpha), 3 (red, green, blue) or 4 (and alpha).

    Returns
    -------
    gray : (H, W) ndarray
        Of the same type; ``0.299 R + 0.587 G + 0.114 B``, rounded for integers. Alpha is
        left out.
    notes : list of str
        What was done to it.

    References
    ----------
    .. [1] ITU-R BT.601-7.
    """
    notes = []
    if values.ndim == 3 and values.shape[2] in (2, 4):
        values = values[:, :, :-1]
        notes.append("transparency was left out")
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    if values.ndim != 3 or values.shape[2] != 3:
        return values, notes
    notes.append("color was converted to luma (BT.601)")
    gray = values.astype(np.float32) @ _LUMA
    if values.dtype.kind in "iu":
        gray = np.rint(gray)
    return gray.astype(values.dtype), notes
