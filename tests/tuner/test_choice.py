"""A choice is a camera, and the command that says the same."""

import shlex
from itertools import pairwise

import pytest

from eventsim.camera import SETTINGS, choose_camera
from eventsim.errors import ConfigError
from eventsim.pixel.models import make_settings
from eventsim.sensors.cards import load_card, sensor_names
from eventsim.sources.reading import Reading
from eventsim.tuner.choice import STEPS, Choice, different, offered


def test_only_what_differs_is_kept():
    choice = Choice("davis346").with_values({"contrast_threshold_on": 0.19, "leak_rate_hz": 2})
    assert choice.settings == {"leak_rate_hz": 2}
    back = choice.with_values({"leak_rate_hz": 0.05})  # that of the card
    assert back == Choice("davis346")
    assert choice.camera() == choose_camera("davis346", overrides={"leak_rate_hz": 2})


def test_what_no_slider_moves_stays():
    choice = Choice("davis346").with_values({"device_seed": 7}).with_values({"leak_rate_hz": 2})
    assert choice.settings == {"device_seed": 7, "leak_rate_hz": 2}


def test_the_command_says_all_of_it():
    choice = Choice(
        "imx636", "v2e-noisy", {"contrast_threshold_on": 0.155, "device_map": "a b.csv"}
    )
    reading = Reading(size=(64, 48), start_s=1.5, stop_s=2.5, slow_motion=8)
    words = shlex.split(choice.command("my clip.mp4", reading, seed=3))
    assert words[:6] == ["eventsim", "convert", "my clip.mp4", "my clip.zarr", "--sensor", "imx636"]
    pairs = [f"{a} {b}" for a, b in pairwise(words)]
    for pair in ("--noise v2e-noisy", "--set contrast_threshold_on=0.155",
                 "--set device_map=a b.csv", "--seed 3", "--size 64x48", "--start 1.5",
                 "--stop 2.5", "--slow-motion 8"):  # fmt: skip
        assert pair in pairs
    assert Choice().command("a.mp4", Reading()) == "eventsim convert a.mp4 a.zarr --sensor davis346"


@pytest.mark.parametrize("name", STEPS)
def test_sliders_offer_what_a_setting_can_be(name):
    assert name in SETTINGS
    assert list(STEPS[name]) == sorted(set(STEPS[name]))
    for value in STEPS[name]:
        others = {"hot_pixel_rate_hz": 1.0} if name == "hot_pixel_fraction" else {}
        make_settings({**others, name: value})


@pytest.mark.parametrize("sensor", sensor_names())
def test_what_a_card_says_is_offered(sensor):
    for name, value in load_card(sensor).physics.items():
        if name in STEPS:
            assert value in offered(name, value)
            assert offered(name, value) == sorted(offered(name, value))


def test_a_setting_that_the_model_lacks():
    own = choose_camera("ideal", overrides={"model": "linear"}).values
    with pytest.raises(ConfigError, match="no setting 'leak_rate_hz'"):
        different({"leak_rate_hz": 1}, own)
