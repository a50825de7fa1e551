"""Prophesee's DAT files: 8 bytes an event, times of 32 bits.

A header of text, one byte for the type of the events (0 or 12: changes of contrast), one for their
size (8), then a 32-bit time in microseconds and a 32-bit word: 14 bits x, 14 bits y, and polarity
from bit 28 on; in files of version 1 (ATIS) 9 bits x, 8 bits y, polarity in bit 17. Sources: the
page "DAT file format" of the Metavision documentation; load_atis_data.m of its MATLAB scripts.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from eventsim.errors import SourceError
from eventsim.events import Events, SensorSize
from eventsim.formats.file import BLOCK_EVENTS, Block, EventFile, Layout, broken
from eventsim.formats.prophesee_header import T0_KEY, header_bytes, read_header

_TYPES = (0, 12)
_CD = 12
_WRAP = 1 << 32
_SIDE_BITS = 14
_EVENT = np.dtype([("t", "<u4"), ("word", "<u4")])


def open_dat(path: Path, layout: Layout) -> EventFile:
    """Open a DAT file.

    Raises
    ------
    SourceError
        If it holds other things than changes of contrast.
    """
    with path.open("rb") as file:
        header = read_header(file, path)
        file.seek(header.end)
        kind = file.read(2)
    version = header.fields.get("version", "2")
    if len(kind) < 2 or kind[0] not in _TYPES or kind[1] != _EVENT.itemsize:
        found = " and ".join(str(byte) for byte in kind) or "nothing"
        raise broken(path, "DAT file", f"expected type 0 or 12 and size 8, found {found}.")
    first = header.end + 2
    notes: list[str] = []
    t0_us = header.t0_us(path)
    if (path.stat().st_size - first) % _EVENT.itemsize:
        notes.append("the file ends within an event, which was left out")

    def blocks() -> Iterator[Block]:
        wraps, last = 0, 0
        with path.open("rb") as file:
            file.seek(first)
            while len(events := np.fromfile(file, _EVENT, BLOCK_EVENTS)):
                t = events["t"].astype(np.int64)
                # A step back over half of the range is a counter that began anew.
                back = np.diff(t, prepend=last) < -_WRAP // 2
                last = int(t[-1])
                if wraps or back.any():
                    turns = wraps + np.cumsum(back)
                    t += turns * _WRAP
                    wraps = int(turns[-1])
                x, y, p = _fields(events["word"], version)
                yield Block(t + t0_us if t0_us else t, x, y, p, events.nbytes)

    return EventFile(path, "dat", layout.size or header.size(path), blocks, notes)


def _fields(word: np.ndarray, version: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if version in ("0", "1"):
        x, y, p = word & 0x1FF, (word >> np.uint32(9)) & 0xFF, (word >> np.uint32(17)) & 1
    else:
        x, y, p = word & 0x3FFF, (word >> np.uint32(14)) & 0x3FFF, (word >> np.uint32(28)) & 15
    return x.astype(np.uint16), y.astype(np.uint16), p > 0


def write_dat(file: BinaryIO, pieces: Iterable[Events], size: SensorSize) -> list[str]:
    """Write events as DAT; returns what is lost.

    Raises
    ------
    SourceError
        If the sensor is too large, or the recording lasts longer than 32 bits of microseconds.
    """
    if max(size) > 1 << _SIDE_BITS:
        raise SourceError(f"DAT holds up to {1 << _SIDE_BITS} px per side, found {size}.")
    begun, t0_us = False, 0
    for piece in pieces:
        if not len(piece):
            continue
        if not begun:
            begun = True
            t0_us = 0 if 0 <= piece.t[0] < _WRAP // 2 else int(piece.t[0])
            file.write(_header(size, t0_us))
        if piece.t[-1] - t0_us >= _WRAP:
            raise SourceError(
                f"DAT has 32 bits of time, 71 minutes, and an event comes {piece.t[-1] - t0_us} us "
                "after the start. Export it as evt3, aedat4 or hdf5, or a part with --stop."
            )
        events = np.empty(len(piece), _EVENT)
        events["t"] = piece.t - t0_us
        word = piece.x.astype(np.uint32) | piece.y.astype(np.uint32) << np.uint32(14)
        events["word"] = word | piece.p.astype(np.uint32) << np.uint32(28)
        file.write(events.data)
    if not begun:
        file.write(_header(size, 0))
    if t0_us:
        return [f"DAT times have 32 bits: they begin at 0, and {t0_us} us are in the header"]
    return []


def _header(size: SensorSize, t0_us: int) -> bytes:
    fields = {"Version": "2", "Width": str(size.width), "Height": str(size.height)}
    if t0_us:
        fields[T0_KEY] = str(t0_us)
    return header_bytes(fields) + bytes([_CD, _EVENT.itemsize])
