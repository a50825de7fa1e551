"""CIFAR as it is distributed: python and binary, folder and archive; and pickles with a catch."""

import os
import pickle
import tarfile

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.stills.cifar import is_cifar, open_cifar

ROW = np.arange(3072) % 251


def rows(n, first=0):
    return ((ROW[None] + np.arange(first, first + n)[:, None]) % 256).astype(np.uint8)


def write_python10(folder):
    folder.mkdir()
    for k in range(1, 6):
        content = {b"data": rows(2, k), b"labels": [k, 0]}
        (folder / f"data_batch_{k}").write_bytes(pickle.dumps(content, protocol=2))
    content = {b"data": rows(3, 9), b"labels": [1, 2, 3]}
    (folder / "test_batch").write_bytes(pickle.dumps(content, protocol=2))
    names = {b"label_names": [f"name{k}".encode() for k in range(10)]}
    (folder / "batches.meta").write_bytes(pickle.dumps(names, protocol=2))


def check(found):
    assert len(found) == 13
    assert [found.split(i) for i in (0, 9, 10, 12)] == ["train", "train", "test", "test"]
    assert [found.label(i) for i in (0, 1, 8, 12)] == ["name1", "name0", "name5", "name3"]
    red = rows(1, 5)[0, :1024].reshape(32, 32)
    assert np.array_equal(found[8].values[:, :, 0], red)
    assert found[8].values.shape == (32, 32, 3)


def test_python_version_in_a_folder_and_in_the_folder_above(tmp_path):
    write_python10(tmp_path / "cifar-10-batches-py")
    assert is_cifar(tmp_path)
    check(open_cifar(tmp_path, ""))
    check(open_cifar(tmp_path / "cifar-10-batches-py", ""))
    assert len(open_cifar(tmp_path, "test")) == 3


def test_archive(tmp_path):
    write_python10(tmp_path / "cifar-10-batches-py")
    with tarfile.open(tmp_path / "cifar-10-python.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "cifar-10-batches-py", "cifar-10-batches-py")
    check(open_cifar(tmp_path / "cifar-10-python.tar.gz", ""))


def test_binary_version(tmp_path):
    folder = tmp_path / "cifar-10-batches-bin"
    folder.mkdir()
    for k in range(1, 6):
        labels = np.array([[k], [0]], np.uint8)
        data = np.concatenate([labels, rows(2, k)], axis=1)
        (folder / f"data_batch_{k}.bin").write_bytes(data.tobytes())
    data = np.concatenate([np.array([[1], [2], [3]], np.uint8), rows(3, 9)], axis=1)
    (folder / "test_batch.bin").write_bytes(data.tobytes())
    (folder / "batches.meta.txt").write_text("\n".join(f"name{k}" for k in range(10)) + "\n\n")
    check(open_cifar(folder, ""))


def test_cifar100_has_fine_labels(tmp_path):
    content = {b"data": rows(2), b"fine_labels": [7, 3], b"coarse_labels": [1, 1]}
    for name in ("train", "test"):
        (tmp_path / name).write_bytes(pickle.dumps(content, protocol=2))
    assert not is_cifar(tmp_path)  # any folder may have a file called train
    meta = {b"fine_label_names": [f"f{k}".encode() for k in range(8)]}
    (tmp_path / "meta").write_bytes(pickle.dumps(meta, protocol=2))
    found = open_cifar(tmp_path, "train")
    assert [found.label(i) for i in range(2)] == ["f7", "f3"]
    binary = tmp_path / "cifar-100-binary"
    binary.mkdir()
    both = np.concatenate([np.array([[1, 7], [1, 3]], np.uint8), rows(2)], axis=1)
    (binary / "train.bin").write_bytes(both.tobytes())
    (binary / "fine_label_names.txt").write_text("\n".join(f"f{k}" for k in range(8)))
    found = open_cifar(binary, "")
    assert [found.label(i) for i in range(2)] == ["f7", "f3"]
    assert np.array_equal(found[1].values, open_cifar(tmp_path, "train")[1].values)


class Evil:
    def __reduce__(self):
        return os.system, ("echo harm",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({b"data": Evil()}, "it wants to call .*system"),
        ([1], "must hold a dictionary"),
        ({b"data": rows(1)}, "must hold data of bytes and labels"),
        ({b"data": rows(1)[:, :9], b"labels": [1]}, r"must be \(N, 3072\)"),
    ],
)
def test_other_pickles_are_refused(tmp_path, content, words):
    (tmp_path / "data_batch_1").write_bytes(pickle.dumps(content, protocol=2))
    with pytest.raises(SourceError, match=words):
        open_cifar(tmp_path, "")


def test_damage(tmp_path):
    (tmp_path / "data_batch_1").write_bytes(pickle.dumps({b"data": rows(1)})[:-40])
    with pytest.raises(SourceError, match="is no file of CIFAR"):
        open_cifar(tmp_path, "")
    (tmp_path / "data_batch_1").unlink()
    (tmp_path / "data_batch_1.bin").write_bytes(bytes(3074))
    with pytest.raises(SourceError, match="rows of 3073 bytes, found 3,074"):
        open_cifar(tmp_path, "")
    (tmp_path / "cifar-10-python.tar.gz").write_bytes(b"no")
    with pytest.raises(SourceError, match="Download it again"):
        open_cifar(tmp_path / "cifar-10-python.tar.gz", "")


def test_without_names_labels_are_numbers(tmp_path):
    content = {b"data": rows(2), b"labels": [4, 0]}
    (tmp_path / "data_batch_1").write_bytes(pickle.dumps(content, protocol=2))
    found = open_cifar(tmp_path, "")
    assert found.label(0) == "4"
    assert "names of the classes" in found.notes[0]


def test_numpy_2_and_protocol_5(tmp_path):
    content = {b"data": rows(2), b"labels": [4, 0]}
    (tmp_path / "data_batch_1").write_bytes(pickle.dumps(content, protocol=5))
    found = open_cifar(tmp_path, "")
    assert np.array_equal(found[1].values[:, :, 0], rows(2)[1, :1024].reshape(32, 32))


def test_batches_that_are_missing_are_said(tmp_path):
    write_python10(tmp_path / "c")
    (tmp_path / "c" / "data_batch_4").unlink()
    assert open_cifar(tmp_path / "c", "").notes == ["of CIFAR-10, data_batch_4 are not there"]
    assert open_cifar(tmp_path / "c", "test").notes == []


@pytest.mark.parametrize(
    "labels", [[-1], [2**62], [2**70], ["cat"], [[1]], [0.5], np.array([0.5]), np.array([-1])]
)
def test_labels_that_are_none(tmp_path, labels):
    content = {b"data": rows(1), b"labels": labels}
    (tmp_path / "data_batch_1").write_bytes(pickle.dumps(content, protocol=2))
    with pytest.raises(SourceError, match=r"labels|integers"):
        open_cifar(tmp_path, "")
