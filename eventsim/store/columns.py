"""One array of a part while it is written: it grows sample by sample, and is written by shards."""

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray


def crc32(values: NDArray[Any], crc: int = 0) -> int:
    """Checksum of the values as little-endian bytes, going on from `crc`."""
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    return zlib.crc32(little.reshape(-1).view(np.uint8).data, crc)


class Column:
    """Gathers a shard, writes it whole, knows the checksum so far.

    Parameters
    ----------
    array : zarr.Array
        Empty, (0, ...).
    shard : int
        Its length along the first axis.

    Attributes
    ----------
    length : int
        Rows so far.
    crc : int
        Checksum of all rows so far.
    """

    def __init__(self, array: Any, shard: int) -> None:
        self.array = array
        self.buffer = np.empty((shard, *array.shape[1:]), array.dtype)
        self.flushed = 0
        self.filled = 0
        self.crc = 0

    @property
    def length(self) -> int:
        """Rows so far."""
        return self.flushed + self.filled

    def append(self, values: NDArray[Any]) -> None:
        """Add rows at the end."""
        values = values.astype(self.buffer.dtype, copy=False)
        self.crc = crc32(values, self.crc)
        while len(values):
            room = len(self.buffer) - self.filled
            self.buffer[self.filled : self.filled + room][: len(values)] = values[:room]
            self.filled += min(room, len(values))
            values = values[room:]
            if self.filled == len(self.buffer):
                self.flush()

    def flush(self) -> None:
        """Write what is gathered; once at the end, or when a shard is full."""
        # Always a region that begins and, but for the last, ends on a shard: a shard is never
        # read back to be changed.
        stop = self.flushed + self.filled
        self.array.resize((stop, *self.array.shape[1:]))
        if self.filled:
            self.array[self.flushed : stop] = self.buffer[: self.filled]
        self.flushed, self.filled = stop, 0

    def cut(self, length: int, crc: int) -> None:
        """Take back everything after `length`, to where the checksum was `crc`."""
        if length < self.flushed:
            start = length - length % len(self.buffer)
            self.buffer[: length - start] = self.array[start:length]
            self.array.resize((start, *self.array.shape[1:]))
            self.flushed = start
        self.filled, self.crc = length - self.flushed, crc
