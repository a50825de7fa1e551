"""Pictures of TIFF files that image libraries read wrongly: deep, planar, floating point.

References
----------
.. [1] Adobe, "TIFF Revision 6.0", 1992: PhotometricInterpretation, PlanarConfiguration.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.sources.limits import check_unpacked

MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""Of TIFF and BigTIFF, both byte orders."""
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB = 0, 1, 2
"""PhotometricInterpretation [1]_."""
_CHUNKY = 1
_ALPHA = 2
"""ExtraSamples [1]_: alpha that colors are not multiplied with."""


def is_deep(path: Path) -> bool:
    """Whether the first page has more than 8 bits, planes apart, or floats."""
    with _opened(path) as pages:
        page = pages[0]
        planar = page.samplesperpixel > 1 and page.planarconfig != _CHUNKY
        return planar or _bits(page) > 8


def count_deep(path: Path) -> int:
    """Count the pages."""
    with _opened(path) as pages:
        return len(pages)


def read_deep(path: Path) -> Iterator[tuple[NDArray[np.generic], int]]:
    """Yield the pages as (H, W), (H, W, 3) or, with alpha, (H, W, 2 or 4) numbers.

    Fewer than 16 bits are scaled to 16, and white that is stored as zero is turned round.

    Yields
    ------
    values : ndarray
    turn : int
        Orientation as in Exif, 1 is upright.

    Raises
    ------
    SourceError
        For what is none of gray and RGB.
    """
    with _opened(path) as pages:
        for i, page in enumerate(pages):
            orientation = page.tags.get("Orientation")
            turn = 1 if orientation is None else orientation.value
            yield _numbers(page, f"page {i} of {path}"), turn if turn in range(2, 9) else 1


def _numbers(page: Any, where: str) -> NDArray[np.generic]:
    if page.photometric not in (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB):
        raise SourceError(
            f"expected gray or RGB, but {where} is {getattr(page.photometric, 'name', 'neither')}. "
            "Convert it."
        )
    if page.axes not in ("YX", "YXS", "SYX"):
        raise SourceError(f"expected a flat picture, but {where} has the axes {page.axes}.")
    check_unpacked(page.size * page.dtype.itemsize, where, picture=True)
    values: NDArray[np.generic] = page.asarray()
    if page.axes == "SYX":
        values = np.moveaxis(values, 0, -1)
    values = _to_16_bits(values, page, where)
    if page.photometric == _WHITE_IS_ZERO:
        if values.dtype.kind == "f":
            raise SourceError(f"{where} has floats whose white is zero. Convert it.")
        values = np.iinfo(values.dtype).max - values  # type: ignore[type-var]
    if values.ndim == 2:
        return values
    colors = 3 if page.photometric == _RGB else 1
    # Colors that are multiplied with alpha already are on black.
    alpha = bool(page.extrasamples) and page.extrasamples[0] == _ALPHA
    if alpha and values.dtype.kind == "f":
        raise SourceError(f"{where} has floats with transparency, of unknown scale. Convert it.")
    values = values[:, :, : colors + alpha]
    return values[:, :, 0] if values.shape[2] == 1 else values


def _to_16_bits(values: NDArray[np.generic], page: Any, where: str) -> NDArray[np.generic]:
    native = values.astype(values.dtype.newbyteorder("="), copy=False)
    if native.dtype in (np.float16, np.float64, np.float32):
        return native.astype(np.float32)
    if native.dtype == np.uint16 and _bits(page) < 16:
        return np.rint(native * (65535.0 / ((1 << _bits(page)) - 1))).astype(np.uint16)
    if native.dtype not in (np.uint8, np.uint16):
        raise SourceError(
            f"expected 8 or 16 bits without sign, or floats, but {where} is of {native.dtype}. "
            "Convert it."
        )
    return native


def _bits(page: Any) -> int:
    bits = page.bitspersample
    return max(bits) if isinstance(bits, tuple) else int(bits)


@contextmanager
def _opened(path: Path) -> Iterator[list[Any]]:
    """Pages that are whole pictures: previews and masks beside them are none."""
    logger = logging.getLogger("tifffile")
    if not logger.handlers:  # it would print what it stumbles over to the terminal
        logger.addHandler(logging.NullHandler())
    with path.open("rb") as file, tifffile.TiffFile(file, name=path.name) as tif:
        described = (tif.imagej_metadata or {}).get("images", 1) if tif.is_imagej else 1
        if len(tif.pages) == 1 and described > 1:
            raise SourceError(
                f"{path} is an ImageJ stack of {described} pictures without a directory for each. "
                "Save it again as a TIFF of less than 4 GB, or as single images."
            )
        pages: list[Any] = [page for page in tif.pages if not (page.subfiletype & 5)]
        if not pages:
            raise SourceError(f"{path} holds no picture. Check it.")
        yield pages
