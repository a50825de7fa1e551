"""AEDAT 2.0 and 3.1 of jAER and cAER (.aedat), read: DVS128, DAVIS240 and DAVIS346.

2.0 is 32 bits address and 32 bits time, the highest byte first; what the address means depends on
the chip. 3.1 is packets with a header of 28 bytes. Rows and columns count from the bottom right in
2.0. Sources: the pages "AEDAT file formats" of iniVation, and the masks of jAER's chip classes
(DVS128, DAVISBaseCamera).
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from eventsim.errors import SourceError
from eventsim.events import SensorSize
from eventsim.formats.file import BLOCK_EVENTS, Block, EventFile, Layout, broken

MOST_HEADER_BYTES = 1 << 20
"""Chosen by eye: headers that list all settings of a camera have some ten thousand."""
_SIZES = {
    "dvs128": SensorSize(128, 128),
    "davis240": SensorSize(240, 180),
    "davis346": SensorSize(346, 260),
    "davis640": SensorSize(640, 480),
}
"""Of the chips that a header may name."""
_DVS128 = SensorSize(128, 128)
_PACKET = np.dtype(
    [
        ("kind", "<i2"),
        ("source", "<i2"),
        *((name, "<i4") for name in ("size", "offset", "overflow", "capacity", "number", "valid")),
    ]
)
"""Header of a packet of 3.1, 28 bytes."""
_POLARITY = 1
"""Kind of the packets of 3.1 that hold changes of contrast."""
MOST_PACKET_BYTES = 1 << 28
"""Of a packet that we read; chosen by eye: those of cameras have some ten thousand events."""


def open_aedat(path: Path, layout: Layout) -> EventFile:
    """Open an AEDAT 2.0 or 3.1 file.

    Raises
    ------
    SourceError
        If it is neither, or nothing says which chip it is from.
    """
    version, words, start = _header(path)
    size = next((size for name, size in _SIZES.items() if name in words.lower()), None)
    notes: list[str] = []
    read: Callable[[BinaryIO], Iterator[Block]]
    if version.startswith("2"):
        size = layout.size or size
        if size is None:
            raise SourceError(
                f"{path} is AEDAT 2.0 and does not say which chip it is from. Give the size of "
                "its sensor: --size 128x128 for a DVS128, 346x260 for a DAVIS346."
            )
        chip = size

        def read(file: BinaryIO) -> Iterator[Block]:
            return _events_of_2(file, chip, notes)

    elif version == "3.1":

        def read(file: BinaryIO) -> Iterator[Block]:
            return _events_of_31(file, path, notes)

    else:
        raise SourceError(f"{path} must be AEDAT 2.0 or 3.1, found {version or 'no version'}.")

    def blocks() -> Iterator[Block]:
        with path.open("rb") as file:
            file.seek(start)
            yield from read(file)

    return EventFile(path, f"aedat{version[:3]}", layout.size or size, blocks, notes)


def _header(path: Path) -> tuple[str, str, int]:
    """Version, text and length of the lines that begin with #."""
    with path.open("rb") as file:
        head = file.read(MOST_HEADER_BYTES)
    if not head.startswith(b"#!AER-DAT"):
        raise broken(path, "AEDAT file", "it does not begin with #!AER-DAT.")
    version = head[9:13].split(b"\r")[0].split(b"\n")[0].decode("latin-1").strip()
    end = 0
    while head[end : end + 1] == b"#":
        stop = head.find(b"\n", end)
        if stop < 0:
            raise broken(path, "AEDAT file", "its header does not end.")
        last = head[end:stop]
        end = stop + 1
        if last.startswith(b"#!END-HEADER"):
            break
    return version, head[:end].decode("latin-1"), end


def _events_of_2(file: BinaryIO, size: SensorSize, notes: list[str]) -> Iterator[Block]:
    wraps, last, others = 0, 0, 0
    while data := file.read(BLOCK_EVENTS * 8):
        if len(data) % 8:
            _say(notes, "the file ends within an event, which was left out")
        rows = np.frombuffer(data, ">i4", len(data) // 8 * 2).reshape(-1, 2)
        address, t = rows[:, 0].astype(np.int64), rows[:, 1].astype(np.int64)
        if not len(t):
            break
        # A step back over half of the range is a counter that began anew.
        back = np.diff(t, prepend=last) < -(1 << 31)
        turns = wraps + np.cumsum(back)
        wraps, last = int(turns[-1]), int(t[-1])
        t = t + turns * (1 << 32)
        if size == _DVS128:
            is_event = (address & 0x8000) == 0  # else a trigger
            x, y = 127 - ((address >> 1) & 127), 127 - ((address >> 8) & 127)
            p = (address & 1) == 0
        else:
            # Bit 31 is a sample of the frame or of the inertial sensor, bit 10 a trigger.
            is_event = (address >= 0) & ((address & 0x400) == 0)
            x = size.width - 1 - ((address >> 12) & 1023)
            y = size.height - 1 - ((address >> 22) & 511)
            p = ((address >> 11) & 1) == 1
        if not is_event.all():
            others += int(np.sum(~is_event))
            t, x, y, p = (column[is_event] for column in (t, x, y, p))
        yield Block(t, x, y, p, len(data))
    if others:
        _say(notes, f"left out: {others:,} samples of frames, inertial measurements and triggers")


def _events_of_31(file: BinaryIO, path: Path, notes: list[str]) -> Iterator[Block]:
    used = others = 0
    while len(head := file.read(_PACKET.itemsize)) == _PACKET.itemsize:
        packet = np.frombuffer(head, _PACKET)[0]
        size, capacity, number = (int(packet[name]) for name in ("size", "capacity", "number"))
        length = size * capacity
        if min(size, capacity) < 0 or length > MOST_PACKET_BYTES or not 0 <= number <= capacity:
            raise broken(path, "AEDAT file", "a packet says that it has a size that cannot be.")
        data = file.read(length)
        used += len(head) + length
        if len(data) < length:
            _say(notes, "the file ends within a packet, which was left out")
            break
        if packet["kind"] != _POLARITY or size != 8:
            others += 1
            continue
        rows = np.frombuffer(data, "<u4", 2 * number).reshape(-1, 2)
        word, t = rows[:, 0], rows[:, 1].astype(np.int64)
        t += int(packet["overflow"]) << 31
        valid = (word & 1) == 1
        x, y, p = word >> 17, (word >> 2) & 0x7FFF, (word >> 1) & 1
        yield Block(
            t[valid], x[valid].astype(np.int32), y[valid].astype(np.int32), p[valid] == 1, used
        )
        used = 0
    if others:
        _say(notes, f"left out: {others:,} packets of frames, inertial measurements and the like")
    if 0 < len(head) < _PACKET.itemsize:
        _say(notes, "the file ends within a packet, which was left out")


def _say(notes: list[str], words: str) -> None:
    if words not in notes:
        notes.append(words)
