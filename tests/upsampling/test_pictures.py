"""Frames as upsampling sees them."""

import numpy as np
import pytest

from eventsim.frames import Encoding
from eventsim.upsampling.pictures import luminance_of, pictures_to_follow


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("encoding", [Encoding(), Encoding("linear", 0, 1000), Encoding("log")])
def test_light_is_what_the_encoding_says(dtype, encoding):
    values = np.array([[0, 3], [20, 200]], dtype)
    light = luminance_of(values, encoding)
    assert light.dtype == np.float32
    assert np.array_equal(light, encoding.luminance(values))


def test_nothing_is_rounded_to_8_bits():
    steps = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    assert len(np.unique(luminance_of(steps, Encoding("linear", 0, 65535)))) == 65536


def test_8_bit_frames_are_followed_as_they_are():
    frames = np.zeros((2, 3), np.uint8), np.ones((2, 3), np.uint8)
    assert pictures_to_follow(frames, (frames[0], frames[1]))[1] is frames[
        1
    ].base or np.array_equal(pictures_to_follow(frames, frames)[1], frames[1])


def test_other_frames_by_the_logarithm_of_their_light():
    light = (np.array([[0, 9, 99]], np.float32), np.array([[999, 9, 0]], np.float32))
    first, second = pictures_to_follow(light, light)
    assert first.tolist() == [[0, 85, 170]]  # 255 / 3 for each factor of ten
    assert second.tolist() == [[255, 85, 0]]
