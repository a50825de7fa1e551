"""What can be set: every field documented, every mistake answered in one line."""

import pytest
from pydantic import ValidationError

from eventsim.errors import ConfigError
from eventsim.pixel.models import make_settings
from eventsim.pixel.settings import PRESETS, PixelSettings

WORDS = ("model", "device_map")
FIELDS = {n: f for n, f in PixelSettings.model_fields.items() if n not in WORDS}
SUFFIXES = {"_hz": "Hz", "_us": "us", "_lux": "lux", "_decades": "decades"}


def limits(name):
    """Smallest and largest value of a field."""
    found = {}
    for rule in FIELDS[name].metadata:
        found |= {key: getattr(rule, key) for key in ("ge", "le") if hasattr(rule, key)}
    return found["ge"], found["le"]


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_has_unit_range_default_and_meaning(name):
    field = FIELDS[name]
    low, high = limits(name)
    assert low <= field.default <= high
    assert field.description.endswith(".")
    assert len(field.description) > 20
    unit = field.json_schema_extra["unit"]
    for suffix, wanted in SUFFIXES.items():
        if name.endswith(suffix):
            assert unit == wanted
            break
    else:
        assert unit == "" if name == "device_seed" else unit in ("ln", "1")


@pytest.mark.parametrize("name", FIELDS)
def test_limits_are_kept_and_named(name):
    low, high = limits(name)
    for value, words in ((low - 1, "greater than or equal"), (high * 2, "less than or equal")):
        with pytest.raises(ConfigError, match=f"^{name}: .*{words}.*found {value!r}.$"):
            make_settings({name: value})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "much", None, [1]])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ConfigError, match=r"^leak_rate_hz: .*found .*\.$"):
        make_settings({"leak_rate_hz": value})


def test_whole_microseconds():
    with pytest.raises(ConfigError, match=r"refractory_period_us: .*integer.*found 0.5"):
        make_settings({"refractory_period_us": 0.5})


def test_defaults_are_an_ideal_pixel():
    settings = PixelSettings()
    assert settings.contrast_threshold_on == settings.contrast_threshold_off == 0.2
    rest = settings.model_dump(
        include=set(FIELDS) - {"contrast_threshold_on", "contrast_threshold_off"}
    )
    ones = ("device_seed", "hot_pixel_on_share", "hot_pixel_burst")
    assert [rest.pop(name) for name in ones] == [1, 1, 1]
    assert not any(rest.values())
    assert settings.device_map == ""
    assert make_settings({}) == settings


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("contrast_treshold_on", "contrast_threshold_on"),
        ("leak_rate", "leak_rate_hz"),
        ("refractory_period_s", "refractory_period_us"),
        ("shot_noise_hz", "shot_noise_rate_hz"),
    ],
)
def test_an_unknown_name_gets_the_nearest(wrong, near):
    with pytest.raises(ConfigError, match=f"there is no setting '{wrong}'. Did you mean '{near}'?"):
        make_settings({wrong: 1})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"threshold_mismatch": 0.3}, "must not exceed the contrast thresholds .*0.2.*found 0.3"),
        ({"threshold_mismatch": 0.15, "contrast_threshold_off": 0.1}, "the smaller is 0.1"),
        ({"hot_pixel_fraction": 0.1}, "fraction of 0.1 needs a hot_pixel_rate_hz above 0"),
        (
            {"hot_pixel_fraction": 0.1, "hot_pixel_rate_hz": 300, "refractory_period_us": 5000},
            "cannot fire at 300 Hz with a refractory_period_us of 5000",
        ),
    ],
)
def test_contradictions(values, message):
    with pytest.raises(ConfigError, match=message) as caught:
        make_settings(values)
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value.__cause__, ValidationError)


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        PixelSettings().leak_rate_hz = 1.0


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_valid_and_leave_what_is_no_noise_to_the_sensor(name):
    settings = make_settings(PRESETS[name])
    assert settings.contrast_threshold_on == 0.2
    assert set(PRESETS[name]) == set(FIELDS) - {
        "contrast_threshold_on",
        "contrast_threshold_off",
        "illuminance_lux",
        "photoreceptor_cutoff_hz",
        "refractory_period_us",
        "hot_pixel_on_share",
        "hot_pixel_burst",
        "device_seed",
    }


def test_presets_are_those_of_v2e():
    # v2e's set_dvs_params: clean has sigma 0.02 and no noise; noisy sigma 0.05, leak 0.1 Hz,
    # shot noise 5 Hz (and a cutoff of 30 Hz, which is no noise).
    clean, noisy = make_settings(PRESETS["v2e-clean"]), make_settings(PRESETS["v2e-noisy"])
    assert clean == PixelSettings(threshold_mismatch=0.02)
    assert noisy.threshold_mismatch == 0.05
    assert (noisy.leak_rate_hz, noisy.shot_noise_rate_hz) == (0.1, 5)


def test_json_round_trip():
    settings = make_settings(PRESETS["v2e-noisy"])
    assert PixelSettings.model_validate_json(settings.model_dump_json()) == settings
