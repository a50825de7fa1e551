"""The kernels by themselves: padding, packing, instructions."""

import numpy as np
import pytest

from eventsim.planes import kernels

MODES = {kernels.REPLICATE: "edge", kernels.REFLECT: "reflect", kernels.ZERO: "constant"}


@pytest.mark.parametrize("padding", list(MODES))
@pytest.mark.parametrize("spare", [0, 3])
def test_the_copies_are_the_padded_image_and_spare_columns_stay_0(padding, spare):
    image = np.random.default_rng(0).integers(1, 256, (3, 4, 5), dtype=np.uint8)
    planes = np.zeros((3, 6, 5 + spare), np.uint8)
    low, high, wrong = kernels.spread_value(image, padding, planes)
    value = image.max(0)
    assert (low, high, wrong) == (value.min(), value.max(), 0)
    padded = np.pad(value, 1, mode=MODES[padding])
    for place in range(9):
        row = kernels.neighbor(planes, place).reshape(4, 5 + spare)
        expected = padded[place // 3 : place // 3 + 4, place % 3 : place % 3 + 5]
        assert np.array_equal(row[:, :5], expected)
        assert not row[:, 5:].any()


def test_a_single_pixel_is_its_own_neighbor():
    planes = np.zeros((3, 3, 1), np.uint8)
    kernels.spread_value(np.full((1, 1, 1), 9, np.uint8), kernels.REFLECT, planes)
    assert (planes == 9).all()


def test_eight_bytes_become_eight_bits_the_first_on_top():
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    out = np.zeros(256, np.uint8)
    kernels.gather_bits(bits.reshape(-1).view(np.uint64), out)
    assert np.array_equal(out, np.arange(256))
