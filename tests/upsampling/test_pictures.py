"""Frames as optical flow sees them."""

import numpy as np

from eventsim.upsampling.pictures import pictures_to_follow


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
