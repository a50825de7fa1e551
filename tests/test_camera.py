"""Cameras: which number wins, and what a wrong name is told."""

import pytest

from eventsim.camera import Camera, camera_parts, choose_camera, twin_camera, without_draws
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


def test_a_setting_may_be_drawn_for_each_recording():
    """By seed and name: what else is drawn changes nothing."""
    spread = {"contrast_threshold_on": "uniform(0.1, 0.4)", "leak_rate_hz": "lognormal(0.1, 1)"}
    camera = choose_camera("davis346", overrides=spread)
    assert camera.values["contrast_threshold_on"] == "uniform(0.1, 0.4)"
    assert camera.settings.contrast_threshold_on == 0.25
    found = [camera.drawn(seed) for seed in range(200)]
    values = [one.settings.contrast_threshold_on for one in found]
    assert all(0.1 <= value <= 0.4 for value in values)
    assert len(set(values)) == 200
    assert sum(values) / 200 == pytest.approx(0.25, abs=0.02)
    assert found[3] == camera.drawn(3)
    assert not found[3].spread
    assert found[3].drawn(9) == found[3]
    alone = choose_camera("davis346", overrides={"leak_rate_hz": spread["leak_rate_hz"]})
    assert alone.drawn(3).settings.leak_rate_hz == found[3].settings.leak_rate_hz
    assert camera.drawn_values(3) == {name: getattr(found[3].settings, name) for name in spread}


def test_a_camera_comes_back_from_its_values():
    camera = choose_camera("davis346", overrides={"leak_rate_hz": "choice(0.1, 2)"})
    again = Camera("davis346", "card", camera.size, camera.transfer, *camera_parts(camera.values))
    assert again == camera
    changed = camera.changed({"contrast_threshold_on": 0.3})
    assert changed.spread == camera.spread
    assert not camera.changed({"leak_rate_hz": 1}).spread


def test_drawn_numbers_keep_to_what_their_settings_allow():
    whole = choose_camera("ideal", overrides={"refractory_period_us": "uniform(100, 900)"})
    drawn = [whole.drawn(seed).settings.refractory_period_us for seed in range(50)]
    assert all(type(value) is int and 100 <= value <= 900 for value in drawn)
    wide = choose_camera("ideal", overrides={"contrast_threshold_on": "lognormal(0.2, 3)"})
    values = [wide.drawn(seed).settings.contrast_threshold_on for seed in range(100)]
    assert min(values) == 0.01
    assert max(values) == 5
    word = choose_camera("ideal", overrides={"readout_model": "choice(ideal, row-latch)"})
    assert {word.drawn(s).readout.readout_model for s in range(20)} == {"ideal", "row-latch"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"leak_rate": "uniform(0, 1)"}, "no setting 'leak_rate'. Did you mean 'leak_rate_hz'"),
        ({"leak_rate_hz": "uniform(-1, 1)"}, "leak_rate_hz: .*found -1"),
        ({"leak_rate_hz": "uniform(2, 1)"}, "expected uniform"),
        ({"threshold_mismatch": "uniform(0.1, 0.9)"}, "must not exceed the contrast thresholds"),
        ({"readout_model": "choice(ideal, none)"}, "readout_model: "),
    ],
)
def test_a_distribution_must_fit_its_setting_at_all_ends(values, words):
    with pytest.raises(ConfigError, match=words):
        choose_camera("ideal", overrides=values)


def test_draws_that_contradict_each_other_say_so():
    """Each end is fine with the middle of the other."""
    both = {"threshold_mismatch": "choice(0.01, 0.15)", "contrast_threshold_on": "choice(0.2, 0.1)"}
    camera = choose_camera("ideal", overrides=both)
    wrong = {"threshold_mismatch": 0.15, "contrast_threshold_on": 0.1}
    seed = next(n for n in range(100) if camera.drawn_values(n) == wrong)
    with pytest.raises(ConfigError, match=f"what was drawn for seed {seed} contradicts itself"):
        camera.drawn(seed)


def test_where_one_camera_is_looked_at_none_can_be_drawn():
    camera = choose_camera("ideal")
    assert without_draws(camera, "the page") is camera
    drawn = choose_camera("ideal", overrides={"leak_rate_hz": "uniform(0, 1)"})
    with pytest.raises(ConfigError, match=r"the page needs one camera, found leak_rate_hz = uni"):
        without_draws(drawn, "the page")
