"""Settings become a path, a light, and a source of frames."""

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.motion.from_settings import (
    PATHS,
    MotionSettings,
    make_lighting,
    make_motion_settings,
    make_path,
    moved_image,
)
from eventsim.motion.lighting import Lighting
from eventsim.motion.loops import diamond, triangle
from eventsim.motion.moved_image import MovedImage
from eventsim.motion.wandering import drift_microsaccade, random_walk

IMAGE = np.random.default_rng(0).integers(0, 256, (20, 24)).astype(np.uint8)


def same(a, b):
    return all(np.array_equal(x, y) for x, y in zip(a.columns, b.columns, strict=True))


def test_defaults_are_those_of_the_paths():
    for name, expected in (
        ("triangle", triangle()),
        ("diamond", diamond()),
        ("random-walk", random_walk(3)),
        ("drift-microsaccade", drift_microsaccade(3)),
    ):
        assert same(make_path(make_motion_settings({"path": name}), 3), expected)


def test_numbers_reach_the_path():
    loop = {"path": "triangle", "amplitude_px": 3, "duration_us": 90_000, "loops": 2}
    expected = triangle(amplitude_px=3, loop_us=90_000, loops=2, profile="constant")
    assert same(make_path(make_motion_settings({**loop, "profile": "constant"}), 1), expected)
    walk = make_motion_settings({"path": "random-walk", "duration_us": 70_000, "speed_px_s": 30})
    assert same(make_path(walk, 4), random_walk(4, duration_us=70_000, speed_px_s=30))
    eye = {"drift_px2_s": 5, "microsaccade_px": 2, "microsaccade_hz": 3, "duration_us": 500_000}
    settings = make_motion_settings({"path": "drift-microsaccade", **eye})
    assert same(make_path(settings, 4), drift_microsaccade(4, **eye))


def test_a_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("t_us,x_px,y_px\n0,0,0\n1000,1,2\n")
    settings = make_motion_settings({"path": str(path)})
    assert make_path(settings, 1).poses[1].tolist() == [1, 2, 0, 1]
    with pytest.raises(SourceError, match="cannot be read"):
        make_path(make_motion_settings({"path": str(tmp_path / "b.csv")}), 1)


def test_light():
    settings = make_motion_settings(
        {"brightness": 2, "ambient_dn": 3, "flicker_hz": 100, "flicker_depth": 0.2}
    )
    assert make_lighting(settings) == Lighting(2, 3, 100, 0.2)


def test_one_call_makes_the_source():
    values = {"path": "random-walk", "scale": 1.5, "blur_px": 0.7, "step_px": 0.5,
              "outside": "black", "brightness": 0.5}  # fmt: skip
    source = moved_image(IMAGE, make_motion_settings(values), size=(16, 12), seed=8)
    expected = MovedImage(
        IMAGE, random_walk(8), size=(16, 12), scale=1.5, blur_px=0.7, step_px=0.5,
        outside="black", lighting=Lighting(0.5),
    )  # fmt: skip
    assert same(source.path, random_walk(8))
    for a, b in zip(source, expected, strict=True):
        assert a.t_us == b.t_us
        assert np.array_equal(a.values, b.values)


@pytest.mark.parametrize("path", PATHS)
def test_all_paths_make_frames_by_default(path):
    source = moved_image(IMAGE, make_motion_settings({"path": path}))
    assert source.expected_frames > 10
    assert source.size == (24, 20)


@pytest.mark.parametrize(("dtype", "white"), [("uint8", 255), ("uint16", 65535), ("float32", 255)])
def test_a_negative_shows_what_the_swapped_image_shows(dtype, white):
    image = (np.arange(64).reshape(8, 8) / 63 * white).astype(dtype)
    swapped = (white - image).astype(dtype)
    frames = list(moved_image(image, MotionSettings(negative=True)))
    expected = list(moved_image(swapped, MotionSettings()))
    assert all(np.array_equal(a.values, b.values) for a, b in zip(frames, expected, strict=True))
