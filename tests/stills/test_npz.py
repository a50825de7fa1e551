"""Arrays in a .npz: their names and shapes."""

import zipfile

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.stills.npz import open_npz


@pytest.mark.parametrize("shape", [(2, 4, 5), (2, 4, 5, 1), (2, 4, 5, 3), (2, 3, 4, 5)])
def test_channels_come_last_or_not_at_all(tmp_path, shape):
    np.savez(tmp_path / "a.npz", images=np.zeros(shape, np.uint8), labels=[[0], [2]])
    found = open_npz(tmp_path / "a.npz", "")
    color = 3 in shape[1:]
    assert found[0].values.shape == ((4, 5, 3) if color else (4, 5))
    assert [found.label(i) for i in range(2)] == ["0", "2"]
    assert found[1].name == "a.npz:images#1"


def test_images_without_labels(tmp_path):
    np.savez(tmp_path / "a.npz", train_images=np.zeros((2, 4, 5), np.uint8))
    found = open_npz(tmp_path / "a.npz", "train")
    assert found.notes == ["there are no train_labels beside train_images"]
    assert found.label(0) == ""


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"pictures": np.zeros(3)}, "found pictures"),
        ({"images": np.zeros((1, 2, 2), np.uint8), "labels": [-1]}, "found -1"),
        ({"images": np.zeros((1, 2, 2), np.uint8), "labels": [2**62]}, "from 0 to 999999, found 4"),
        ({"images": np.zeros((1, 2, 2), np.uint8), "labels": [0.5]}, "whole numbers from 0"),
        ({"images": np.array([None])}, "is of object"),
    ],
)
def test_other_arrays_are_refused(tmp_path, arrays, words):
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(SourceError, match=words):
        open_npz(tmp_path / "a.npz", "")


def test_a_file_that_is_no_npz(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"PK nonsense")
    with pytest.raises(SourceError, match="cannot be read"):
        open_npz(tmp_path / "a.npz", "")


def test_labels_may_be_names_or_truths(tmp_path):
    names = np.array(["dog", "cat", "dog"])
    np.savez(tmp_path / "a.npz", images=np.zeros((3, 4, 5), np.uint8), labels=names)
    found = open_npz(tmp_path / "a.npz", "")
    assert found.classes == ("cat", "dog")
    assert [found.label(i) for i in range(3)] == ["dog", "cat", "dog"]
    np.savez(tmp_path / "b.npz", images=np.zeros((2, 4, 5), np.uint8), labels=[True, False])
    assert open_npz(tmp_path / "b.npz", "").label(0) == "1"


def test_the_names_of_medmnist(tmp_path):
    arrays = {}
    for split, n in (("train", 6), ("val", 3), ("test", 2)):
        arrays[f"{split}_images"] = np.zeros((n, 4, 5), np.uint8)
        arrays[f"{split}_labels"] = np.zeros((n, 1), np.uint8)
    np.savez(tmp_path / "a.npz", **arrays, extra=np.zeros(3))
    found = open_npz(tmp_path / "a.npz", "")
    assert [found.split(i) for i in range(len(found))] == ["train"] * 6 + ["val"] * 3 + ["test"] * 2
    assert found.notes == ["the arrays extra were left out"]
    assert len(open_npz(tmp_path / "a.npz", "val")) == 3


def npz_of(path, header: bytes, body: bytes = b"") -> None:
    with zipfile.ZipFile(path, "w") as file:
        head = header.ljust(118) + b"\n"
        size = len(head).to_bytes(2, "little")
        file.writestr("images.npy", b"\x93NUMPY\x01\x00" + size + head + body)


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': '|u1', 'fortran_order': False, 'shape': (9000000000000, 2, 2), }",
        b"{'descr': '|u1', 'fortran_order': False, 'shape': (-1, 2, 2), }",
        b"{'descr': '|O', 'fortran_order': False, 'shape': (1, 2, 2), }",
        b"{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (1, 2, 2), }",
        b"{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 2), ",
        b"((((((((((((((((((((",
        b"",
    ],
)
def test_lying_headers(tmp_path, header):
    npz_of(tmp_path / "a.npz", header, bytes(16))
    with pytest.raises(SourceError) as caught:
        open_npz(tmp_path / "a.npz", "")
    assert "\n" not in str(caught.value)


def test_a_bomb(tmp_path, monkeypatch):
    np.savez_compressed(tmp_path / "a.npz", images=np.zeros((200, 100, 100), np.uint8))
    assert (tmp_path / "a.npz").stat().st_size < 10_000
    monkeypatch.setenv("EVENTSIM_MAX_INPUT_MB", "1")
    with pytest.raises(SourceError, match="EVENTSIM_MAX_INPUT_MB"):
        open_npz(tmp_path / "a.npz", "")
