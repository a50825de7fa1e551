"""One chunk of an array: compressed, and closed with its checksum.

The bytes are those of the codecs ``blosc`` and ``crc32c`` of the Zarr v3 specification, made here
without Zarr's event loop, which costs more than the compression.
"""

from typing import Any

import google_crc32c
import numpy as np
from numcodecs import blosc
from numpy.typing import NDArray

from eventsim.store.layout import Coding

_SHUFFLES = {"shuffle": blosc.SHUFFLE, "bitshuffle": blosc.BITSHUFFLE}
_CRC_BYTES = 4
_HEADER_BYTES = 16
"""Of Blosc: the second four bytes of it are the number of bytes before compression."""


def crc32c(data: bytes) -> int:
    """Checksum of Castagnoli (RFC 3720)."""
    return int(google_crc32c.value(data))


def sealed(data: bytes) -> bytes:
    """Bytes and then their crc32c, little-endian."""
    return data + crc32c(data).to_bytes(_CRC_BYTES, "little")


def unsealed(data: bytes) -> bytes:
    """Bytes without their crc32c.

    Raises
    ------
    ValueError
        If it is not theirs.
    """
    content, said = data[:-_CRC_BYTES], data[-_CRC_BYTES:]
    if crc32c(content).to_bytes(_CRC_BYTES, "little") != said:
        raise ValueError("a checksum is wrong")
    return content


def encode(values: NDArray[Any], coding: Coding) -> bytes:
    """Compress a whole chunk.

    Parameters
    ----------
    values : ndarray
        Contiguous, of a little-endian dtype.
    coding : Coding

    Returns
    -------
    bytes
    """
    shuffle = _SHUFFLES[coding.shuffle]
    name = coding.compressor.encode()
    return sealed(blosc.compress(values, name, coding.level, shuffle, 0, coding.item_bytes))


def decode(data: bytes, out: NDArray[Any]) -> None:
    """Uncompress a whole chunk.

    Parameters
    ----------
    data : bytes
    out : ndarray
        Contiguous and as large as the chunk; filled.

    Raises
    ------
    ValueError, RuntimeError
        If it is none, or of another size.
    """
    content = unsealed(data)
    said = int.from_bytes(content[4:8], "little")
    if len(content) < _HEADER_BYTES or said != out.nbytes:
        raise ValueError(f"a chunk must hold {out.nbytes} bytes, found {said}")
    blosc.decompress(content, out.view(np.uint8))
