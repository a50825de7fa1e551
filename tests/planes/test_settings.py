"""Settings of I2E: ranges, and errors in one line."""

import pytest

from eventsim.errors import ConfigError
from eventsim.planes.settings import I2ESettings, make_i2e_settings


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"ratio": 0}, "ratio"),
        ({"ratio": 1.01}, "ratio"),
        ({"ratio": float("nan")}, "ratio"),
        ({"rate": 0.6}, "rate"),
        ({"order": 6}, "order"),
        ({"directions": "both"}, "'default' or 'random'"),
        ({"padding": "wrap"}, "padding"),
        ({"ratoi": 0.1}, "Did you mean 'ratio'"),
    ],
)
def test_a_wrong_setting_is_refused_in_one_line(values, words):
    with pytest.raises(ConfigError, match=words) as caught:
        make_i2e_settings(**values)
    assert "\n" not in str(caught.value)


def test_every_setting_says_what_it_is():
    for field in I2ESettings.model_fields.values():
        assert field.description.endswith(".")
        assert "unit" in field.json_schema_extra


def test_the_ones_wanted_are_a_share_of_both_polarities_of_eight_planes():
    assert I2ESettings(rate=0.25).most_ones(3, 5) == 60
    assert I2ESettings().most_ones(3, 5) == -1
