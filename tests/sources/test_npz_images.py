"""Arrays in a .npz: their names and shapes."""

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.sources.npz_images import open_npz


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
        ({"images": np.zeros((1, 2, 2), np.uint8), "labels": [-1]}, "whole numbers from 0"),
        ({"images": np.zeros((1, 2, 2), np.uint8), "labels": ["cat"]}, "whole numbers from 0"),
        ({"images": np.array([None])}, "cannot be read"),
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
