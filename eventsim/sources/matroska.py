"""What a Matroska or WebM file says of its pictures that the decoder does not hand on.

References
----------
.. [1] RFC 8794 (EBML): elements are an identifier, a size and their content.
.. [2] RFC 9559 (Matroska): Segment, Tracks, TrackEntry, Video, PixelCropBottom and so on.
"""

from collections.abc import Iterator
from pathlib import Path

_EBML = b"\x1a\x45\xdf\xa3"
_WAY = (0x18538067, 0x1654AE6B, 0xAE, 0xE0)
"""Segment, Tracks, TrackEntry, Video [2]_."""
_CROPS = {0x54AA: "bottom", 0x54BB: "top", 0x54CC: "left", 0x54DD: "right"}
_LOOKED_AT = 4 << 20
"""Bytes in which the tracks must be described: writers put them before the pictures."""
_MOST_ELEMENTS = 10_000


def pixel_crop(path: Path) -> dict[str, int]:
    """Pixels of the first video track that are to be hidden, by side; {} if there are none.

    Parameters
    ----------
    path : Path
        Any file; one that is no Matroska hides nothing.
    """
    with path.open("rb") as file:
        data = file.read(_LOOKED_AT)
    if not data.startswith(_EBML):
        return {}
    spans = [(0, len(data))]
    for wanted in _WAY:
        spans = [
            (start, stop)
            for outer in spans
            for name, start, stop in _elements(data, *outer)
            if name == wanted
        ]
    for video in spans[:1]:
        found = {
            _CROPS[name]: int.from_bytes(data[start:stop][:8], "big")
            for name, start, stop in _elements(data, *video)
            if name in _CROPS
        }
        return {side: pixels for side, pixels in found.items() if pixels}
    return {}


def _elements(data: bytes, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """Yield identifier, start and stop of the elements in a stretch; damage ends it."""
    for _ in range(_MOST_ELEMENTS):
        name, start = _number(data, start, keep_marker=True)
        size, start = _number(data, start, keep_marker=False)
        if name < 0 or size < 0 or start >= stop:
            return
        end = min(stop, start + size)
        yield name, start, end
        start = end


def _number(data: bytes, start: int, *, keep_marker: bool) -> tuple[int, int]:
    """Read a number of variable length [1]_; -1 if there is none."""
    if start >= len(data) or not data[start]:
        return -1, start
    length = 9 - data[start].bit_length()
    if start + length > len(data):
        return -1, start
    value = int.from_bytes(data[start : start + length], "big")
    marker = 1 << (7 * length)
    if not keep_marker:
        value -= marker
        if value == marker - 1:  # of unknown size: it reaches to the end
            value = len(data)
    return value, start + length
