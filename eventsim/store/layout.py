"""How a dataset lies on disk: names, dtypes, chunks, codecs, and the number of this format.

::

    out.zarr/                   Zarr v3 group; its attributes say how the dataset was made
      parts/00000/              what one task wrote, and nobody else ever writes
        step                    events of many recordings, one after the other; see below
        restart                 (r, 3) where counting begins: event, time, pixel
        offsets                 (n + 1) recording i is [offsets[i], offsets[i + 1])
        object                  id of the object that each event is of, 0 is none; only where the
                                  attributes of the root say ``objects: true``
        frame_t frame_stop      time of each frame; events of its recording up to that time
        frame_offsets           (n + 1) as offsets, for the frames
        path_t path_x path_y    nodes of the path of a moved image; these and the next line are
        path_rotation path_zoom   only in parts in which a recording has a path
        path_offsets            (n + 1) as offsets, for the nodes
        commit/                 an empty group, written last: its attributes are the commit record
      samples/                  one column per property, one row per recording; written by `finish`

Events are sorted by time, row and column, so ``key = t W H + y W + x`` never falls along a
recording. Of each event the difference to the key before is stored, with its kind and its
polarity in the lowest bits::

    step = (key - key before) << 4 | kind << 1 | p

That is one column to compress in place of five, and the smaller one. A row of ``restart`` gives
an event's index in the part, its time and its pixel ``y W + x``; its own difference is 0. There
is one at the start of each recording and of each chunk, and after a pause so long that the
difference would not fit: so each chunk is decoded by itself, times are as large as they like,
and a window of time is found without reading events.

With ``content: planes`` in the attributes of the root, a part holds still images that became
planes of events, all of one size, in place of all of the above but ``commit/``::

        planes                  (n, 8, 2, H, S) one bit per pixel, S = ceil(W / 8) bytes per row;
                                polarity 0 is OFF, 1 is ON; the highest bit is the leftmost pixel

A part without a commit record does not exist. The record is a group node, and not a loose JSON
file, because it is then one atomic write through Zarr's public interface on any kind of store,
and other Zarr readers do not stumble over an object they do not know.

Every chunk and every index of a shard ends with its crc32c, as the Zarr specification has it.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from zarr.codecs import BloscCodec, Crc32cCodec

FORMAT = "eventsim"
FORMAT_VERSION = 3

CHUNK_EVENTS = 32_768
"""Smallest piece that is read. A window or a sample costs a chunk or two; against 131,072 events a
chunk, 32,768 take 0.3 % more bytes, and a sample a third of the time (measured at 1280x720)."""

SHARD_EVENTS = 128 * CHUNK_EVENTS
"""One file for 4 million events, about 11 MB: few files on disk; chosen by eye."""

CHUNK_RESTARTS = 1024
SHARD_RESTARTS = 128 * CHUNK_RESTARTS
"""A row per chunk of events, or per recording."""

KIND_BIT = 1
MOVE_BIT = 4
"""Lowest bits of a step: polarity is bit 0, then the kind, then the difference of the keys."""

LONGEST = 2 ** (64 - MOVE_BIT) - 1
"""Largest difference of keys, and the largest that they add up to from one restart: 14 days of
1280x720 pixels."""

CHUNK_FRAMES = 16_384
SHARD_FRAMES = 8 * CHUNK_FRAMES
"""Frames are rarer than events by a factor of thousands; chosen by eye."""

CHUNK_NODES = 16_384
SHARD_NODES = 8 * CHUNK_NODES
"""A path has tens to hundreds of nodes; as the frames."""

CHUNK_PLANES_BYTES = 64 << 10
"""A chunk of planes holds as many whole samples as fit into this, and at least one. Chosen by
measurement: larger ones take longer to read a sample from."""

SHARD_PLANES_BYTES = 16 << 20
"""One file for so many bytes of planes: also what a writer buffers. Chosen by eye."""

MOST_CHUNK_BYTES = 1 << 30
"""A chunk or shard that says it is larger is not read: the largest written has 32 MB, or holds
one sample of planes."""

EVENT_DTYPES = {"step": "uint64", "restart": "int64"}
FRAME_DTYPES = {"frame_t": "int64", "frame_stop": "int64"}
OBJECT_DTYPES = {"object": "uint16"}
PATH_DTYPES = {
    "path_t": "int64",
    "path_x": "float64",
    "path_y": "float64",
    "path_rotation": "float64",
    "path_zoom": "float64",
}
DTYPES = {**EVENT_DTYPES, **FRAME_DTYPES, **OBJECT_DTYPES, **PATH_DTYPES, "planes": "uint8"}
DIMENSIONS = {"restart": 2, "planes": 5}
"""Of the arrays of a part; the others have one."""

PLANES = 8
POLARITIES = 2

FILL: dict[str, int | float] = {
    "int64": -1,
    "uint64": 2**64 - 1,
    "uint16": 2**16 - 1,
    "uint8": 255,
    "float64": float("nan"),
}
"""What a missing chunk reads as: never a value that looks like an event. (Planes of ones alone
are none either: no pixel becomes brighter and darker at once.)"""


@dataclass(frozen=True)
class Content:
    """What the samples of a dataset are: the columns of its table.

    Attributes
    ----------
    name : str
        As the attributes of the root say it.
    numbers, strings : tuple of str
        Columns of int64, and of text.
    """

    name: str
    numbers: tuple[str, ...]
    strings: tuple[str, ...]


_STRINGS = ("label", "split", "group", "source", "status", "notes")
"""Stored as UTF-8 bytes and offsets: Zarr v3 has no settled string type yet, and warns."""

EVENTS = Content(
    "events",
    (
        *("part", "start", "stop", "frame_start", "frame_stop", "path_start", "path_stop"),
        *("width", "height", "duration_us", "seed", "sample"),
    ),
    ("id", *_STRINGS),
)
PLANES_OF_IMAGES = Content(
    "planes", ("part", "row", "width", "height", "ones", "seed", "sample"), _STRINGS
)
CONTENTS = {content.name: content for content in (EVENTS, PLANES_OF_IMAGES)}


SAMPLES_A_PART = 1 << 32
"""More than a part can hold: where a writer numbers its samples itself, a part begins here."""


SEALED_NOTE = "sealed "
"""Begins a note that is for nobody but who has the key of an anonymized dataset."""

CARD_FILES = ("README.md", "croissant.json", "card")
"""What a finished dataset says of itself to people; none of it is needed to read it."""


def part_path(part: int) -> str:
    """Path of a part inside the dataset."""
    return f"parts/{part:05d}"


@dataclass(frozen=True)
class Coding:
    """How a chunk is compressed: by Blosc, which the Zarr v3 specification has.

    Attributes
    ----------
    compressor : {"lz4", "zstd"}
    level : int
    shuffle : {"shuffle", "bitshuffle"}
        Of the bytes, or of the bits, of neighboring items.
    item_bytes : int
    """

    compressor: Literal["lz4", "zstd"]
    level: int
    shuffle: Literal["shuffle", "bitshuffle"]
    item_bytes: int

    def codecs(self) -> tuple[BloscCodec, Crc32cCodec]:
        """Codecs of Zarr that do the same."""
        blosc = BloscCodec(
            cname=self.compressor,
            clevel=self.level,
            shuffle=self.shuffle,
            typesize=self.item_bytes,
        )
        return blosc, Crc32cCodec()


STEP_CODING = Coding("lz4", 5, "bitshuffle", 8)
"""Bits of the same place lie together, and most of them are 0: LZ4 finds that almost as well as
zstd does (2.3 to 2.7 bytes per event of video; zstd level 1 saves 2 % in three times the time)."""


def column_coding(item_bytes: int) -> Coding:
    """Blosc zstd level 5 with bit shuffle: for all that is small beside the events."""
    return Coding("zstd", 5, "bitshuffle", item_bytes)


def planes_coding(row_bytes: int) -> Coding:
    """Blosc zstd level 3, with the bytes of a row of pixels apart.

    Bytes of the same eight columns then lie together. On real planes (32x32 MNIST, 128x128
    photographs) that is 17 % and 24 % smaller than no shuffle, and bit shuffle is larger than
    none; level 5 saves 4 % more in twice the time.

    Parameters
    ----------
    row_bytes : int
        S.
    """
    return Coding("zstd", 3, "shuffle", row_bytes if row_bytes <= _WIDEST_SHUFFLE else 1)


_WIDEST_SHUFFLE = 255
"""Bytes that Blosc can hold apart (its format has one byte for the number)."""


@dataclass(frozen=True)
class ArrayForm:
    """What an array of a part is like, but for its length.

    Attributes
    ----------
    dtype : str
    chunk, shard : int
        Rows in each; a shard has whole chunks. A shard of 0: each chunk is a file.
    coding : Coding
    row_shape : tuple of int
        Of one row.
    """

    dtype: str
    chunk: int
    shard: int
    coding: Coding
    row_shape: tuple[int, ...] = ()


def event_forms() -> dict[str, ArrayForm]:
    """Forms of the arrays of events."""
    return {
        "step": ArrayForm(EVENT_DTYPES["step"], CHUNK_EVENTS, SHARD_EVENTS, STEP_CODING),
        "restart": ArrayForm(
            EVENT_DTYPES["restart"], CHUNK_RESTARTS, SHARD_RESTARTS, column_coding(8), (3,)
        ),
    }


def frame_forms() -> dict[str, ArrayForm]:
    """Forms of the columns of frames."""
    return {
        name: ArrayForm(dtype, CHUNK_FRAMES, SHARD_FRAMES, column_coding(8))
        for name, dtype in FRAME_DTYPES.items()
    }


def object_forms() -> dict[str, ArrayForm]:
    """Forms of the column of objects: as many rows as there are events."""
    return {
        name: ArrayForm(dtype, CHUNK_EVENTS, SHARD_EVENTS, column_coding(2))
        for name, dtype in OBJECT_DTYPES.items()
    }


def path_forms() -> dict[str, ArrayForm]:
    """Forms of the columns of paths."""
    return {
        name: ArrayForm(dtype, CHUNK_NODES, SHARD_NODES, column_coding(8))
        for name, dtype in PATH_DTYPES.items()
    }


def planes_form(size: tuple[int, int]) -> ArrayForm:
    """Form of the planes of images of (width, height)."""
    shape = plane_shape(size)
    sample_bytes = int(np.prod(shape))
    chunk = max(1, CHUNK_PLANES_BYTES // sample_bytes)
    shard = chunk * max(1, SHARD_PLANES_BYTES // (chunk * sample_bytes))
    return ArrayForm("uint8", chunk, shard, planes_coding(shape[-1]), shape)


def plane_shape(size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Shape of a bit-packed sample (8, 2, H, S) of an image (width, height)."""
    width, height = size
    return PLANES, POLARITIES, height, -(-width // 8)


DRAWN = "drawn: "
"""How the note of a recording begins that says, as JSON, which settings it drew."""
