"""What is decided beforehand: sizes, parts, seeds, and what goes on with what."""

import numpy as np
import pytest

from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, SourceError
from eventsim.events import SensorSize
from eventsim.motion.from_settings import MotionSettings
from eventsim.pipeline import image_plan
from eventsim.pipeline.image_plan import I2EMethod, ImageInput, SaccadeMethod, plan_images
from eventsim.planes.settings import I2ESettings
from eventsim.random import recording_seed

I2E = I2EMethod(I2ESettings())
MOVED = SaccadeMethod(MotionSettings(), choose_camera("ideal", "v2e-clean"))


def test_parts_are_ranges_in_order_and_cross_inputs(pictures, monkeypatch):
    monkeypatch.setattr(image_plan, "PART_IMAGES", 4)
    plan = plan_images([pictures, pictures], I2E, limit=7)
    ranges = [[(r.start, r.stop, r.first) for r in part] for part in plan.parts]
    assert ranges == [[(0, 4, 0)], [(4, 7, 4), (0, 1, 7)], [(1, 5, 8)], [(5, 7, 12)]]
    assert plan.total(set()) == 14
    assert plan.total({0, 3}) == 8
    assert [task.part for task in plan.tasks(pictures, {1}, None)] == [0, 2, 3]


def test_planes_take_the_size_of_the_first_image_that_can_be_read(pictures):
    (pictures / "ant" / "0.png").write_bytes(b"")
    plan = plan_images([pictures], I2E)
    assert (plan.size, plan.size_was_asked) == ((9, 8), False)
    assert plan_images([pictures], I2E, size=SensorSize(5, 4)).size == (5, 4)
    assert plan.sets[0].classes == ("ant", "bee")
    assert "not an image and was left out" in plan.sets[0].notes[0]


def test_a_sensor_has_its_own_size_or_that_of_each_image(pictures):
    assert plan_images([pictures], MOVED).size is None
    camera = choose_camera("dvs128", "card")
    assert plan_images([pictures], SaccadeMethod(MotionSettings(), camera)).size == (128, 128)


def test_attributes_say_everything_that_decides_the_events(pictures):
    one = plan_images([pictures], I2E, seed=3).attributes()
    assert (one["content"], one["method"], one["seed"], one["size"]) == ("planes", "i2e", 3, [9, 8])
    assert one["settings"]["ratio"] == 0.12
    assert one == plan_images([str(pictures)], I2E, seed=3).attributes()
    other = plan_images([ImageInput(str(pictures), label="x")], I2E, seed=3).attributes()
    assert other["inputs"] != one["inputs"]
    moved = plan_images([pictures], MOVED).attributes()
    assert (moved["method"], moved["motion"]["path"]) == ("saccade", "triangle")


def test_wrong_wishes(pictures, tmp_path):
    with pytest.raises(ConfigError, match="no input"):
        plan_images([], I2E)
    with pytest.raises(ConfigError, match="limit"):
        plan_images([pictures], I2E, limit=0)
    with pytest.raises(SourceError, match="does not exist"):
        plan_images([tmp_path / "no"], I2E)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "a.png").write_bytes(b"")
    with pytest.raises(SourceError, match="none of the first images can be read"):
        plan_images([tmp_path / "bad"], I2E)
    with pytest.raises(ConfigError, match="px per side"):
        plan_images([pictures], I2E, size=SensorSize(40_000, 2))


def test_seeds_of_images_are_those_of_recordings():
    assert len({recording_seed(1, i) for i in range(100)} & {recording_seed(2, 0)}) == 0
    assert np.unique([recording_seed(1, i) for i in range(100)]).size == 100
