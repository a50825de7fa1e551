"""Light on a picture: its factor at each moment, and how often to look."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.motion.lighting import FRAMES_PER_PERIOD, Lighting


def test_steady_light():
    assert Lighting(0.25, 10).gain(np.array([0, 77])).tolist() == [0.25, 0.25]
    assert Lighting().longest_us is None


def test_flicker_is_a_sine_of_its_frequency():
    light = Lighting(2.0, flicker_hz=50, flicker_depth=0.5)
    gain = light.gain(np.array([0, 5_000, 10_000, 15_000, 20_000]))
    assert gain == pytest.approx([2, 3, 2, 1, 2])


@pytest.mark.parametrize("hz", [50, 60, 100, 120, 9999])
def test_at_least_16_frames_a_period(hz):
    longest = Lighting(flicker_hz=hz, flicker_depth=0.1).longest_us
    assert 1e6 / hz / longest >= FRAMES_PER_PERIOD or longest == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"brightness": 0}, "brightness must be above 0, found 0"),
        ({"brightness": float("inf")}, "brightness"),
        ({"ambient_dn": -1}, "ambient_dn must be 0 or more, found -1"),
        ({"flicker_hz": -1, "flicker_depth": 0.1}, "flicker_hz must be from 0"),
        ({"flicker_hz": 50, "flicker_depth": 1}, "flicker_depth must be from 0 to below 1"),
        ({"flicker_hz": 50}, "must both be zero or both be positive, found 50 and 0"),
        ({"flicker_depth": 0.1}, "must both"),
    ],
)
def test_bad_light(options, words):
    with pytest.raises(ConfigError, match=words):
        Lighting(**options)
