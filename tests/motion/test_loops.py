"""The paths of recorded data sets: their corners, their times, their speeds."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.motion.loops import diamond, square, triangle

LOOPS = [triangle, diamond, square]


def corners_of(path, legs, loop_us):
    return path.at([loop_us * k // legs for k in range(legs + 1)])[:, :2]


def test_the_triangle_is_that_of_nmnist():
    path = triangle()
    assert (path.t_us[0], path.t_us[-1]) == (0, 300_000)
    steps = np.diff(corners_of(path, 3, 300_000), axis=0)
    assert steps.tolist() == [[3.5, 7.0], [3.5, -7.0], [-7.0, 0.0]]


def test_the_saccades_of_the_triangle_are_bells_with_a_rest():
    path = triangle()
    progress = (path.at([5_000, 47_500, 90_000, 100_000])[:, 1] + 3.5) / 7
    assert progress == pytest.approx([0, 0.5, 1, 1], abs=1e-3)
    # 25 % and 75 % of minimum jerk lie at 0.359 and 0.641 of its time.
    quarters = (path.at([5_000 + 30_500, 5_000 + 54_500])[:, 1] + 3.5) / 7
    assert quarters == pytest.approx([0.25, 0.75], abs=0.01)
    assert path.velocity([2_000, 95_000, 299_000])[:, :2].tolist() == [[0, 0]] * 3
    # Mean speed 7.83 px in 85 ms, at its top 1.875 times that.
    top = np.hypot(*path.velocity(path.t_us)[:, :2].T).max()
    assert top == pytest.approx(1.875 * 7.0 / 85e-3 * np.hypot(0.5, 1), rel=0.02)


def test_the_diamond_has_four_diagonals_and_six_loops():
    path = diamond()
    assert path.t_us[-1] == 1_200_000
    steps = np.diff(corners_of(path, 4, 200_000), axis=0)
    assert steps.tolist() == [[4, 4], [-4, 4], [-4, -4], [4, -4]]
    again = path.at(np.arange(0, 200_000, 997))
    assert np.allclose(path.at(np.arange(0, 200_000, 997) + 800_000), again, atol=1e-12)


def test_the_square_goes_along_the_axes_at_one_speed():
    path = square(amplitude_px=6, loop_us=400_000)
    steps = np.diff(corners_of(path, 4, 400_000), axis=0)
    assert steps.tolist() == [[6, 0], [0, 6], [-6, 0], [0, -6]]
    assert np.hypot(*path.velocity([1, 150_000, 399_999])[:, :2].T) == pytest.approx([60] * 3)


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("profile", ["minimum-jerk", "constant"])
@pytest.mark.parametrize("loops", [1, 3])
def test_all_are_closed_centered_and_as_long_as_asked(loop, profile, loops):
    path = loop(amplitude_px=5, loop_us=100_001, loops=loops, profile=profile)
    assert path.is_closed
    assert path.duration_us == 100_001 * loops
    for column in (path.x_px, path.y_px):
        assert (column.min(), column.max()) == pytest.approx((-2.5, 2.5))


def test_rest_and_move_can_be_set():
    path = square(onset_us=10_000, move_us=20_000, profile="minimum-jerk")
    assert path.at([10_000, 20_000, 30_000, 50_000])[:, 0] == pytest.approx([-4, 0, 4, 4], abs=1e-3)


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"amplitude_px": 0}, "amplitude_px must be above 0"),
        ({"amplitude_px": float("nan")}, "amplitude_px must be above 0"),
        ({"loops": 0}, "loops must be 1 or more"),
        ({"profile": "bell"}, "profile must be one of minimum-jerk, constant, found 'bell'"),
        ({"loop_us": 2}, "must fit into its 0 us"),
        ({"onset_us": -1}, "rest of -1 us"),
        ({"onset_us": 50_000, "move_us": 90_000}, "move of 90000 us"),
    ],
)
def test_bad_numbers(loop, options, words):
    with pytest.raises(ConfigError, match=words):
        loop(**options)
