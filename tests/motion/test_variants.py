"""The ten ways to record: all can be made, and each differs from the original."""

import numpy as np

from eventsim.motion.from_settings import MotionSettings, make_lighting, make_path, moved_image
from eventsim.motion.variants import VARIANTS

PATHS = [name for name in VARIANTS if name.startswith("path-")]
LIGHTS = [name for name in VARIANTS if name.startswith("light-")]


def test_an_original_five_paths_and_four_lights():
    assert list(VARIANTS) == ["original", *PATHS, *LIGHTS]
    assert (len(PATHS), len(LIGHTS)) == (5, 4)


def test_each_differs_from_the_original_in_path_or_light():
    original = MotionSettings(variant="original")
    path, light = make_path(original, 1), make_lighting(original)
    for name in PATHS:
        other = MotionSettings(variant=name)
        assert make_lighting(other) == light
        t_us = np.linspace(0, 200_000, 101)
        assert np.abs(make_path(other, 1).at(t_us) - path.at(t_us)).max() > 1
    for name in LIGHTS:
        other = MotionSettings(variant=name)
        assert make_lighting(other) != light
        assert np.array_equal(make_path(other, 1).poses, path.poses)


def test_the_lights_go_from_dark_to_bright():
    gray = np.full((4, 4), 128, np.uint8)
    names = [*LIGHTS[:2], "original", *LIGHTS[2:]]
    levels = [
        next(iter(moved_image(gray, MotionSettings(variant=name)))).values[0, 0] for name in names
    ]
    assert levels == sorted(levels)
    assert levels[0] < levels[-1] / 10
