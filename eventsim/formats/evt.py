"""Prophesee's RAW files: EVT2 and EVT3, read and written, and EVT2.1, read.

Times have 34 bits in EVT2 and 24 in EVT3. They are unwrapped from the first one on, and those of
an EVT3 file that we wrote are given back whole: its header has the rest.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from eventsim.errors import SourceError
from eventsim.events import Events, SensorSize
from eventsim.formats.file import BLOCK_EVENTS, Block, EventFile, Layout
from eventsim.formats.prophesee_header import T0_KEY, Header, header_bytes, read_header

READ_BYTES = 1 << 21
"""Of the file at a time; chosen by eye."""
MOST_PX = 2048
"""Columns and rows that 11 bits can tell apart."""
TIME_BITS = {"EVT2": 34, "EVT3": 24}


def open_raw(path: Path, layout: Layout) -> EventFile:
    """Open a RAW file.

    Raises
    ------
    SourceError
        If its header does not say EVT2, EVT2.1 or EVT3.
    """
    with path.open("rb") as file:
        header = read_header(file, path)
    if header.format not in _DECODERS:
        found = header.format or "no format that is known"
        raise SourceError(
            f"{path} must be EVT2, EVT2.1 or EVT3, but its header says {found}. Convert it with "
            "the maker's program first."
        )
    notes: list[str] = []
    decode = _DECODERS[header.format]
    t0_us = header.t0_us(path)

    def blocks() -> Iterator[Block]:
        with path.open("rb") as file:
            file.seek(header.end)
            for t, x, y, p, used in decode(file, header, notes):
                yield Block(t + t0_us if t0_us else t, x, y, p, used)

    name = {"EVT21": "evt2.1"}.get(header.format, header.format.lower())
    return EventFile(path, name, layout.size or header.size(path), blocks, notes)


def write_evt3(file: BinaryIO, pieces: Iterable[Events], size: SensorSize) -> list[str]:
    """Write events as EVT3; returns what is lost.

    Raises
    ------
    SourceError
        If the sensor is too large.
    """
    from eventsim.formats.evt_kernels import encode_evt3

    return _write(file, pieces, size, "EVT3", (np.dtype("<u2"), encode_evt3))


def write_evt2(file: BinaryIO, pieces: Iterable[Events], size: SensorSize) -> list[str]:
    """Write events as EVT2; as `write_evt3`."""
    from eventsim.formats.evt_kernels import encode_evt2

    return _write(file, pieces, size, "EVT2", (np.dtype("<u4"), encode_evt2))


def _write(
    file: BinaryIO,
    pieces: Iterable[Events],
    size: SensorSize,
    name: str,
    how: tuple[np.dtype[Any], Any],
) -> list[str]:
    if max(size) > MOST_PX:
        raise SourceError(f"{name} holds up to {MOST_PX} px per side, found {size}. Crop first.")
    dtype, encode = how
    words = np.empty(BLOCK_EVENTS, dtype)
    state = np.zeros(4, np.int64)
    state[3] = -1
    begun, t0_us = False, 0
    for piece in pieces:
        if not begun and len(piece):
            begun, t0_us = True, int(piece.t[0]) >> TIME_BITS[name] << TIME_BITS[name]
            file.write(_header(name, size, t0_us))
        t = piece.t - t0_us if t0_us else piece.t
        done = 0
        while done < len(t):
            n, done = encode(t, piece.x, piece.y, piece.p, done, state, words)
            file.write(words[:n].data)
    if not begun:
        file.write(_header(name, size, 0))
    if t0_us:
        limit = 2 ** TIME_BITS[name] / 1e6
        return [
            f"{name} times begin below {limit:,.0f} s: {t0_us} us are in the header, as {T0_KEY}"
        ]
    return []


def _header(name: str, size: SensorSize, t0_us: int) -> bytes:
    version = {"EVT2": "2.0", "EVT3": "3.0"}[name]
    fields = {
        "evt": version,
        "format": f"{name};height={size.height};width={size.width}",
        "geometry": f"{size.width}x{size.height}",
        "generator": "eventsim",
    }
    if t0_us:
        fields[T0_KEY] = str(t0_us)
    return header_bytes(fields | {"end": ""})


_Columns = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int]
"""t, x, y, p and the bytes that they took."""


def _room() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    n = BLOCK_EVENTS
    return np.empty(n, np.int64), np.empty(n, np.uint16), np.empty(n, np.uint16), np.empty(n, bool)


def _words(file: BinaryIO, dtype: str, notes: list[str]) -> Iterator[np.ndarray]:
    """Yield the words of a file; a word that is cut off at its end is said."""
    width = np.dtype(dtype).itemsize
    while data := file.read(READ_BYTES):
        rest = len(data) % width
        if rest:
            _say(notes, "the file ends within a word, which was left out")
        yield np.frombuffer(data, dtype, len(data) // width)


def _say(notes: list[str], words: str) -> None:
    if words not in notes:
        notes.append(words)


def _decode_evt3(file: BinaryIO, header: Header, notes: list[str]) -> Iterator[_Columns]:
    from eventsim.formats.evt_kernels import EVT3_STATE, decode_evt3

    state = np.zeros(EVT3_STATE, np.int64)
    yield from _vectors(_words(file, "<u2", notes), state, decode_evt3)


def _decode_evt21(file: BinaryIO, header: Header, notes: list[str]) -> Iterator[_Columns]:
    from eventsim.formats.evt_kernels import EVT2_STATE, decode_evt21

    state = np.zeros(EVT2_STATE, np.int64)
    words = _words(file, "<u8", notes)
    if header.options.get("endianness") == "legacy":  # its halves the other way round
        words = ((some << np.uint64(32)) | (some >> np.uint64(32)) for some in words)
    yield from _vectors(words, state, decode_evt21)


def _vectors(words: Iterable[np.ndarray], state: np.ndarray, decode: Any) -> Iterator[_Columns]:
    for some in words:
        done = 0
        while done < some.size:
            t, x, y, p = _room()
            before = done
            n, done = decode(some, done, state, t, x, y, p)
            yield t[:n], x[:n], y[:n], p[:n], (done - before) * some.itemsize


def _decode_evt2(file: BinaryIO, header: Header, notes: list[str]) -> Iterator[_Columns]:
    from eventsim.formats.evt_kernels import EVT2_STATE, decode_evt2

    state = np.zeros(EVT2_STATE, np.int64)
    for words in _words(file, "<u4", notes):
        t, x, y, p = _room()
        n = decode_evt2(words, state, t, x, y, p)
        yield t[:n], x[:n], y[:n], p[:n], words.nbytes


_DECODERS = {"EVT2": _decode_evt2, "EVT21": _decode_evt21, "EVT3": _decode_evt3}
