"""The simulator's noise, by its rates."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events, Kind, is_noise
from eventsim.random import Draws
from eventsim.transforms import SensorNoise

ENDS = Events.of([0, 2_000_000], [0, 1], [0, 0], [1, 0], size=(40, 30))
PIXEL_SECONDS = 40 * 30 * 2


def rates(events):
    noise = events[is_noise(events.kind)]
    return np.bincount(noise.kind, minlength=4) / PIXEL_SECONDS


def test_rates_are_those_that_were_asked_for_and_kinds_say_which():
    noisy = SensorNoise(1.5, 0.0, rate_spread_decades=0.0)(ENDS, Draws.of(0))
    assert rates(noisy)[Kind.LEAK] == pytest.approx(1.5, rel=0.05)
    # All of the rate at black, a quarter at white: 1/4 + 3/4 (1 - 128 / 255) of it here.
    shot = SensorNoise(0.0, 4.0, rate_spread_decades=0.0)(ENDS, Draws.of(0))
    assert rates(shot)[Kind.SHOT] == pytest.approx(4 * (1 - 0.75 * 128 / 255), rel=0.05)
    assert rates(shot)[Kind.LEAK] == 0


def test_the_events_themselves_stay():
    noisy = SensorNoise()(ENDS, Draws.of(0))
    assert noisy[noisy.kind == Kind.UNKNOWN] == ENDS
    assert noisy.t[0] >= 0
    assert noisy.t[-1] <= 2_000_000


def test_no_noise_and_nothing_to_add_it_to():
    assert SensorNoise(0.0, 0.0)(ENDS, Draws.of(0)) == ENDS
    assert len(SensorNoise()(ENDS[:0], Draws.of(0))) == 0
    assert SensorNoise()(ENDS[:1], Draws.of(0)) == ENDS[:1]
    with pytest.raises(ConfigError, match="leak_rate_hz"):
        SensorNoise(leak_rate_hz=-1)
