"""A ratio that is solved for a wanted rate."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.planes.i2e import i2e
from eventsim.planes.rates import solve_ratio


def test_one_ratio_for_a_set_is_solved_for():
    images = np.random.default_rng(3).random((20, 1, 24, 24), np.float32)
    ratio = solve_ratio(images, 0.1)
    ones = i2e(images, ratio).mean()
    assert 0.0999 < ones <= 0.1 < i2e(images, ratio - 1e-4).mean()


def test_a_rate_that_cannot_be_is_refused():
    with pytest.raises(ConfigError, match="rate"):
        solve_ratio(np.zeros((1, 8, 8), np.uint8), 0)
