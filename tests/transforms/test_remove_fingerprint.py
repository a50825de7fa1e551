"""Sensors that are not told by their pixels."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import RemoveFingerprint
from eventsim.transforms.remove_fingerprint import median_around

SIZE = (40, 30)


def of_rates(rates, seed):
    """Events whose number in each pixel has a Poisson distribution."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rates)
    y, x = (np.repeat(axis.ravel(), counts.ravel()) for axis in np.mgrid[:30, :40])
    t = rng.permutation(len(x))
    order = np.argsort(t)
    return Events.of(t[order], x[order], y[order], np.ones(len(x)), size=SIZE)


def counts_of(events):
    place = events.y.astype(int) * SIZE[0] + events.x
    return np.bincount(place, minlength=SIZE[0] * SIZE[1]).reshape(30, 40)


def test_the_median_of_the_neighbors():
    counts = np.zeros((7, 7), np.int64)
    counts[3, 3] = 100
    assert not median_around(counts).any()  # itself does not count, and is one of 24 elsewhere
    assert (median_around(np.full((2, 3), 7)) == 7).all()


def test_hot_pixels_are_silent_and_an_edge_is_not():
    rates = np.full((30, 40), 5.0)
    rates[:, 20:22] = 60.0  # an edge is two pixels wide
    rates[7, 9] = 500.0
    made = counts_of(
        RemoveFingerprint(equalize=0, spread=0, jitter_px=0)(of_rates(rates, 1), Draws.of(1))
    )
    before = counts_of(of_rates(rates, 1))
    assert made[7, 9] == 0
    made[7, 9] = before[7, 9]
    assert (made[:, :20] == before[:, :20]).all()


def test_two_recordings_of_a_sensor_are_no_longer_alike():
    """What is alike in them, beside the scene, is what tells the sensor."""
    pattern = np.exp(np.random.default_rng(5).normal(0, 0.3, (30, 40)))
    maps = [counts_of(of_rates(80 * pattern, seed)) for seed in (1, 2)]
    cleaned = [
        counts_of(RemoveFingerprint()(of_rates(80 * pattern, seed), Draws.of(seed)))
        for seed in (1, 2)
    ]
    one, other = (
        np.corrcoef(*((m - median_around(m)).ravel() for m in some))[0, 1]
        for some in (maps, cleaned)
    )
    assert one > 0.8
    assert other < 0.3


def test_numbers_that_make_no_sense():
    for bad in ({"hot_factor": 0.5}, {"equalize": 2}, {"spread": -0.1}, {"jitter_px": -1}):
        with pytest.raises(ConfigError, match=next(iter(bad))):
            RemoveFingerprint(**bad)
