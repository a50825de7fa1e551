"""Noise that is added: of cards, of recordings, with labels."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events, Kind
from eventsim.realism.noise import add_noise, card_noise, recorded_noise
from eventsim.scenes.poisson import poisson_noise


def test_the_noise_of_a_card_has_the_rate_of_its_light():
    seconds, pixels = 4.0, 50 * 40
    dark = card_noise((50, 40), 1000, 4_001_000, illuminance_lux=0.1, seed=3)
    assert dark.t[0] >= 1000
    assert dark.t[-1] < 4_001_000
    assert set(dark.kind) <= {Kind.SHOT, Kind.LEAK, Kind.HOT}
    # 9.9 Hz at .1 lux on a white pixel; a gray one sees .018 lux and the veil.
    rate = np.count_nonzero(dark.kind == Kind.SHOT) / seconds / pixels
    assert 10 < rate < 30
    bright = card_noise((50, 40), 0, 4_000_000, illuminance_lux=1000, seed=3)
    assert np.count_nonzero(bright.kind == Kind.SHOT) < 0.01 * rate * seconds * pixels
    assert card_noise((50, 40), 0, 4_000_000, illuminance_lux=1000, seed=3) == bright
    with pytest.raises(ConfigError, match="a time to be in"):
        card_noise((5, 4), 10, 11)


def test_recorded_noise_keeps_the_rate_and_begins_again():
    recording = poisson_noise(5.0, size=(60, 50), seconds=2.0, seed=1)
    noise = recorded_noise(recording, (40, 30), 1_000_000, 9_000_000, seed=2)
    assert noise.size == (40, 30)
    assert noise.t[0] >= 1_000_000
    assert noise.t[-1] < 9_000_000
    assert len(noise) / (8 * 40 * 30) == pytest.approx(5.0, rel=0.1)
    assert set(noise.kind) == {Kind.SHOT}
    Events.of(noise.t, noise.x, noise.y, noise.p, size=noise.size)  # sorted, on the sensor
    length = int(recording.t[-1] - recording.t[0]) + 1
    first = noise.window(1_000_000, 2_000_000)
    later = noise.window(1_000_000 + length, 2_000_000 + length)
    assert np.array_equal(first.t + length, later.t)
    assert np.array_equal(first.x, later.x)
    other = recorded_noise(recording, (40, 30), 1_000_000, 9_000_000, seed=3)
    assert other != noise


def test_a_recording_that_is_too_small_or_empty_is_refused():
    noise = poisson_noise(5.0, size=(20, 10), seed=1)
    with pytest.raises(ConfigError, match="at least as large as what it is added to, 21x10"):
        recorded_noise(noise, (21, 10), 0, 1000)
    with pytest.raises(ConfigError, match="events at two moments"):
        recorded_noise(noise[:1], (5, 5), 0, 1000)


def test_both_streams_are_there_in_order_and_labeled():
    clean = Events.of([0, 50, 900], [1, 2, 1], [1, 1, 1], [1, 1, 1], size=(9, 9))
    noise = Events.of([0, 40, 60, 950], [1, 2, 2, 1], [1, 1, 1, 1], [0, 0, 0, 0], [1] * 4,
                      size=(9, 9))  # fmt: skip
    events, is_noise = add_noise(clean, noise)
    assert events.t.tolist() == [0, 0, 40, 50, 60, 900, 950]
    assert is_noise.tolist() == [False, True, True, False, True, False, True]
    assert events[~is_noise] == clean
    # The noise at 0, 60 and 950 comes too soon after an event of its pixel; 40 is its first.
    events, is_noise = add_noise(clean, noise, refractory_us=100)
    assert events.t.tolist() == [0, 40, 50, 900]
    assert is_noise.tolist() == [False, True, False, False]
    with pytest.raises(ConfigError, match="expected 9x9, found 8x9"):
        add_noise(clean, Events.empty((8, 9)))
