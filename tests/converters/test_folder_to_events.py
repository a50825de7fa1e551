"""The converter of folders."""

import cv2
import numpy as np
import pytest

from eventsim.cli.converter import run_converter
from eventsim.errors import SourceError
from eventsim.store.reader import open_dataset


@pytest.fixture
def imagenet(tmp_path):
    rng = np.random.default_rng(0)
    for name in ("train/n01/a.JPEG", "train/n02/b.JPEG", "val/n01/c.JPEG"):
        path = tmp_path / "imagenet" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), cv2.blur(rng.integers(0, 256, (300, 400, 3), np.uint8), (9, 9)))
    return tmp_path / "imagenet"


def test_splits_and_classes_are_folders(program, imagenet, tmp_path):
    arguments = [str(imagenet), str(tmp_path / "o.zarr"), "--card", "i2e-imagenet", "--limit", "5"]
    run_converter(program.__doc__, program.find_inputs, arguments)
    dataset = open_dataset(tmp_path / "o.zarr")
    found = [(sample.split, sample.label) for sample in dataset]
    assert found == [("train", "n01"), ("train", "n02"), ("val", "n01")]
    assert dataset.size == (224, 224)


def test_a_split_that_is_not_there(program, imagenet):
    with pytest.raises(SourceError, match="no folder test"):
        program.find_inputs(imagenet, "test")
    with pytest.raises(SourceError, match="folder of folders"):
        program.find_inputs(imagenet / "no", "")


def test_a_folder_without_splits_is_one_input(program, imagenet):
    (only,) = program.find_inputs(imagenet / "train", "")
    assert only.split == ""
