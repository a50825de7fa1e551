"""Objects that cross a picture: where they are, and how often they are rendered."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.scenes.objects import STEP_PX, MovingObjects

GRAY = np.full((40, 60), 100.0, np.float32)


def center_of(picture):
    there = np.abs(picture - 100.0)
    y, x = np.mgrid[:40, :60] + 0.5
    return (there * x).sum() / there.sum(), (there * y).sum() / there.sum()


def test_an_object_moves_straight_and_comes_again():
    one = MovingObjects(GRAY, np.array([[10.0, 20.0]]), np.array([[100.0, -20.0]]),
                        np.array([4.0]), np.array([200.0]))  # fmt: skip
    assert center_of(one.luminance(0)) == pytest.approx((10, 20), abs=0.05)
    assert center_of(one.luminance(200_000)) == pytest.approx((30, 16), abs=0.05)
    # 60 px and twice its reach of 5 px later it is where it was.
    assert center_of(one.luminance(700_000))[0] == pytest.approx(10, abs=0.05)


def test_nothing_moves_farther_than_a_step_between_two_frames():
    many = MovingObjects.of(GRAY, 5, seed=4)
    source = many.source(0.2)
    frames = list(source)
    assert len(frames) == source.expected_frames
    gaps_s = np.diff([frame.t_us for frame in frames]) * 1e-6
    fastest = np.hypot(*many.velocity_px_s.T).max()
    assert gaps_s.max() * fastest <= STEP_PX * 1.01
    assert frames[-1].t_us == 200_000
    assert source.size == (60, 40)
    assert np.array_equal(frames[3].values, many.luminance(frames[3].t_us))


def test_a_scene_is_a_function_of_its_seed():
    one, same, other = (MovingObjects.of(GRAY, 3, seed=s).luminance(5e4) for s in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    with pytest.raises(ConfigError, match="count must be 1 or more"):
        MovingObjects.of(GRAY, 0)
