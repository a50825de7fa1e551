"""The converter of idx files, run as a program."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import eventsim
from eventsim.motion.path_files import read_path
from eventsim.shipped import find
from eventsim.store.reader import open_dataset

ROOT = Path(__file__).parents[2]


def write_idx(path, array):
    head = bytes((0, 0, 8, array.ndim)) + np.array(array.shape, ">u4").tobytes()
    path.write_bytes(head + array.tobytes())


@pytest.fixture
def mnist(tmp_path):
    """Twenty and five images of 28x28 in the files of MNIST."""
    folder = tmp_path / "mnist"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name, n in (("train", 20), ("t10k", 5)):
        write_idx(folder / f"{name}-images-idx3-ubyte", rng.integers(0, 256, (n, 28, 28), np.uint8))
        write_idx(folder / f"{name}-labels-idx1-ubyte", rng.integers(0, 10, n, np.uint8))
    return folder


def call(*arguments):
    return subprocess.run(
        [sys.executable, str(ROOT / "converters" / "idx_to_events.py"), *map(str, arguments)],
        capture_output=True, text=True, timeout=100, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def test_a_set_that_is_not_what_the_card_says(mnist, tmp_path):
    done = call(mnist, tmp_path / "o.zarr", "--card", "i2e-mnist")
    assert done.returncode == 1, done.stderr
    assert "WRONG   train: 20 samples, expected 60,000" in done.stdout
    assert "license of the images: CC BY-SA 3.0" in done.stdout
    dataset = open_dataset(tmp_path / "o.zarr")
    assert [sample.split for sample in dataset] == ["train"] * 20 + ["test"] * 5
    assert dataset.size == eventsim.SensorSize(32, 32)


def test_saccades_of_some_images(mnist, tmp_path):
    done = call(mnist, tmp_path / "o.zarr", "--card", "n-mnist-sim", "--limit", "2")
    assert "times 5: not all images were converted" in done.stdout
    recording = open_dataset(tmp_path / "o.zarr")[0]
    assert recording.size == (34, 34)
    # The path of the card after its run-in, as a whole a little beside.
    path, (t_us, x_px, *_) = read_path(find("nmnist_path.csv")), recording.path_columns
    offset = x_px[t_us >= 0] - path.x_px
    assert np.ptp(offset) == pytest.approx(0, abs=1e-9)
    assert 0 < abs(offset[0]) < 0.4


def test_missing_files(tmp_path):
    done = call(tmp_path, tmp_path / "o.zarr", "--card", "i2e-mnist")
    assert done.returncode == 2
    assert done.stderr.startswith("error: expected train-images*idx3-ubyte*")
    assert done.stderr.count("\n") == 1
