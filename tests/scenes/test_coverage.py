import math

import numpy as np
import pytest

from eventsim.events import SensorSize
from eventsim.scenes.coverage import disk_coverage, shifted, strip_coverage


def test_strip_shares_its_borders() -> None:
    assert strip_coverage(1.25, 1.75, 3).tolist() == [0, 0.5, 0]
    assert strip_coverage(-4, 1.5, 3).tolist() == [1, 0.5, 0]


def test_disk_has_its_area_wherever_it_lies() -> None:
    for center in [(10, 10), (9.3, 10.7), (10.5, 9.5)]:
        assert disk_coverage(center, 4.2, SensorSize(20, 20)).sum() == pytest.approx(
            math.pi * 4.2**2, rel=1e-12
        )


def test_disk_over_the_corner_is_a_quarter() -> None:
    assert disk_coverage((0, 0), 3, SensorSize(8, 8)).sum() == pytest.approx(math.pi * 9 / 4)


def test_disk_outside_is_nothing() -> None:
    assert disk_coverage((-9, 4), 3, SensorSize(8, 8)).max() == 0


def test_disk_matches_counting_points() -> None:
    center, radius = (3.3, 2.6), 1.9
    grid = (np.arange(6 * 200) + 0.5) / 200
    x, y = np.meshgrid(grid, grid)
    points = (x - center[0]) ** 2 + (y - center[1]) ** 2 < radius**2
    counted = points.reshape(6, 200, 6, 200).mean(axis=(1, 3))
    assert np.abs(disk_coverage(center, radius, SensorSize(6, 6)) - counted).max() < 2e-3


def test_disk_smaller_than_a_pixel() -> None:
    covered = disk_coverage((1.5, 1.5), 0.25, SensorSize(3, 3))
    assert covered[1, 1] == pytest.approx(math.pi / 16)
    assert covered.sum() == pytest.approx(covered[1, 1])


@pytest.mark.parametrize("cubic", [False, True])
def test_whole_shift_moves_and_repeats_the_edge(cubic: bool) -> None:
    image = np.array([[1, 2, 4], [3, 5, 9]], np.float32)
    assert shifted(image, 1, 0, SensorSize(3, 2), cubic=cubic).tolist() == [[1, 1, 2], [3, 3, 5]]
    assert shifted(image, 0, -1, SensorSize(3, 2), cubic=cubic).tolist() == [[3, 5, 9], [3, 5, 9]]


@pytest.mark.parametrize("cubic", [False, True])
def test_shift_of_a_slope_is_exact_for_any_part(cubic: bool) -> None:
    image = np.tile(np.arange(20, dtype=np.float32) * 8, (5, 1))
    moved = shifted(image, 0.01, 0.3, SensorSize(20, 5), cubic=cubic)
    assert np.allclose(moved[:, 4:16], image[:, 4:16] - 0.08, atol=1e-4)


def test_cubic_is_sharper_than_linear() -> None:
    image = np.array([[0, 0, 0, 100, 100, 100]], np.float32)
    size = SensorSize(6, 1)
    half = shifted(image, 0.5, 0, size, cubic=True)[0]
    # Keys' weights at one half: -1/16, 9/16, 9/16, -1/16.
    assert half.tolist() == [0, 0, -6.25, 50, 106.25, 100]
    assert shifted(image, 0.5, 0, size, cubic=False)[0].tolist() == [0, 0, 0, 50, 100, 100]
