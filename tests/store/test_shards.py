"""Shards as the specification of Zarr has them."""

from pathlib import Path

import numpy as np
import pytest

from eventsim.store.chunks import sealed
from eventsim.store.shards import ABSENT, index_bytes, read_chunk, read_index, shard_path


def write(path, *chunks, room=4):
    path.write_bytes(b"".join(chunks) + index_bytes([len(c) for c in chunks], room))
    return path


def test_by_hand(tmp_path):
    path = write(tmp_path / "0", b"abc", b"", b"de")
    data = path.read_bytes()
    assert data[:5] == b"abcde"
    numbers = np.frombuffer(data[5:-4], "<u8").tolist()
    assert numbers == [0, 3, 3, 0, 3, 2, ABSENT, ABSENT]
    index = read_index(path, 4)
    assert index.ravel().tolist() == numbers
    assert [read_chunk(path, index, k) for k in range(3)] == [b"abc", b"", b"de"]
    with pytest.raises(ValueError, match="chunk 3 of 0 is missing"):
        read_chunk(path, index, 3)


def test_names():
    assert shard_path(Path("a"), 7, 1).as_posix() == "a/c/7"
    assert shard_path(Path("a"), 7, 5).as_posix() == "a/c/7/0/0/0/0"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "too short"),
        (b"x" * 67, "too short"),
        (b"x" * 200, "checksum"),
        (sealed(np.array([0, 1] * 4, "<u8").tobytes()), "leads out of it"),
        (b"ab" + sealed(np.array([2**64 - 2, 4] * 4, "<u8").tobytes()), "leads out of it"),
    ],
)
def test_damaged_ones(tmp_path, data, words):
    (tmp_path / "0").write_bytes(data)
    with pytest.raises(ValueError, match=words):
        read_index(tmp_path / "0", 4)


def test_one_that_became_shorter(tmp_path):
    path = write(tmp_path / "0", b"abc")
    index = read_index(path, 4)
    path.write_bytes(b"a")
    with pytest.raises(ValueError, match="cut off"):
        read_chunk(path, index, 0)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        read_index(path, 4)
