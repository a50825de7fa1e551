"""Few photons: their statistics, what they do to light, and that pixels know of the dark."""

import numpy as np
import pytest
from scipy import stats

import eventsim
from eventsim import random
from eventsim.errors import ConfigError
from eventsim.frames import Encoding, Outline
from eventsim.random import Stream
from eventsim.sources.arrays import ArraySource
from eventsim.sources.night import DARK_LUX, ELECTRONS_PER_LUX_S, Night, photons
from eventsim.sources.reading import Reading
from eventsim.sources.staged import staged

KEY = random.stream_key(3, Stream.PHOTON)


@pytest.mark.parametrize("mean", [0.3, 4.0, 25.0, 40.0, 5000.0])
def test_photons_are_poisson(mean):
    drawn = photons(np.full((200, 300), mean), KEY, 7).reshape(-1)
    assert np.array_equal(drawn, np.rint(drawn))
    assert drawn.min() >= 0
    assert drawn.mean() == pytest.approx(mean, abs=4 * (mean / drawn.size) ** 0.5)
    assert drawn.var() == pytest.approx(mean, rel=0.03)
    if mean < 30:  # exactly so
        values = np.arange(int(drawn.max()) + 1)
        expected = stats.poisson.pmf(values, mean) * drawn.size
        enough = expected > 20
        found = np.array([(drawn == k).sum() for k in values])
        assert np.all(np.abs(found - expected)[enough] < 5 * expected[enough] ** 0.5)


def test_draws_belong_to_pixel_and_number():
    mean = np.random.default_rng(1).uniform(0, 60, (6, 9))
    first = photons(mean, KEY, 0)
    assert np.array_equal(first, photons(mean, KEY, 0))
    assert not np.array_equal(first, photons(mean, KEY, 1))
    assert np.array_equal(first[:3], photons(mean[:3], KEY, 0))  # whatever other pixels are


def test_light_keeps_its_scale_and_gets_noise_and_dark_current():
    values = np.full((2, 100, 120), 255, np.float32)
    values[:, :50] = 51
    source = ArraySource(values, [0, 20_000], transfer="linear")
    notes = []
    _, frame = Night(0.5, 1).frames(source, notes)
    dark = 255 * DARK_LUX / 0.5
    white = ELECTRONS_PER_LUX_S * 0.5 * 0.02
    for half, level in ((frame.values[:50], 51), (frame.values[50:], 255)):
        assert half.mean() == pytest.approx(level + dark, rel=0.01)
        assert half.std() == pytest.approx(255 * (level / 255 * white) ** 0.5 / white, rel=0.05)
    assert "darkened to 0.5 lux" in notes[0]


def test_the_darker_the_more_noise():
    still = np.full((20, 30, 40), 120, np.uint8), np.arange(20) * 10_000
    counts = [
        len(eventsim.simulate(still, sensor="ideal", day_to_night=lux)) for lux in (1000, 1, 0.1)
    ]
    assert counts[0] < counts[1] < counts[2]
    twice = [eventsim.simulate(still, sensor="ideal", day_to_night=1, seed=4) for _ in range(2)]
    assert twice[0] == twice[1]
    assert twice[0] != eventsim.simulate(still, sensor="ideal", day_to_night=1, seed=5)


def test_pixels_are_told_of_the_dark_unless_it_was_said():
    still = np.full((2, 30, 40), 255, np.uint8), np.array([0, 500_000])
    noise = {"shot_noise_rate_hz": 0.01, "sensor": "ideal"}
    hz = []
    for how in (
        {"illuminance_lux": 0.1},
        {"day_to_night": 0.1},
        {"day_to_night": 0.1, "illuminance_lux": 161},
    ):
        events = eventsim.simulate(still, **noise, **how)
        hz.append((events.kind == eventsim.Kind.SHOT).sum() / (1200 * 0.5))
    e_half, e = 0.063, 0.1 * (255 + 2.55) / 255  # the law of eventsim.pixel.illuminance
    assert hz[0] == pytest.approx(0.01 * 161.063 / (e + e_half), rel=0.1)
    assert hz[1] == pytest.approx(0.01 * 161.063 / (e + DARK_LUX + e_half), rel=0.1)
    assert hz[2] < 0.1


def test_what_is_known_beforehand():
    after = Night(2, 1).outline(Outline((3, 2), Encoding(), 5))
    assert (after.encoding, after.expected_frames) == (Encoding("linear"), 5)
    source = staged(ArraySource(np.zeros((2, 2, 3)), [0, 9]), Reading(day_to_night=2).stages())
    assert source.illuminance_lux == 2


@pytest.mark.parametrize("lux", [-1, 1e6, float("inf")])
def test_out_of_range(lux):
    with pytest.raises(ConfigError, match="day_to_night must be above 0 and at most 100000 lux"):
        Reading(day_to_night=lux)
