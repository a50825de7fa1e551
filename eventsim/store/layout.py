"""How a dataset lies on disk: names, dtypes, chunks, codec, and the number of this format.

::

    out.zarr/                   Zarr v3 group; its attributes say how the dataset was made
      parts/00000/              what one task wrote, and nobody else ever writes
        t x y p kind            events of many recordings, one after the other
        offsets                 (n + 1) recording i is [offsets[i], offsets[i + 1])
        frame_t frame_stop      time of each frame; events of its recording up to that time
        frame_offsets           (n + 1) as offsets, for the frames
        commit/                 an empty group, written last: its attributes are the commit record
      samples/                  one column a property, one row a recording; written by `finish`

A part without a commit record does not exist. The record is a group node, and not a loose JSON
file, because it is then one atomic write through Zarr's public interface on any kind of store,
and other Zarr readers do not stumble over an object they do not know.
"""

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

EVENT_DTYPES = {"t": "int64", "x": "uint16", "y": "uint16", "p": "uint8", "kind": "uint8"}
FRAME_DTYPES = {"frame_t": "int64", "frame_stop": "int64"}
OFFSETS = ("offsets", "frame_offsets")

FILL = {"int64": -1, "uint16": 65_535, "uint8": 255}
"""What a missing chunk reads as: never a value that looks like an event."""

SAMPLE_NUMBERS = (
    "part",
    "start",
    "stop",
    "frame_start",
    "frame_stop",
    "width",
    "height",
    "duration_us",
    "seed",
)
SAMPLE_STRINGS = ("label", "split", "group", "source", "status", "notes")
"""Stored as UTF-8 bytes and offsets: Zarr v3 has no settled string type yet, and warns."""


def part_path(part: int) -> str:
    """Path of a part inside the dataset."""
    return f"parts/{part:05d}"


def codec() -> BloscCodec:
    """Blosc zstd level 5 with bit shuffle: 2.6 to 3 bytes an event.

    Level 2 writes about a third faster for 3 % more on disk (``benchmarks/run.py --only store``).
    Blosc is in the Zarr v3 specification, so any reader can decode it.
    """
    return BloscCodec(cname="zstd", clevel=5, shuffle="bitshuffle")


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
