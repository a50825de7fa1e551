"""Files of many chunks: how the Zarr v3 specification packs them (``sharding_indexed``).

The chunks lie one after the other; at the end of the file is an index of the offset and length of
each, and its crc32c. Such a file can be written from its beginning, one chunk at a time.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eventsim.store.chunks import sealed, unsealed

ABSENT = 2**64 - 1
"""Offset and length of a chunk that is not there."""

_ENTRY_BYTES = 16
_CRC_BYTES = 4


def shard_path(folder: Path, shard: int, dimensions: int) -> Path:
    """Where a shard of an array lies that is sharded along its first axis."""
    return folder.joinpath("c", str(shard), *["0"] * (dimensions - 1))


def index_bytes(lengths: Sequence[int], chunks: int) -> bytes:
    """Index of a shard.

    Parameters
    ----------
    lengths : sequence of int
        Of the chunks that are there, from the first, bytes.
    chunks : int
        That a shard has room for.
    """
    entries = np.full((chunks, 2), ABSENT, "<u8")
    entries[: len(lengths), 1] = lengths
    entries[: len(lengths), 0] = np.concatenate([[0], np.cumsum(lengths)])[: len(lengths)]
    return sealed(entries.tobytes())


def read_index(path: Path, chunks: int) -> NDArray[np.uint64]:
    """Offset and length of each chunk of a shard.

    Parameters
    ----------
    path : Path
    chunks : int
        That a shard has room for.

    Returns
    -------
    (chunks, 2) ndarray of uint64
        Chunks that are there lie within the file; the others are `ABSENT`.

    Raises
    ------
    OSError
    ValueError
        If it is damaged.
    """
    size = chunks * _ENTRY_BYTES + _CRC_BYTES
    with path.open("rb") as file:
        room = file.seek(0, 2) - size
        if room < 0:
            raise ValueError(f"{path.name} is too short for a shard")
        file.seek(room)
        index = np.frombuffer(unsealed(file.read(size)), "<u8").reshape(chunks, 2)
    offsets, lengths = index[index[:, 0] != ABSENT].T
    if ((offsets > room) | (lengths > room) | (offsets + lengths > room)).any():
        raise ValueError(f"the index of {path.name} leads out of it")
    return index.astype(np.uint64, copy=False)


def read_chunk(path: Path, index: NDArray[np.uint64], chunk: int) -> bytes:
    """Bytes of a chunk of a shard.

    Raises
    ------
    OSError
    ValueError
        If it is not there.
    """
    offset, length = index[chunk].tolist()
    if offset == ABSENT:
        raise ValueError(f"chunk {chunk} of {path.name} is missing")
    with path.open("rb", buffering=0) as file:
        file.seek(offset)
        data = file.read(length)
    if len(data) != length:
        raise ValueError(f"{path.name} is cut off")
    return data
