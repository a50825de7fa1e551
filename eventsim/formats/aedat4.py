"""AEDAT 4.0, the files of iniVation's DV: events and frames, compressed with LZ4 or zstd.

A line of text, a header (a FlatBuffers table), then packets: 32 bits for the stream, 32 for the
size, and a compressed table. An event has 16 bytes: 64-bit time in microseconds, 16 bits x, 16 bits
y, polarity. Sources: the page "AEDAT 4.0" of iniVation's documentation; the schemas of
dv-processing (events.fbs, frame.fbs, IOHeader.fbs).
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeVar
from xml.etree import ElementTree

import numpy as np
from imagecodecs import (
    Lz4fError,
    ZstdError,
    lz4f_decode,
    lz4f_encode,
    zstd_decode,
)
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.events import Events, SensorSize, checked_size
from eventsim.formats.file import Block, EventFile, Layout, broken
from eventsim.formats.flatbuffer import FlatbufferError, Table, build_table

MAGIC = b"#!AER-DAT4.0\r\n"
EVENT = np.dtype(
    {
        "names": ["t", "x", "y", "p"],
        "formats": ["<i8", "<i2", "<i2", "u1"],
        "offsets": [0, 8, 10, 12],
        "itemsize": 16,
    }
)
PACKET_EVENTS = 1 << 16
"""Events of a packet that we write: 1 MB before it is compressed; chosen by eye."""
MOST_PACKET_BYTES = 1 << 28
"""Of a packet that we read; chosen by eye: those of DV have some ten thousand events."""
_NONE, _LZ4, _ZSTD = (0,), (1, 2), (3, 4)
"""Numbers of the compressions, each fast and high (CompressionType of IOHeader.fbs)."""
_KINDS = {"FRME": "frames", "IMUS": "inertial measurements", "TRIG": "triggers"}
"""Other streams that DV writes."""
_CHANNELS = {0: 1, 16: 3, 24: 4}
"""Of pixels, by the format of a frame (FrameFormat of frame.fbs: OpenCV's 8UC1, 8UC3, 8UC4)."""


class Stream(NamedTuple):
    """A stream of a file: its number, its kind (``EVTS``, ``FRME``, ...) and its size, if any."""

    number: int
    kind: str
    size: SensorSize | None


@dataclass(frozen=True)
class Header:
    """What stands before the packets.

    Attributes
    ----------
    compression : int
    streams : tuple of Stream
    start, stop : int
        Bytes between which the packets lie.
    """

    compression: int
    streams: tuple[Stream, ...]
    start: int
    stop: int

    def first(self, kind: str) -> Stream | None:
        """The first stream of a kind."""
        return next((stream for stream in self.streams if stream.kind == kind), None)


class Picture(NamedTuple):
    """A frame of a file.

    Attributes
    ----------
    t_us : int
        Middle of its exposure.
    pixels : (H, W) or (H, W, C) ndarray of uint8
        Gray, BGR or BGRA.
    """

    t_us: int
    pixels: NDArray[np.uint8]


def open_aedat4(path: Path, layout: Layout) -> EventFile:
    """Open the first stream of events of a file.

    Raises
    ------
    SourceError
        If it has none, or is broken.
    """
    header = read_header(path)
    stream = header.first("EVTS")
    if stream is None:
        kinds = ", ".join(one.kind for one in header.streams) or "none"
        raise SourceError(f"{path} has no stream of events; its streams: {kinds}.")
    notes: list[str] = []
    many = sum(one.kind == "EVTS" for one in header.streams)
    if many > 1:
        notes.append(f"of {many} streams of events the first was read")
    others = [_KINDS.get(one.kind, one.kind) for one in header.streams if one.kind != "EVTS"]
    if others:
        hint = " (`eventsim convert` takes the frames)" if "frames" in others else ""
        notes.append(f"left out: {', '.join(others)}{hint}")

    def blocks() -> Iterator[Block]:
        for events, used in _parsed(path, header, stream, notes, _events_of):
            yield Block(events["t"], events["x"], events["y"], events["p"] != 0, used)

    return EventFile(path, "aedat4", layout.size or stream.size, blocks, notes)


def read_pictures(path: Path, notes: list[str]) -> Iterator[Picture]:
    """Frames of the first stream that has some.

    Parameters
    ----------
    path : Path
    notes : list of str
        Gets what is broken at the end.

    Raises
    ------
    SourceError
        If there is no such stream, or it is broken.
    """
    header = read_header(path)
    stream = header.first("FRME")
    if stream is None:
        raise SourceError(f"{path} has no stream of frames.")
    for picture, _ in _parsed(path, header, stream, notes, _picture_of):
        yield picture


def _events_of(table: Table) -> NDArray[np.void]:
    return table.vector(0, EVENT)


def _picture_of(table: Table) -> Picture:
    width, height = table.number(6, "<h"), table.number(7, "<h")
    channels = _CHANNELS.get(table.number(5, "<b"))
    pixels = table.vector(10, np.uint8)
    if channels is None or min(width, height) < 1 or pixels.size != width * height * channels:
        raise FlatbufferError(f"a frame of {width}x{height} px has {pixels.size} bytes")
    start, stop = table.number(3, "<q"), table.number(4, "<q")
    t_us = (start + stop) // 2 if stop >= start > 0 else table.number(0, "<q")
    shape = (height, width) if channels == 1 else (height, width, channels)
    return Picture(t_us, pixels.reshape(shape))


def read_header(path: Path) -> Header:
    """Header of a file.

    Raises
    ------
    SourceError
        If it is none.
    """
    total = path.stat().st_size
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise broken(path, "AEDAT4 file", "it does not begin with #!AER-DAT4.0.")
        size = file.read(4)
        if len(size) < 4:
            raise broken(path, "AEDAT4 file", "it ends before its header.")
        (count,) = struct.unpack("<I", size)
        start = len(MAGIC) + 4 + count
        if start > total:
            raise broken(path, "AEDAT4 file", "it ends within its header.")
        content = size + file.read(count)
        compression, end, words = _parse(path, content, b"IOHE", _header_of)
    if compression not in (*_NONE, *_LZ4, *_ZSTD):
        raise broken(path, "AEDAT4 file", f"its compression is {compression}, which is not known.")
    # Where the recording was cut off, there is no table of contents at the end.
    stop = end if start <= end <= total else total
    return Header(compression, _streams(path, words), start, stop)


def _streams(path: Path, words: str) -> tuple[Stream, ...]:
    """Streams that the XML of a header lists."""
    try:
        root = ElementTree.fromstring(words)
        found = []
        for node in root.iterfind(".//node[@name='outInfo']/node"):
            kind = _attribute(node, "typeIdentifier")
            info = node.find("node[@name='info']")
            sides = [] if info is None else [_attribute(info, f"size{axis}") for axis in "XY"]
            size = checked_size((int(sides[0]), int(sides[1]))) if all(sides) and sides else None
            found.append(Stream(int(node.get("name", "")), kind, size))
    except (ElementTree.ParseError, ValueError) as error:
        words = " ".join(str(error).split())
        raise broken(path, "AEDAT4 file", f"its list of streams cannot be read: {words}") from None
    return tuple(found)


def _attribute(node: ElementTree.Element, key: str) -> str:
    found = node.find(f"attr[@key='{key}']")
    return "" if found is None else (found.text or "").strip()


def _header_of(table: Table) -> tuple[int, int, str]:
    return table.number(0, "<i"), table.number(1, "<q", -1), table.text(2)


Parsed = TypeVar("Parsed")


def _parsed(
    path: Path, header: Header, stream: Stream, notes: list[str], parse: Callable[[Table], Parsed]
) -> Iterator[tuple[Parsed, int]]:
    """Yield what the tables of a stream hold, with the bytes since the one before."""
    used = 0
    with path.open("rb") as file:
        file.seek(header.start)
        place = header.start
        while place + 8 <= header.stop:
            number, count = struct.unpack("<ii", file.read(8))
            if not 0 <= count <= MOST_PACKET_BYTES:
                raise broken(path, "AEDAT4 file", f"a packet says that it has {count} bytes.")
            if place + 8 + count > header.stop:
                break
            used += 8 + count
            place += 8 + count
            if number != stream.number:
                file.seek(count, 1)
                continue
            content = _unpacked(path, header.compression, file.read(count))
            yield _parse(path, content, stream.kind.encode(), parse), used
            used = 0
    if place < header.stop:
        words = "the file ends within a packet, which was left out"
        notes += [words] if words not in notes else []


def _parse(
    path: Path, content: bytes, identifier: bytes, parse: Callable[[Table], Parsed]
) -> Parsed:
    try:
        return parse(Table(content, identifier))
    except FlatbufferError as error:
        raise broken(path, "AEDAT4 file", f"{error}.") from None


def _unpacked(path: Path, compression: int, content: bytes) -> bytes:
    try:
        if compression in _LZ4:
            return bytes(lz4f_decode(content))
        return bytes(zstd_decode(content)) if compression in _ZSTD else content
    except (Lz4fError, ZstdError, ValueError) as error:
        words = " ".join(str(error).split())
        raise broken(path, "AEDAT4 file", f"a packet cannot be unpacked: {words}.") from None


def write_aedat4(file: BinaryIO, pieces: Iterable[Events], size: SensorSize) -> list[str]:
    """Write events as one stream, compressed with LZ4; nothing but the kind is lost.

    Without a table of contents at its end, which is optional: readers then look through the file.
    """
    words = _XML.format(width=size.width, height=size.height).encode()
    fields = [
        (0, struct.pack("<i", _LZ4[0]), -1),
        (1, struct.pack("<q", -1), -1),
        (2, words, len(words)),
    ]
    file.write(MAGIC + build_table(b"IOHE", fields))
    for piece in pieces:
        for first in range(0, len(piece), PACKET_EVENTS):
            some = piece[first : first + PACKET_EVENTS]
            array = np.zeros(len(some), EVENT)
            for name in EVENT.names or ():
                array[name] = getattr(some, name)
            content = lz4f_encode(build_table(b"EVTS", [(0, array.tobytes(), len(some))]))
            file.write(struct.pack("<ii", 0, len(content)) + content)
    return []


_XML = """<dv version="2.0">
    <node name="outInfo" path="/mainloop/Recorder/outInfo/">
        <node name="0" path="/mainloop/Recorder/outInfo/0/">
            <attr key="compression" type="string">LZ4</attr>
            <attr key="originalModuleName" type="string">eventsim</attr>
            <attr key="originalOutputName" type="string">events</attr>
            <attr key="typeDescription" type="string">Array of events (polarity ON/OFF).</attr>
            <attr key="typeIdentifier" type="string">EVTS</attr>
            <node name="info" path="/mainloop/Recorder/outInfo/0/info/">
                <attr key="sizeX" type="int">{width}</attr>
                <attr key="sizeY" type="int">{height}</attr>
                <attr key="source" type="string">eventsim</attr>
                <attr key="tsOffset" type="long">0</attr>
            </node>
        </node>
    </node>
</dv>
"""
"""As DV writes it: readers look for these keys."""
