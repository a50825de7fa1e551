"""Event Stream 2.0 (.es), kind DVS: five bytes an event, rows from the bottom.

Source: the specification (neuromorphic-paris/event_stream). Times are differences from 0 on, a byte
for every 127 us without an event, so those of a clock that counts from long ago are not kept.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from eventsim.errors import OutsideSensorError, SourceError
from eventsim.events import Events, SensorSize, checked_size
from eventsim.formats.file import Block, EventFile, Layout, broken

MAGIC = b"Event Stream"
_VERSION = b"\x02\x00\x00"
_DVS = 1
_HEADER_BYTES = len(MAGIC) + 3 + 1 + 4
READ_BYTES = 1 << 22
"""Of the file at a time; chosen by eye."""
LATEST_START_US = 1 << 24
"""Of times that are kept: 132 kB for what is before; chosen by eye."""
LONGEST_PAUSE_US = 1 << 31
"""Without an event: 17 MB; chosen by eye."""


def open_es(path: Path, layout: Layout) -> EventFile:
    """Open an Event Stream file.

    Raises
    ------
    SourceError
        If it is of another version or kind.
    """
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    if len(head) < _HEADER_BYTES or head[:12] != MAGIC:
        raise broken(path, "Event Stream file", "it does not begin with 'Event Stream'.")
    if head[12] != _VERSION[0] or head[15] != _DVS:
        raise SourceError(
            f"{path} must be Event Stream 2 with DVS events (kind 1), found version {head[12]}, "
            f"kind {head[15]}. Convert it first."
        )
    width, height = np.frombuffer(head, "<u2", 2, 16).tolist()
    try:
        size = checked_size((width, height))
    except OutsideSensorError as error:
        raise broken(path, "Event Stream file", str(error)) from None
    notes: list[str] = []

    def blocks() -> Iterator[Block]:
        from eventsim.formats.es_kernels import decode_es

        time_us, rest = 0, b""
        with path.open("rb") as file:
            file.seek(_HEADER_BYTES)
            while data := file.read(READ_BYTES):
                every = np.frombuffer(rest + data, np.uint8)
                room = every.size // 5 + 1
                t, p = np.empty(room, np.int64), np.empty(room, np.bool_)
                x, y = np.empty(room, np.uint16), np.empty(room, np.uint16)
                n, used, time_us = decode_es(every, time_us, t, x, y, p)
                rest = every[used:].tobytes()
                rows = np.int32(size.height - 1) - y[:n].astype(np.int32)
                yield Block(t[:n], x[:n], rows, p[:n], len(data))
        words = "the file ends within an event, which was left out"
        if rest and words not in notes:
            notes.append(words)

    return EventFile(path, "es", layout.size or size, blocks, notes)


def write_es(file: BinaryIO, pieces: Iterable[Events], size: SensorSize) -> list[str]:
    """Write events as Event Stream; returns what is lost.

    Raises
    ------
    SourceError
        If there is a very long time without an event, which takes a byte every 127 us.
    """
    from eventsim.formats.es_kernels import encode_es

    sides = np.array([size.width, size.height], "<u2").tobytes()
    file.write(MAGIC + _VERSION + bytes([_DVS]) + sides)
    data = np.empty(READ_BYTES, np.uint8)
    begun, t0_us, time_us = False, 0, 0
    for piece in pieces:
        if not len(piece):
            continue
        if not begun:
            begun = True
            t0_us = 0 if 0 <= piece.t[0] < LATEST_START_US else int(piece.t[0])
        t = piece.t - t0_us
        pause_us = int(np.diff(t, prepend=time_us).max())
        if pause_us > LONGEST_PAUSE_US:
            raise SourceError(
                f"Event Stream takes a byte for every 127 us, and {pause_us} us are without an "
                "event. Export it in another format, or a part with --start and --stop."
            )
        rows = np.uint16(size.height - 1) - piece.y
        done = 0
        while done < len(t):
            n, done, time_us = encode_es(t, piece.x, rows, piece.p, done, time_us, data)
            file.write(data[:n].data)
    if t0_us:
        return [f"Event Stream times begin at 0: the first event is at {t0_us} us"]
    return []
