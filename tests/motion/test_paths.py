"""A path is straight between its nodes, and its flow is what a point of the image does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsim.errors import ConfigError, TimeOrderError
from eventsim.motion.paths import EyePath

SIZE = (40, 30)
TURNING = EyePath.of(
    [1000, 21_000, 50_000], [0.0, 4.0, -3.0], [1.0, -2.0, 5.0], [0.0, 0.4, -0.2], [1.0, 1.3, 0.8]
)


def place_of(path, q, t_us):
    """Where the image point q, counted from the image's center, is at some times."""
    x, y, a, zoom = path.at(t_us).T
    cx, cy = (SIZE[0] - 1) / 2, (SIZE[1] - 1) / 2
    px = cx + zoom * (np.cos(a) * q[0] - np.sin(a) * q[1]) + x
    py = cy + zoom * (np.sin(a) * q[0] + np.cos(a) * q[1]) + y
    return np.stack([px, py], axis=1)


def test_poses_lie_on_straight_pieces_and_rest_outside():
    at = TURNING.at([0, 1000, 11_000, 21_000, 50_000, 10**12])
    assert at[0].tolist() == at[1].tolist() == [0, 1, 0, 1]
    assert at[2] == pytest.approx([2, -0.5, 0.2, 1.15])
    assert at[4].tolist() == at[5].tolist() == [-3, 5, -0.2, 0.8]
    assert TURNING.duration_us == 49_000


def test_a_path_may_begin_late():
    late = EyePath.of([10**15, 10**15 + 3], [0.0, 3.0], [0.0, 0.0])
    assert late.at([10**15 + 1])[0, 0] == pytest.approx(1.0, abs=1e-9)
    assert late.velocity([10**15 + 1])[0, 0] == pytest.approx(1e6)


def test_at_a_node_the_piece_before_counts():
    path = EyePath.of([0, 1000, 3000], [0.0, 1.0, 5.0], [0.0, 0.0, 1.0])
    speed = path.velocity([-5, 0, 1, 1000, 1001, 3000, 3001])
    assert speed[:, 0] == pytest.approx([0, 0, 1000, 1000, 2000, 2000, 0])
    assert speed[:, 1] == pytest.approx([0, 0, 0, 0, 500, 500, 0])


@given(st.integers(1100, 49_900), st.floats(-15, 15), st.floats(-15, 15))
def test_flow_is_the_speed_of_the_point_that_a_pixel_sees(t_us, qx, qy):
    if abs(t_us - 21_000) < 100:
        return  # the slope changes there
    before, here, after = place_of(TURNING, (qx, qy), [t_us - 50, t_us, t_us + 50])
    flow = TURNING.flow([t_us], [here[0]], [here[1]], SIZE)[0]
    # Central difference over 100 us; its error is of second order in that.
    assert flow == pytest.approx((after - before) / 100e-6, rel=1e-4, abs=1e-2)


def test_flow_of_a_shift_is_the_same_everywhere():
    path = EyePath.of([0, 10_000], [0.0, 2.0], [0.0, -1.0])
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    flow = path.flow(np.full(x.size, 500), x.ravel(), y.ravel(), SIZE)
    assert np.allclose(flow, [200.0, -100.0], rtol=1e-12)


def test_rotation_turns_clockwise_on_the_screen():
    path = EyePath.of([0, 1_000_000], [0.0, 0.0], [0.0, 0.0], [0.0, 1.0])
    right_of_center = path.flow([1], [29.5], [14.5], SIZE)[0]
    assert right_of_center == pytest.approx([0.0, 10.0])  # down


def test_closed_or_not():
    assert EyePath.of([0, 5, 9], [1.0, 4.0, 1.0 + 1e-9], [2.0, 0.0, 2.0]).is_closed
    assert not TURNING.is_closed
    assert not EyePath.of([0, 5], [0.0, 0.0], [0.0, 0.0], zoom=[1.0, 1.1]).is_closed
    assert EyePath.of([7], [1.0], [2.0]).is_closed


def test_what_only_shifts():
    assert EyePath.of([0, 5], [0.0, 4.0], [0.0, 0.0]).only_shifts
    assert not TURNING.only_shifts
    assert not EyePath.of([0, 5], [0.0, 0.0], [0.0, 0.0], zoom=[2.0, 2.0]).only_shifts


def test_columns_and_their_types():
    path = EyePath.of([0, 5], [0, 1], [2, 3])
    assert [c.dtype for c in path.columns] == [np.int64] + [np.float64] * 4
    assert path.poses.tolist() == [[0, 2, 0, 1], [1, 3, 0, 1]]


@pytest.mark.parametrize(
    ("nodes", "error", "words"),
    [
        (([], [], []), ConfigError, "at least one node"),
        (([0.0, 1.0], [0, 0], [0, 0]), ConfigError, "integers"),
        (([0, 0], [0, 0], [0, 0]), TimeOrderError, "node 1 has t=0"),
        (([0, 5, 4], [0] * 3, [0] * 3), TimeOrderError, "node 2 has t=4 us after t=5"),
        (([0, 5], [0], [0, 0]), ConfigError, "x_px of a path must have one number a node"),
        (([0, 5], [0, np.nan], [0, 0]), ConfigError, "found nan at node 1"),
        (([0, 5], [0, 0], [np.inf, 0]), ConfigError, "y_px.*found inf at node 0"),
        (([0, 5], [0, 0], [0, 0], [0, 0], [1, 0]), ConfigError, "zoom.*found 0 at node 1"),
        (([[0, 5]], [0, 0], [0, 0]), ConfigError, "shape"),
    ],
)
def test_bad_nodes(nodes, error, words):
    with pytest.raises(error, match=words) as raised:
        EyePath.of(*nodes)
    assert "\n" not in str(raised.value)


def test_a_path_cannot_be_changed_in_place():
    path = EyePath.of([0, 10], [0.0, 1.0], [0.0, 0.0])
    for column in path.columns:
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1
