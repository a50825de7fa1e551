"""Arrays of a part without Zarr: the same rows, and nothing in place of what is missing."""

import json

import numpy as np
import pytest
import zarr

from eventsim.store.arrays import StoredArray
from eventsim.store.dataset import create_dataset
from eventsim.store.writer import PartWriter


@pytest.fixture
def part(tmp_path, hand, small_shards):
    create_dataset(tmp_path / "a.zarr", {}, parts=1)
    writer = PartWriter(tmp_path / "a.zarr", 0)
    hand.write_recording(writer, hand.make_packets(1, 200), "x")
    writer.commit()
    return tmp_path / "a.zarr/parts/00000"


@pytest.mark.parametrize("name", ["step", "restart", "frame_t", "frame_stop"])
def test_rows_are_those_of_zarr(part, name):
    ours, zarrs = StoredArray(part / name, name), zarr.open_array(part / name, mode="r")[:]
    assert (ours.shape, ours.dtype) == (zarrs.shape, zarrs.dtype)
    n = len(zarrs)
    for a, b in ((0, n), (0, 0), (n, n), (1, n - 1), (n // 2, n // 2 + 1), (0, n // 2)):
        assert np.array_equal(ours.rows(a, b), zarrs[a:b])
    some = np.array([0, 1, n // 2, n - 1])
    assert np.array_equal(ours.take(some), zarrs[some])
    for a, b in ((0, n + 1), (-1, 0), (2, 1)):
        with pytest.raises(ValueError, match="must reach to"):
            ours.rows(a, b)


def test_a_missing_chunk_is_an_error(part):
    zarr.open_array(part / "step", mode="r+")[64:80] = 2**64 - 1  # Zarr drops such a chunk
    array = StoredArray(part / "step", "step")
    assert len(array.rows(0, 64)) == 64
    with pytest.raises(ValueError, match="chunk 0 of 1 is missing"):
        array.rows(0, 70)
    (part / "step/c/2").unlink()
    with pytest.raises(FileNotFoundError):
        array.rows(128, 129)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"shape": [10**9]}, "it says that it has 1000000000 rows, and 4 files of 64"),
        ({"shape": [-1]}, "a length of -1"),
        ({"shape": [200, 1]}, "no array of 1 dimensions"),
        ({"data_type": "int64"}, "it is of int64, not of uint64"),
        ({"zarr_format": 2}, "no array of Zarr v3"),
        ({"node_type": "group"}, "no array of Zarr v3"),
        ({"chunk_key_encoding": {"name": "v2"}}, "named in another way"),
        ({"chunk_grid": {"configuration": {"chunk_shape": [2**40]}}}, "make no sense"),
        ({"chunk_grid": {"configuration": {"chunk_shape": [65]}}}, "make no sense"),
        ({"chunk_grid": {"configuration": {"chunk_shape": [64, 2]}}}, "chunks are of"),
        ({"chunk_grid": {"configuration": {"chunk_shape": ["a"]}}}, "a length of 'a'"),
    ],
)
def test_one_that_lies_about_itself(part, change, words):
    node = part / "step/zarr.json"
    node.write_text(json.dumps({**json.loads(node.read_text()), **change}))
    with pytest.raises(ValueError, match=words):
        StoredArray(part / "step", "step")


def test_one_that_is_packed_in_another_way(part):
    node = part / "step/zarr.json"
    described = json.loads(node.read_text())
    described["codecs"][0]["configuration"]["codecs"].pop()
    node.write_text(json.dumps(described))
    with pytest.raises(ValueError, match="packed by"):
        StoredArray(part / "step", "step")
