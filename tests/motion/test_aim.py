"""Aims scatter as they should, and belong to their seed."""

import numpy as np
import pytest
from scipy.stats import kstest

from eventsim.motion.aim import aimed
from eventsim.motion.from_settings import moved_image
from eventsim.motion.paths import EyePath
from eventsim.motion.settings import make_motion_settings

PATH = EyePath.of([0, 50, 100], [0.0, 4.0, 1.0], [2.0, 0.0, -1.0], [0, 0.1, 0.2])


def test_a_path_is_moved_as_a_whole():
    moved = aimed(PATH, 0.5, seed=2)
    offset = moved.poses - PATH.poses
    assert np.ptp(offset, axis=0) == pytest.approx([0, 0, 0, 0], abs=1e-12)
    assert offset[0, 2:].tolist() == [0, 0]
    assert abs(offset[0, 0]) > 0
    assert offset[0, 0] != offset[0, 1]
    assert aimed(PATH, 0.0, seed=2) is PATH


def test_aims_are_normal_and_independent():
    drawn = np.array([aimed(PATH, 0.2, seed).poses[0, :2] for seed in range(2000)])
    drawn = (drawn - PATH.poses[0, :2]) / 0.2
    for axis in drawn.T:
        assert kstest(axis, "norm").pvalue > 1e-3
    assert abs(np.corrcoef(drawn.T)[0, 1]) < 4 / np.sqrt(2000)
    assert np.array_equal(aimed(PATH, 0.2, 7).x_px, aimed(PATH, 0.2, 7).x_px)


def test_images_are_aimed_at_by_their_settings():
    image = np.zeros((10, 10), np.uint8)
    settings = make_motion_settings({"aim_spread_px": 0.3, "run_in_us": 10_000})
    plain = moved_image(image, make_motion_settings({"run_in_us": 10_000}), seed=4)
    found = moved_image(image, settings, seed=4)
    assert np.ptp(found.path.x_px - plain.path.x_px) == pytest.approx(0, abs=1e-12)
    assert found.path.x_px[0] != plain.path.x_px[0]
    assert found.path.x_px[0] != moved_image(image, settings, seed=5).path.x_px[0]
