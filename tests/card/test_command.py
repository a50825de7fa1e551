"""The command of a card is tried in test_write; here: every flag that it may need."""

import shlex

import pytest

from eventsim.camera import choose_camera
from eventsim.card.command import command_of
from eventsim.cli.options import FrameFlags, parse_settings, parse_size
from eventsim.events import SensorSize
from eventsim.motion.from_settings import make_motion_settings
from eventsim.pipeline.image_plan import I2EMethod, SaccadeMethod, plan_images
from eventsim.pipeline.video_plan import plan_videos
from eventsim.planes.settings import make_i2e_settings
from eventsim.sensors.cards import FOLDER
from eventsim.sources.reading import Reading


@pytest.fixture
def images(tmp_path):
    import cv2
    import numpy as np

    (tmp_path / "cat").mkdir()
    cv2.imwrite(str(tmp_path / "cat" / "0.png"), np.arange(72, dtype=np.uint8).reshape(8, 9))
    return str(tmp_path / "cat")


def test_videos(corpus):
    reading = Reading(
        size=SensorSize(16, 12), fit="pad", crop=(0, 0, 20, 10), start_s=0.02, stop_s=0.1
    )
    camera = choose_camera("davis346", "v2e-clean", {"contrast_threshold_on": 0.3})
    made = plan_videos([corpus / "in/test/walk/c.mp4"], camera, reading=reading, seed=9)
    words = shlex.split(command_of(made.attributes(), "a b.zarr"))
    assert words[:5] == ["eventsim", "convert", "--manifest", "a b.zarr/card/manifest.csv",
                         "again.zarr"]  # fmt: skip
    flags = dict(zip(words[5::2], words[6::2], strict=True))
    assert flags == {
        "--sensor": "davis346", "--noise": "v2e-clean", "--set": "contrast_threshold_on=0.3",
        "--size": "16x12", "--fit": "pad", "--crop": "0,0,20,10", "--start": "0.02",
        "--stop": "0.1", "--encoding": "srgb", "--seed": "9",
    }  # fmt: skip
    again = FrameFlags(
        size="16x12", fit="pad", crop="0,0,20,10", start_s=0.02, stop_s=0.1
    ).reading()
    assert again == reading
    assert parse_size("16x12") == (16, 12)


def test_a_camera_that_only_a_file_knows(corpus, tmp_path):
    """Another machine has no such file: all numbers, and the size, are in the command."""
    mine = tmp_path / "mine.toml"
    mine.write_text((FOLDER / "dvs128.toml").read_text())
    camera = choose_camera(str(mine), "v2e-noisy")
    reading = Reading(slow_motion=2.5)
    made = plan_videos([corpus / "in/test/walk/c.mp4"], camera, reading=reading).attributes()
    for attributes in (made, made | {"noise": "noisy"}):  # a preset of 0.7.0
        words = shlex.split(command_of(attributes, "o.zarr"))
        pairs = list(zip(words[5::2], words[6::2], strict=True))
        again = choose_camera(
            "ideal", "card", parse_settings([v for k, v in pairs if k == "--set"])
        )
        assert again.settings == camera.settings
        assert {("--size", "128x128"), ("--slow-motion", "2.5"), ("--sensor", "ideal")} <= {*pairs}


def test_still_images(images):
    made = plan_images([images], I2EMethod(make_i2e_settings(ratio=0.2, order=1)))
    command = command_of(made.attributes(), "o.zarr")
    assert "IMAGES again.zarr --method i2e --size 9x8 --fit stretch --ratio 0.2" in command
    assert "--order 1" in command
    motion = make_motion_settings({"path": "triangle", "amplitude_px": 2.0, "negative": True})
    moved = plan_images([images], SaccadeMethod(motion, choose_camera("ideal", "card")))
    command = command_of(moved.attributes(), "o.zarr")
    for words in ("--method saccade", "--motion triangle", "--move amplitude_px=2.0",
                  "--move negative=true", "--sensor ideal"):  # fmt: skip
        assert words in command
