"""What can be set on a moved image, and what a wrong setting says."""

import pytest

from eventsim.errors import ConfigError
from eventsim.motion.from_settings import LOOPS, WANDERING
from eventsim.motion.settings import PATHS, MotionSettings, make_motion_settings


def test_the_names_are_those_of_the_paths():
    assert set(PATHS) == {*LOOPS, *WANDERING}


def test_every_field_has_unit_and_description():
    for name, field in MotionSettings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name
        assert "unit" in field.json_schema_extra, name


def test_what_is_given_beats_the_variant():
    settings = make_motion_settings({"variant": "path-2", "amplitude_px": 5})
    assert (settings.path, settings.amplitude_px) == ("square", 5)
    assert make_motion_settings({"variant": "path-2"}).amplitude_px == 16
    # A stored dump of settings means the same again.
    assert make_motion_settings(settings.model_dump()) == settings


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"path": "triangel"}, "there is no path 'triangel'.*Did you mean 'triangle'"),
        ({"path": ""}, "Known: diamond"),
        ({"variant": "light-9"}, "there is no variant 'light-9'. Did you mean 'light-4'"),
        ({"amplitude": 3}, "there is no setting 'amplitude' of a path. Did you mean 'amplitude_px"),
        ({"amplitude_px": 0}, "amplitude_px: Input should be greater than 0, found 0"),
        ({"loops": 1.5}, "loops: .*found 1.5"),
        ({"outside": "wrap"}, "outside: .*found 'wrap'"),
        ({"profile": "bell"}, "profile: .*found 'bell'"),
        ({"blur_px": float("nan")}, "blur_px"),
        ({"path": "random-walk", "loops": 2}, "loops is no setting of the path 'random-walk'"),
        ({"speed_px_s": 2}, "speed_px_s is no setting of the path 'triangle', which takes ampl"),
        ({"path": "a.csv", "loops": 2}, "which has numbers of its own"),
        ({"flicker_hz": 50}, "must both be zero or both be positive, found 50 and 0"),
    ],
)
def test_bad_settings(values, words):
    with pytest.raises(ConfigError, match=words) as raised:
        make_motion_settings(values)
    assert "\n" not in str(raised.value)
    assert not str(raised.value).endswith("..")
