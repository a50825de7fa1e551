"""The converter of CIFAR."""

import pickle

import numpy as np
import pytest

from eventsim.cli.converter import run_converter
from eventsim.errors import SourceError
from eventsim.store.reader import open_dataset


@pytest.fixture
def cifar(tmp_path):
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name in (*(f"data_batch_{k}" for k in range(1, 6)), "test_batch"):
        content = {b"data": rng.integers(0, 256, (2, 3072), np.uint8), b"labels": [3, 9]}
        (folder / name).write_bytes(pickle.dumps(content, protocol=2))
    return folder


def test_images_are_enlarged_and_keep_their_labels(program, cifar, tmp_path, capsys):
    arguments = [str(cifar), str(tmp_path / "o.zarr"), "--card", "i2e-cifar10", "--limit", "3"]
    code = run_converter(program.__doc__, program.find_inputs, arguments)
    assert code in (0, 1)  # the rate of noise is not that of photographs
    assert "I2E-CIFAR10" in capsys.readouterr().out
    dataset = open_dataset(tmp_path / "o.zarr")
    assert dataset.size == (128, 128)
    assert [(s.split, s.label) for s in dataset][:3] == [
        ("train", "3"),
        ("train", "9"),
        ("train", "3"),
    ]
    assert len(dataset) == 5


def test_something_else(program, tmp_path):
    with pytest.raises(SourceError, match="batches of CIFAR"):
        program.find_inputs(tmp_path, "")
