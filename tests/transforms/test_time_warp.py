"""An uneven pace."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import TimeWarp


def test_first_and_last_moment_stay_and_the_order_too():
    many = Events.of(100 * np.arange(5000), np.arange(5000) % 64, np.zeros(5000), np.ones(5000),
                     size=(64, 1))  # fmt: skip
    warped = TimeWarp(0.5)(many, Draws.of(0))
    assert (warped.t[0], warped.t[-1]) == (many.t[0], many.t[-1])
    assert np.array_equal(warped.x, many.x)
    assert not np.array_equal(warped.t, many.t)


def test_a_piece_is_stretched_by_no_more_than_the_strength_allows(many):
    span = int(many.t[-1] - many.t[0])
    for seed in range(20):
        warped = TimeWarp(0.5, pieces=4)(many, Draws.of(seed))
        middle = warped.t[np.searchsorted(many.t, many.t[0] + span // 4)] - many.t[0]
        # One piece of four: at most e / (e + 3), at least 1 / (1 + 3 e), with e = exp(2 * 0.5).
        assert 1 / (1 + 3 * np.e) - 0.01 <= middle / span <= np.e / (np.e + 3) + 0.01


def test_no_strength_changes_nothing(many):
    assert TimeWarp(0.0)(many, Draws.of(0)) == many


def test_one_piece_is_refused():
    with pytest.raises(ConfigError, match="pieces"):
        TimeWarp(pieces=1)
