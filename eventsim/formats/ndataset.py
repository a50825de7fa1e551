"""The .bin files of N-MNIST and N-Caltech101: five bytes an event.

8 bits x, 8 bits y, 1 bit polarity, 23 bits time in microseconds, the highest byte first. A row of
240 is no event: 2**13 us are to be added to all that follow. Sources: the datasets' own
descriptions and Read_Ndataset.m; eventvision.py of the same author for the rows of 240.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from eventsim.errors import SourceError
from eventsim.events import Events, SensorSize
from eventsim.formats.file import BLOCK_EVENTS, Block, EventFile, Layout, broken

_OVERFLOW_ROW = 240
_OVERFLOW_US = 1 << 13
_MOST_US = 1 << 23
_EVENT_BYTES = 5


def open_bin(path: Path, layout: Layout) -> EventFile:
    """Open a .bin file; it does not say how large its sensor is (N-MNIST: 34x34).

    Raises
    ------
    SourceError
        If it is not made of five bytes an event.
    """
    total = path.stat().st_size
    if total % _EVENT_BYTES:
        raise broken(path, "file of N-MNIST", f"expected five bytes an event, found {total} bytes.")

    def blocks() -> Iterator[Block]:
        later_us = 0
        with path.open("rb") as file:
            while data := file.read(BLOCK_EVENTS * _EVENT_BYTES):
                x, y, high, middle, low = np.frombuffer(data, np.uint8).reshape(-1, 5).T
                t = ((high & 127).astype(np.int64) << 16) | (middle.astype(np.int64) << 8) | low
                p = high > 127
                is_event = y != _OVERFLOW_ROW
                if later_us or not is_event.all():
                    later = later_us + np.cumsum(~is_event) * _OVERFLOW_US
                    later_us = int(later[-1])
                    t, x, y, p = ((column)[is_event] for column in (t + later, x, y, p))
                yield Block(t, x, y, p, len(data))

    return EventFile(path, "ndataset", layout.size, blocks)


def write_bin(file: BinaryIO, pieces: Iterable[Events], size: SensorSize) -> list[str]:
    """Write events as N-MNIST has them; returns what is lost.

    Raises
    ------
    SourceError
        If the sensor is too large, or an event comes after 8.4 s.
    """
    if size.width > 256 or size.height > _OVERFLOW_ROW:
        raise SourceError(f"files of N-MNIST hold up to 256x240 px, found {size}. Crop first.")
    begun, t0_us = False, 0
    for piece in pieces:
        if not len(piece):
            continue
        if not begun:
            begun, t0_us = True, 0 if 0 <= piece.t[0] < _MOST_US // 2 else int(piece.t[0])
        t = piece.t - t0_us
        if t[-1] >= _MOST_US:
            raise SourceError(
                f"files of N-MNIST have 23 bits of time, 8.4 s, and an event comes at {t[-1]} us. "
                "Export it in another format, or a part with --stop."
            )
        rows = np.empty((len(piece), _EVENT_BYTES), np.uint8)
        rows[:, 0], rows[:, 1] = piece.x, piece.y
        rows[:, 2] = (t >> 16) | np.where(piece.p, 128, 0)
        rows[:, 3], rows[:, 4] = (t >> 8) & 255, t & 255
        file.write(rows.data)
    lost = [f"the file does not say its size, {size}"]
    if t0_us:
        lost.append(f"its times begin at 0: the first event is at {t0_us} us")
    return lost
