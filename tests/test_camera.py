"""Cameras: which number wins, and what a wrong name is told."""

import pytest

from eventsim.camera import choose_camera, twin_camera
from eventsim.errors import ConfigError
from eventsim.pixel.settings import PRESETS
from eventsim.sensors.cards import load_card


def test_a_flag_beats_the_preset_beats_the_card_beats_the_default():
    card = load_card("davis346").physics
    camera = choose_camera("davis346", "v2e-noisy", {"leak_rate_hz": 3.5})
    assert camera.settings.leak_rate_hz == 3.5  # the flag
    assert camera.settings.shot_noise_rate_hz == PRESETS["v2e-noisy"]["shot_noise_rate_hz"] == 5
    assert card["shot_noise_rate_hz"] == 0.01
    assert camera.settings.contrast_threshold_on == card["contrast_threshold_on"] == 0.19
    assert choose_camera("dvs128").settings.hot_pixel_fraction == 0  # no one said anything


def test_a_preset_replaces_noise_and_nothing_else():
    """Bandwidth and refractory period belong to the sensor, whatever its noise is."""
    card = load_card("davis346").physics
    for noise in PRESETS:
        settings = choose_camera("davis346", noise).settings
        assert settings.photoreceptor_cutoff_hz == card["photoreceptor_cutoff_hz"] == 300
        assert settings.refractory_period_us == card["refractory_period_us"] == 500
        assert settings.hot_pixel_fraction == 0


def test_the_noise_of_a_sensor_is_its_own():
    camera = choose_camera("davis346")
    assert camera.noise == "card"
    for name, value in load_card("davis346").physics.items():
        assert getattr(camera.settings, name) == value


def test_a_camera_is_that_of_its_card():
    camera = choose_camera("v2e", "v2e-clean")
    assert (camera.name, camera.noise, camera.size, camera.transfer) == (
        "v2e",
        "v2e-clean",
        None,
        "linear",
    )
    assert choose_camera("imx636").size == (1280, 720)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sensor": "davis34"}, "no sensor 'davis34'. Did you mean 'davis346'"),
        ({"noise": "nosy"}, "no noise preset 'nosy'. Did you mean 'v2e-noisy'"),
        ({"noise": "cards"}, "Did you mean 'card'"),
        ({"overrides": {"leak_rate": 1}}, "no setting 'leak_rate'. Did you mean 'leak_rate_hz'"),
        ({"overrides": {"leak_rate_hz": -1}}, "leak_rate_hz: .* found -1"),
    ],
)
def test_unknown_names_get_the_nearest(arguments, message):
    with pytest.raises(ConfigError, match=message):
        choose_camera(**arguments)


def test_a_twin_differs_in_what_was_said_alone():
    camera = choose_camera("davis346", "v2e-noisy")
    twin = twin_camera(camera, {"leak_rate_hz": 7})
    assert twin.settings.leak_rate_hz == 7
    assert twin_camera(twin, {"leak_rate_hz": camera.settings.leak_rate_hz}) == camera
    with pytest.raises(ConfigError, match="changes nothing"):
        twin_camera(camera, {"leak_rate_hz": camera.settings.leak_rate_hz})
    with pytest.raises(ConfigError, match="no setting 'leak'"):
        twin_camera(camera, {"leak": 1})


def test_a_twin_may_follow_another_model():
    camera = choose_camera("davis346", overrides={"timestamp_resolution_us": 20})
    twin = twin_camera(camera, {"model": "linear"})
    assert twin.values == {
        "model": "linear",
        "contrast_threshold_on": 0.19,
        "contrast_threshold_off": 0.19,
        "timestamp_resolution_us": 20,
        "readout_model": "ideal",
    }
    with pytest.raises(ConfigError, match="no setting 'leak_rate_hz'"):
        twin_camera(camera, {"model": "linear", "leak_rate_hz": 1})
