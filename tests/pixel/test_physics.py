"""What all pixels share, in the units of the kernels, and when that is nothing."""

import pytest

from eventsim import random
from eventsim.pixel.circuit import photoreceptor_tau_s, shot_noise_rate_hz
from eventsim.pixel.models import make_settings
from eventsim.pixel.physics import ALONE_NOTHING, is_plain, make_physics
from eventsim.pixel.settings import PRESETS, PixelSettings


def test_physics_in_the_units_of_the_kernels():
    settings = PixelSettings(
        photoreceptor_cutoff_hz=30, shot_noise_rate_hz=5, refractory_period_us=200, leak_rate_hz=0.1
    )
    physics = make_physics(settings, 1)
    for dn in (0.0, 90.0, 255.0):
        # x = dt / tau for a frame interval of 1 ms between two frames of this light.
        x = physics.bandwidth_per_dn_us * (2 * dn + 40) * 1000
        assert x == pytest.approx(1e-3 / photoreceptor_tau_s(dn, 30), rel=1e-6)
        rate_hz = (physics.shot_per_us - physics.shot_loss_per_dn_us * 2 * dn) * 1e6
        assert rate_hz == pytest.approx(shot_noise_rate_hz(dn, 5), rel=1e-5)
    assert physics.refractory_us == 200
    assert physics.leak_on
    assert not make_physics(PixelSettings(), 1).leak_on
    assert physics.key_shot_time == random.stream_key(1, random.Stream.SHOT_TIME)


def test_which_path_is_a_matter_of_settings():
    assert is_plain(make_settings(PRESETS["v2e-clean"]))
    assert not is_plain(make_settings(PRESETS["v2e-noisy"]))
    for name, value in (
        ("photoreceptor_cutoff_hz", 30),
        ("leak_rate_hz", 0.1),
        ("shot_noise_rate_hz", 1),
        ("refractory_period_us", 100),
    ):
        assert not is_plain(PixelSettings(**{name: value}))
    hot = {"hot_pixel_fraction": 0.1, "hot_pixel_rate_hz": 5}
    assert not is_plain(PixelSettings(**hot))


@pytest.mark.parametrize("name", sorted(set(PixelSettings.model_fields) - {"model"}))
def test_a_setting_is_an_effect_unless_it_is_said_to_be_none(name):
    """Or a new effect would do nothing where all others are off."""
    if name == "hot_pixel_fraction":
        value = {name: 0.1, "hot_pixel_rate_hz": 5}
    elif name in ("device_seed", "device_map"):
        value = {name: {"device_seed": 7, "device_map": "a.csv"}[name]}
    else:
        value = {name: 2 if name == "hot_pixel_burst" else 1 if name.endswith("_us") else 0.15}
    assert is_plain(PixelSettings(**value)) == (name in ALONE_NOTHING)
