"""Any path of still images: which kind it is, and what every kind promises."""

import gzip
import pickle

import cv2
import numpy as np
import pytest

from eventsim.errors import ConfigError, SourceError
from eventsim.stills.image_sets import open_image_set


def write_idx(path, array):
    data = bytes((0, 0, 8, array.ndim)) + np.array(array.shape, ">u4").tobytes() + array.tobytes()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


@pytest.fixture(params=["idx", "npz", "folder"])
def image_set(request, tmp_path):
    """Four training images and two test images of 5x4 px in three kinds; classes 0 and 1."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (6, 4, 5), dtype=np.uint8)
    labels = np.array([0, 1, 1, 0, 1, 0], np.uint8)
    if request.param == "idx":
        for name, some in (("train", slice(0, 4)), ("t10k", slice(4, 6))):
            write_idx(tmp_path / f"{name}-images-idx3-ubyte.gz", images[some])
            write_idx(tmp_path / f"{name}-labels-idx1-ubyte.gz", labels[some])
        return tmp_path, images
    if request.param == "npz":
        np.savez(
            tmp_path / "set.npz",
            x_train=images[:4], y_train=labels[:4], x_test=images[4:], y_test=labels[4:],
        )  # fmt: skip
        return tmp_path / "set.npz", images
    order = [0, 3, 1, 2, 5, 4]  # a folder is read class by class
    for i, (image, label) in enumerate(zip(images, labels, strict=True)):
        folder = tmp_path / ("train" if i < 4 else "test") / str(label)
        folder.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / f"{i}.png"), image)
    return tmp_path, images[order]


def test_images_labels_and_splits(image_set):
    path, images = image_set
    found = open_image_set(path)
    assert len(found) == 6
    assert found.classes == ("0", "1")
    assert all(np.array_equal(found[i].values, images[i]) for i in range(6))
    assert [found.split(i) for i in range(6)] == ["train"] * 4 + ["test"] * 2
    for i in range(6):
        assert (found[i].label, found[i].split) == (found.label(i), found.split(i))
    assert len({found[i].name for i in range(6)}) == 6


def test_one_split(image_set):
    path, images = image_set
    found = open_image_set(path, split="test")
    assert len(found) == 2
    assert np.array_equal(found[0].values, images[4])
    with pytest.raises(SourceError, match=r"(none of|for) the split 'val'"):
        open_image_set(path, split="val")


def test_a_pickle_is_small_and_opens_the_same(image_set):
    path, _ = image_set
    found = open_image_set(path, split="train")
    data = pickle.dumps(found)
    assert len(data) < 1000
    again = pickle.loads(data)
    assert len(again) == 4
    assert np.array_equal(again[3].values, found[3].values)


def test_an_index_that_is_not_there(image_set):
    with pytest.raises(IndexError):
        open_image_set(image_set[0])[6]


def test_wrong_paths_and_splits(tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        open_image_set(tmp_path / "no")
    with pytest.raises(SourceError, match="holds none"):
        open_image_set(tmp_path)
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(SourceError, match="neither a folder"):
        open_image_set(tmp_path / "notes.txt")
    with pytest.raises(ConfigError, match="'tset'"):
        open_image_set(tmp_path, split="tset")


def test_a_folder_that_holds_one_set_is_that_set(image_set, tmp_path_factory):
    """A .npz alone in its folder; idx files one folder below, as torchvision lays them."""
    path, images = image_set
    above = tmp_path_factory.mktemp("above")
    (above / "inside").mkdir()
    alone = path.is_file()
    for entry in [path] if alone else sorted(path.iterdir()):
        entry.rename(above / "inside" / entry.name)
    folder = above / "inside" if alone else above
    if any(entry.is_dir() for entry in (above / "inside").iterdir()):
        # Folders of classes: the folder above them is a class, and no set to be looked into.
        assert open_image_set(folder).classes == ("inside",)
        return
    found = open_image_set(folder)
    assert len(found) == 6
    assert np.array_equal(found[0].values, images[0])
    assert len(open_image_set(folder, split="test")) == 2


def test_two_sets_in_a_folder_are_not_guessed_at(tmp_path):
    for name in "ab":
        np.savez(tmp_path / f"{name}.npz", images=np.zeros((2, 3, 3), np.uint8))
    with pytest.raises(SourceError, match=r"holds 2 sets of images \(a.npz, b.npz\). Give one"):
        open_image_set(tmp_path)
    cv2.imwrite(str(tmp_path / "c.png"), np.zeros((3, 3), np.uint8))
    assert len(open_image_set(tmp_path)) == 1  # images, and two files that are none
