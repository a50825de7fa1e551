"""Images of other libraries become arrays, and labels numbers."""

import numpy as np
import pytest
import torch
from PIL import Image

from eventsim.errors import ConfigError
from eventsim.training.samples import Samples, as_array

GRAY = np.arange(20, dtype=np.uint8).reshape(4, 5)
COLOR = np.stack([GRAY, GRAY + 1, GRAY + 2], axis=-1)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (GRAY, GRAY),
        (COLOR, COLOR),
        (COLOR.transpose(2, 0, 1), COLOR),
        (GRAY[:, :, None], GRAY),
        (torch.from_numpy(GRAY[None]), GRAY),
        (torch.from_numpy(COLOR.transpose(2, 0, 1) / 255.0), COLOR / 255.0),
        (Image.fromarray(GRAY), GRAY),
        (Image.fromarray(COLOR), COLOR),
        (Image.fromarray(GRAY).convert("P"), np.stack([GRAY] * 3, axis=-1)),
    ],
)
def test_forms_of_an_image(image, expected):
    assert np.array_equal(as_array(image, 0), expected)


@pytest.mark.parametrize("image", [np.zeros(5), np.zeros((2, 4, 5, 3)), np.zeros((4, 5, 4)), []])
def test_other_shapes_are_refused(image):
    with pytest.raises(ConfigError, match="at 7"):
        as_array(image, 7)


def test_labels_are_numbers_of_classes_or_what_the_dataset_gives(tmp_path):
    np.savez(tmp_path / "a.npz", images=np.stack([GRAY, GRAY]), labels=[2, 0])
    found = Samples(tmp_path / "a.npz")
    assert (found.classes, [found.read(i)[1] for i in (0, 1)]) == (("0", "1", "2"), [2, 0])
    assert Samples([(GRAY, np.int64(9))]).read(0)[1] == 9
    assert Samples([GRAY]).read(0)[1] == -1


def test_sizes():
    two = Samples([GRAY, GRAY.T])
    two.read(0)
    with pytest.raises(ConfigError, match="image 1 is 4x5 after 5x4"):
        two.read(1)
    both = Samples([GRAY, GRAY.T], size=(3, 2))
    assert [both.read(i)[0].shape for i in (0, 1)] == [(2, 3), (2, 3)]
    with pytest.raises(ConfigError, match="image 0 is of float64"):
        Samples([GRAY / 2], size=(3, 2)).read(0)


def test_a_split_needs_a_path():
    with pytest.raises(ConfigError, match="split"):
        Samples([GRAY], split="train")
