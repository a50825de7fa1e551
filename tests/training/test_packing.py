"""Packed planes, against NumPy."""

import numpy as np
import pytest
import torch

from eventsim.errors import ConfigError
from eventsim.training import ImageEvents, unpack_planes


@pytest.mark.parametrize("width", [1, 7, 8, 9, 30])
def test_it_undoes_packbits(width):
    planes = np.random.default_rng(0).integers(0, 2, (2, 8, 2, 3, width), dtype=np.uint8)
    packed = torch.from_numpy(np.packbits(planes, axis=-1))
    assert np.array_equal(unpack_planes(packed, width).numpy(), planes)


def test_a_packed_dataset_holds_the_same():
    images = np.random.default_rng(0).integers(0, 256, (4, 9, 13), dtype=np.uint8)
    dense, packed = ImageEvents(list(images)), ImageEvents(list(images), packed=True)
    for i in range(4):
        assert torch.equal(unpack_planes(packed[i][0], 13), dense[i][0])
    with pytest.raises(ConfigError, match="packed is for"):
        ImageEvents(list(images), method="saccade", packed=True)


def test_another_width():
    with pytest.raises(ConfigError, match="2 bytes per row"):
        unpack_planes(torch.zeros(3, 3, dtype=torch.uint8), 9)
