"""Frames come at all nodes, and often enough for the largest displacement asked for."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsim import SensorSize
from eventsim.errors import ConfigError
from eventsim.motion.loops import triangle
from eventsim.motion.paths import EyePath
from eventsim.motion.timing import LONGEST_US, frame_times

SIZE = SensorSize(40, 30)


def corner_places(path, t_us):
    """Where the image points that are at the sensor's corners at a moment are at the next."""
    poses = path.at(t_us)
    corners = np.array([(sx * 20, sy * 15) for sx in (-1, 1) for sy in (-1, 1)], float)
    moved = []
    for (x, y, a, zoom), (x2, y2, a2, zoom2) in pairwise(poses):
        q = (corners - (x, y)) @ np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) / zoom
        p = q @ np.array([[np.cos(a2), np.sin(a2)], [-np.sin(a2), np.cos(a2)]]) * zoom2 + (x2, y2)
        moved.append(np.hypot(*(p - corners).T).max())
    return np.array(moved)


@given(st.integers(0, 2**31), st.floats(0.05, 2), st.booleans())
def test_no_pixel_sees_a_larger_step(seed, step_px, turning):
    rng = np.random.default_rng(seed)
    t_us = np.cumsum(rng.integers(100_000, 5_000_000, 6))
    more = (rng.uniform(-0.5, 0.5, 6), rng.uniform(0.7, 1.4, 6)) if turning else ()
    path = EyePath.of(t_us, *rng.uniform(-8, 8, (2, 6)), *more)
    times = frame_times(path, SIZE, step_px)
    assert np.isin(path.t_us, times).all()
    assert (np.diff(times) > 0).all()
    # Whole microseconds: a time may be off by one, which is a small part of a step.
    assert corner_places(path, times).max() <= step_px * 1.02


def test_a_shift_takes_the_fewest_frames():
    path = EyePath.of([0, 1_000, 9_000], [0.0, 1.0, 1.0], [0.0, 0.0, 0.0])
    assert frame_times(path, SIZE, 0.25).tolist() == [0, 250, 500, 750, 1_000, 9_000]
    assert frame_times(path, SIZE, 10.0).tolist() == [0, 1_000, 9_000]


def test_one_node_is_one_frame():
    assert frame_times(EyePath.of([5], [0.0], [0.0]), SIZE, 0.25).tolist() == [5]


def test_flicker_and_long_rests_have_frames_of_their_own():
    rest = EyePath.of([0, 1_000], [0.0, 0.0], [0.0, 0.0])
    assert frame_times(rest, SIZE, 0.25, 300).tolist() == [0, 250, 500, 750, 1_000]
    long = EyePath.of([0, 3 * LONGEST_US], [0.0, 0.0], [0.0, 0.0])
    assert np.diff(frame_times(long, SIZE, 0.25)).tolist() == [LONGEST_US] * 3


def test_never_finer_than_microseconds():
    jump = EyePath.of([0, 3], [0.0, 100.0], [0.0, 0.0])
    assert frame_times(jump, SIZE, 0.25).tolist() == [0, 1, 2, 3]


def test_the_triangle_at_a_quarter_of_a_pixel():
    n = frame_times(triangle(), SIZE, 0.25).size
    # 22.7 px are 91 steps; the nodes of the bells add some, the rests next to none.
    assert 91 < n < 135


def test_too_many_frames():
    far = EyePath.of([0, 10**12], [0.0, 1e6], [0.0, 0.0])
    with pytest.raises(ConfigError, match="at most 50000000 frames, found 1000000001"):
        frame_times(far, SIZE, 0.001)
