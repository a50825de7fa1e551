"""Counts in bytes, by hand and against the published code's formula."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations import StackedHistogram


def test_off_comes_before_on_and_counts_are_cut_off():
    events = Events.of([0, 1, 2, 3, 9], [0] * 5, [0] * 5, [1, 1, 1, 0, 0], size=(1, 1))
    stacked = StackedHistogram(bins=2, most=2)(events, 0, 10)
    assert stacked.dtype == np.uint8
    assert stacked[:, 0, 0].tolist() == [1, 1, 2, 0]


def test_the_layout_is_that_of_rvt():
    rng = np.random.default_rng(0)
    t = np.sort(rng.integers(0, 50_000, 4000))
    x, y, p = rng.integers(0, 20, 4000), rng.integers(0, 15, 4000), rng.integers(0, 2, 4000)
    stacked = StackedHistogram()(Events.of(t, x, y, p, size=(20, 15)), 0, 50_000)
    flat = np.zeros(2 * 10 * 15 * 20, int)
    np.add.at(flat, x + 20 * y + 15 * 20 * (t // 5000) + 10 * 15 * 20 * p, 1)
    assert np.array_equal(stacked, np.minimum(flat, 10).reshape(20, 15, 20))


def test_a_byte_never_overflows():
    n = 1000
    events = Events.of(np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n), size=(1, 1))
    assert StackedHistogram(bins=1, most=255)(events, 0, 1).ravel().tolist() == [0, 255]
    with pytest.raises(ConfigError, match="most"):
        StackedHistogram(most=256)
