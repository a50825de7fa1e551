"""Idx files: names, packing, and damage."""

import gzip

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.stills.idx import is_idx, open_idx, read_idx

HEAD = bytes((0, 0, 8, 3)) + np.array([2, 1, 3], ">u4").tobytes()


def test_a_file_by_hand(tmp_path):
    path = tmp_path / "train-images.idx3-ubyte"
    path.write_bytes(HEAD + bytes(range(6)))
    assert is_idx(path)
    assert is_idx(tmp_path)
    assert read_idx(path, dimensions=3).tolist() == [[[0, 1, 2]], [[3, 4, 5]]]
    found = open_idx(path, "")
    assert (len(found), found.classes, found.split(0)) == (2, (), "train")
    assert found.notes == ["no labels lie beside train-images.idx3-ubyte"]


def test_a_file_that_is_there_packed_and_unpacked_counts_once(tmp_path):
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(HEAD + bytes(6))
    (tmp_path / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(HEAD + bytes(6)))
    assert len(open_idx(tmp_path, "")) == 2
    assert open_idx(tmp_path, "test").split(1) == "test"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (HEAD + bytes(5), "promises 2x1x3 numbers of 1 bytes, but holds 5"),
        (HEAD + bytes(7), "holds 7"),
        (HEAD[:9], "begins with 00 00 08 03"),
        (b"", "begins with nothing"),
        (bytes((0, 0, 9, 3)) + HEAD[4:] + bytes(6), "begins with 00 00 09 03"),
    ],
)
def test_damage_is_said_in_one_line(tmp_path, data, words):
    path = tmp_path / "x-images-idx3-ubyte"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=words):
        read_idx(path, dimensions=3)


def test_a_gzip_that_breaks_off(tmp_path):
    path = tmp_path / "x-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(HEAD + bytes(6))[:-9])
    with pytest.raises(SourceError, match="cannot be read"):
        read_idx(path, dimensions=3)


def test_labels_of_another_set(tmp_path):
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(HEAD + bytes(6))
    labels = bytes((0, 0, 8, 1)) + np.array([3], ">u4").tobytes() + bytes(3)
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(labels)
    with pytest.raises(SourceError, match="2 images and labels of the shape"):
        open_idx(tmp_path, "")
