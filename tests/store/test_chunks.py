"""Chunks are those of Zarr's codecs, and a wrong byte is never decoded."""

import numpy as np
import pytest
from numcodecs import blosc

from eventsim.store.chunks import crc32c, decode, encode, sealed, unsealed
from eventsim.store.layout import STEP_CODING, column_coding, planes_coding


def test_the_checksum_of_the_specification():
    """Check value of CRC-32C: RFC 3720 and the catalogue of checksums."""
    assert crc32c(b"123456789") == 0xE3069283
    assert sealed(b"123456789") == b"123456789\x83\x92\x06\xe3"
    assert unsealed(sealed(b"abc")) == b"abc"
    for wrong in (b"", b"abc", b"123456789\x83\x92\x06\xe2", b"123456788\x83\x92\x06\xe3"):
        with pytest.raises(ValueError, match="checksum"):
            unsealed(wrong)


@pytest.mark.parametrize("coding", [STEP_CODING, column_coding(8), planes_coding(5)])
def test_round_trip_and_size(coding):
    values = np.arange(4000, dtype=np.uint64) ** 3
    data = encode(values, coding)
    out = np.empty(4000, np.uint64)
    decode(data, out)
    assert np.array_equal(out, values)
    assert len(data) < values.nbytes
    with pytest.raises(ValueError, match="must hold 31992 bytes, found 32000"):
        decode(data, np.empty(3999, np.uint64))


def test_every_flipped_bit_is_found():
    data = encode(np.arange(100, dtype=np.uint64), STEP_CODING)
    for place in range(len(data)):
        wrong = bytearray(data)
        wrong[place] ^= 1 << place % 8
        with pytest.raises(ValueError, match="checksum"):
            decode(bytes(wrong), np.empty(100, np.uint64))


def test_what_is_no_chunk_but_sealed():
    with pytest.raises(ValueError, match="must hold 80 bytes"):
        decode(sealed(b"abc"), np.empty(10, np.uint64))
    with pytest.raises(RuntimeError):
        decode(sealed(b"\0" * 4 + (80).to_bytes(4, "little") + b"\0" * 8), np.empty(10, np.uint64))


def test_the_same_bytes_whatever_the_library_is_set_to(monkeypatch):
    values = np.arange(200_000, dtype=np.uint64) % 977
    expected = encode(values, STEP_CODING)
    monkeypatch.setattr(blosc, "use_threads", True)
    assert encode(values, STEP_CODING) == expected
