"""How a dataset lies on disk: names, dtypes, chunks, codec, and the number of this format.

::

    out.zarr/                   Zarr v3 group; its attributes say how the dataset was made
      parts/00000/              what one task wrote, and nobody else ever writes
        t x y p kind            events of many recordings, one after the other
        offsets                 (n + 1) recording i is [offsets[i], offsets[i + 1])
        frame_t frame_stop      time of each frame; events of its recording up to that time
        frame_offsets           (n + 1) as offsets, for the frames
        path_t path_x path_y    nodes of the path of a moved image; these and the next line are
        path_rotation path_zoom   only in parts in which a recording has a path
        path_offsets            (n + 1) as offsets, for the nodes
        commit/                 an empty group, written last: its attributes are the commit record
      samples/                  one column a property, one row a recording; written by `finish`

With ``content: planes`` in the attributes of the root, a part holds still images that became
planes of events, all of one size, in place of all of the above but ``commit/``::

        planes                  (n, 8, 2, H, S) one bit a pixel, S = ceil(W / 8) bytes a row;
                                polarity 0 is OFF, 1 is ON; the highest bit is the leftmost pixel

A part without a commit record does not exist. The record is a group node, and not a loose JSON
file, because it is then one atomic write through Zarr's public interface on any kind of store,
and other Zarr readers do not stumble over an object they do not know.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import zarr
from zarr.codecs import BloscCodec

FORMAT = "eventsim"
FORMAT_VERSION = 1

CHUNK_EVENTS = 131_072
"""Smallest piece that is read: 64 to 128 thousand events are about as fast as larger ones, and
16 thousand two to three times slower (measured with zarr 3.1, zstd, 640x480 recording)."""

SHARD_EVENTS = 8 * CHUNK_EVENTS
"""One file a column for a million events: 14 MB of buffers while writing, few files on disk."""

CHUNK_FRAMES = 16_384
SHARD_FRAMES = 8 * CHUNK_FRAMES
"""Frames are rarer than events by a factor of thousands; chosen by eye."""

CHUNK_NODES = 16_384
SHARD_NODES = 8 * CHUNK_NODES
"""A path has tens to hundreds of nodes; as the frames."""

CHUNK_PLANES_BYTES = 64 << 10
"""A chunk of planes holds as many whole samples as fit into this, and at least one. Chosen by
measurement: one MNIST digit of 32x32 is read in CHUNK_MS."""

SHARD_PLANES_BYTES = 16 << 20
"""One file for so many bytes of planes: also what a writer buffers. Chosen by eye."""

MOST_CHUNK_BYTES = 1 << 30
"""A chunk that says it is larger is not read: the largest written has 16 MB."""

EVENT_DTYPES = {"t": "int64", "x": "uint16", "y": "uint16", "p": "uint8", "kind": "uint8"}
FRAME_DTYPES = {"frame_t": "int64", "frame_stop": "int64"}
PATH_DTYPES = {
    "path_t": "int64",
    "path_x": "float64",
    "path_y": "float64",
    "path_rotation": "float64",
    "path_zoom": "float64",
}

PLANES = 8
POLARITIES = 2

FILL: dict[str, int | float] = {
    "int64": -1,
    "uint16": 65_535,
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
    late : tuple of str
        Those of `numbers` that datasets of earlier versions do not have; 0 there.
    """

    name: str
    numbers: tuple[str, ...]
    strings: tuple[str, ...]
    late: tuple[str, ...] = ()


_STRINGS = ("label", "split", "group", "source", "status", "notes")
"""Stored as UTF-8 bytes and offsets: Zarr v3 has no settled string type yet, and warns."""

EVENTS = Content(
    "events",
    (
        *("part", "start", "stop", "frame_start", "frame_stop", "path_start", "path_stop"),
        *("width", "height", "duration_us", "seed"),
    ),
    _STRINGS,
    late=("path_start", "path_stop"),
)
PLANES_OF_IMAGES = Content(
    "planes", ("part", "row", "width", "height", "ones", "seed", "sample"), _STRINGS
)
CONTENTS = {content.name: content for content in (EVENTS, PLANES_OF_IMAGES)}


def part_path(part: int) -> str:
    """Path of a part inside the dataset."""
    return f"parts/{part:05d}"


def codec() -> BloscCodec:
    """Blosc zstd level 5 with bit shuffle: 2.6 to 3 bytes an event.

    Level 2 writes about a third faster for 3 % more on disk (``benchmarks/run.py --only store``).
    Blosc is in the Zarr v3 specification, so any reader can decode it.
    """
    return BloscCodec(cname="zstd", clevel=5, shuffle="bitshuffle")


def planes_codec(row_bytes: int) -> BloscCodec:
    """Blosc zstd level 3, with the bytes of a row of pixels apart.

    Bytes of the same eight columns then lie together. On real planes (32x32 MNIST, 128x128
    photographs) that is 17 % and 24 % smaller than no shuffle, and bit shuffle is larger than
    none; level 5 saves 4 % more in twice the time. See ``create_planes`` for the shape.

    Parameters
    ----------
    row_bytes : int
        S.
    """
    width = row_bytes if row_bytes <= _WIDEST_SHUFFLE else 1
    return BloscCodec(cname="zstd", clevel=3, shuffle="shuffle", typesize=width)


_WIDEST_SHUFFLE = 255
"""Bytes that Blosc can hold apart (its format has one byte for the number)."""


def create_column(group: zarr.Group, name: str, dtype: str, *, chunk: int, shard: int) -> Any:
    """Create an empty, sharded column that grows by `resize`."""
    return group.create_array(
        name,
        shape=(0,),
        chunks=(chunk,),
        shards=(shard,),
        dtype=np.dtype(dtype),
        compressors=[codec()],
        fill_value=FILL[dtype],
    )


def plane_shape(size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Shape of a bit-packed sample (8, 2, H, S) of an image (width, height)."""
    width, height = size
    return PLANES, POLARITIES, height, -(-width // 8)


def create_planes(group: zarr.Group, size: tuple[int, int]) -> tuple[Any, int]:
    """Create an empty, sharded array of planes that grows by `resize`.

    Parameters
    ----------
    group : zarr.Group
    size : (width, height)

    Returns
    -------
    array
    shard : int
        Samples in a shard.
    """
    shape = plane_shape(size)
    sample_bytes = int(np.prod(shape))
    chunk = max(1, CHUNK_PLANES_BYTES // sample_bytes)
    shard = chunk * max(1, SHARD_PLANES_BYTES // (chunk * sample_bytes))
    array = group.create_array(
        "planes",
        shape=(0, *shape),
        chunks=(chunk, *shape),
        shards=(shard, *shape),
        dtype=np.dtype(np.uint8),
        compressors=[planes_codec(shape[-1])],
        fill_value=FILL["uint8"],
    )
    return array, shard


def check_array(array: Any, name: str, files: int) -> None:
    """Refuse an array of a part that is not as this format has it.

    Parameters
    ----------
    array : object
        What is found under the name.
    name : str
    files : int
        How many there are of its shards: what they cannot hold is not read as fill values.

    Raises
    ------
    ValueError
        Says what is wrong; the caller knows where.
    """
    dtypes = {**EVENT_DTYPES, **FRAME_DTYPES, **PATH_DTYPES, "planes": "uint8"}
    dimensions = 5 if name == "planes" else 1
    if not isinstance(array, zarr.Array) or array.ndim != dimensions:
        raise ValueError(f"it is no array of {dimensions} dimensions")
    if array.dtype != np.dtype(dtypes[name]):
        raise ValueError(f"it is of {array.dtype}, not of {dtypes[name]}")
    for pieces in (array.chunks, array.shards or array.chunks):
        if int(np.prod([float(n) for n in pieces])) * array.dtype.itemsize > MOST_CHUNK_BYTES:
            raise ValueError(f"its chunks of {pieces} are too large")
    rows = (array.shards or array.chunks)[0]
    if array.shape[0] > files * rows:
        raise ValueError(f"it says that it has {array.shape[0]} rows, and {files} files of {rows}")


def create_small(group: zarr.Group, name: str, values: np.ndarray[Any, Any]) -> None:
    """Create a column that is written at once, in one chunk."""
    array = group.create_array(
        name,
        shape=values.shape,
        chunks=(max(1, len(values)),),
        dtype=values.dtype,
        compressors=[codec()],
        fill_value=FILL[values.dtype.name],
    )
    if len(values):
        array[:] = values
