"""An array of a part, read straight from its shards.

What plain Zarr reads too, without its event loop, which takes longer than the decoding, and which
no forked process may share. A chunk that is not there is an error here, never a fill value.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.store.chunks import decode
from eventsim.store.layout import DIMENSIONS, DTYPES, MOST_CHUNK_BYTES
from eventsim.store.shards import read_chunk, read_index, shard_path

_INNER = ["bytes", "blosc", "crc32c"]
_INDEX = ["bytes", "crc32c"]
_MOST_BYTES = 1 << 20
"""Of the description of an array: it has 2 kB."""


class StoredArray:
    """An array of a part.

    Parameters
    ----------
    folder : Path
    name : str
        What it must be like is known by it.

    Attributes
    ----------
    shape : tuple of int
    dtype : dtype
    chunk : int
        Rows of a chunk.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError, ...
        If it is not as this format has it; the caller says where.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        with (folder / "zarr.json").open("rb") as file:
            described: dict[str, Any] = json.loads(file.read(_MOST_BYTES))
        self.shape = tuple(_count(n, 0) for n in described["shape"])
        if len(self.shape) != DIMENSIONS.get(name, 1):
            raise ValueError(f"it is no array of {DIMENSIONS.get(name, 1)} dimensions")
        if described["data_type"] != DTYPES[name]:
            raise ValueError(f"it is of {described['data_type']}, not of {DTYPES[name]}")
        self.dtype = np.dtype(DTYPES[name]).newbyteorder("<")
        self.chunk, shard = _pieces(described, self.shape[1:])
        if shard % self.chunk or shard * self._row_bytes > MOST_CHUNK_BYTES:
            raise ValueError(f"its chunks of {self.chunk} in shards of {shard} make no sense")
        files = sum(1 for _ in (folder / "c").iterdir()) if (folder / "c").is_dir() else 0
        if self.shape[0] > files * shard:
            # Else one that says it is huge would be given all of the memory.
            raise ValueError(
                f"it says that it has {self.shape[0]} rows, and {files} files of {shard}"
            )
        self._chunks_a_shard = shard // self.chunk
        self._indices: dict[int, NDArray[np.uint64]] = {}

    @property
    def _row_bytes(self) -> int:
        return int(np.prod(self.shape[1:], dtype=object)) * self.dtype.itemsize

    def read_chunk(self, number: int, out: NDArray[Any] | None = None) -> NDArray[Any]:
        """Decode a chunk.

        Parameters
        ----------
        number : int
            From 0.
        out : (chunk, ...) ndarray, optional
            Decoded into it.

        Returns
        -------
        (chunk, ...) ndarray
            The last one is filled up beyond the end of the array.
        """
        shard, place = divmod(number, self._chunks_a_shard)
        path = shard_path(self._folder, shard, len(self.shape))
        if shard not in self._indices:
            self._indices[shard] = read_index(path, self._chunks_a_shard)
        data = read_chunk(path, self._indices[shard], place)
        if out is None:
            out = np.empty((self.chunk, *self.shape[1:]), self.dtype)
        decode(data, out)
        return out

    def rows(self, start: int, stop: int) -> NDArray[Any]:
        """Rows [start, stop).

        Raises
        ------
        ValueError
            If they are not all there.
        """
        if not 0 <= start <= stop <= self.shape[0]:
            raise ValueError(f"it must reach to {stop}, but it ends at {self.shape[0]}")
        first, last = start // self.chunk, -(-stop // self.chunk)
        if stop == start:
            return np.empty((0, *self.shape[1:]), self.dtype)
        if last - first == 1:
            return self.read_chunk(first)[start - first * self.chunk : stop - first * self.chunk]
        out = np.empty(((last - first) * self.chunk, *self.shape[1:]), self.dtype)
        for number in range(first, last):
            place = (number - first) * self.chunk
            self.read_chunk(number, out[place : place + self.chunk])
        return out[start - first * self.chunk : stop - first * self.chunk]

    def take(self, rows: NDArray[np.int64]) -> NDArray[Any]:
        """Rows by their numbers, which must rise."""
        out = np.empty((len(rows), *self.shape[1:]), self.dtype)
        numbers = rows // self.chunk
        for number in np.unique(numbers).tolist():
            a, b = np.searchsorted(numbers, [number, number + 1])
            out[a:b] = self.read_chunk(number)[rows[a:b] - number * self.chunk]
        return out


def _pieces(described: dict[str, Any], row_shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows in a chunk and in a shard, if the array is packed as this format packs them."""
    if described["zarr_format"] != 3 or described["node_type"] != "array":
        raise ValueError("it is no array of Zarr v3")
    if described["chunk_key_encoding"] != {"name": "default", "configuration": {"separator": "/"}}:
        raise ValueError("its chunks are named in another way")
    sharding = described["codecs"][0]
    inner = sharding["configuration"]
    names = [[codec["name"] for codec in inner[key]] for key in ("codecs", "index_codecs")]
    packed = (len(described["codecs"]), sharding["name"], inner["index_location"], *names)
    if packed != (1, "sharding_indexed", "end", _INNER, _INDEX):
        raise ValueError(f"it is packed by {packed[1:]}")
    pieces = []
    for shape in (inner["chunk_shape"], described["chunk_grid"]["configuration"]["chunk_shape"]):
        if tuple(shape[1:]) != row_shape:
            raise ValueError(f"its chunks are of {shape}")
        pieces.append(_count(shape[0], 1))
    return pieces[0], pieces[1]


def _count(value: object, least: int) -> int:
    if type(value) is not int or not least <= value < 2**63:
        raise ValueError(f"it has a length of {value!r}")
    return value
