"""Correlated neighbors: by hand, and of noise whose share is known in closed form."""

import numpy as np
import pytest
from scipy.stats import binom

from eventsim.denoise import STCF
from eventsim.errors import ConfigError
from eventsim.scenes.poisson import poisson_noise


def test_so_many_neighbors_of_its_own_polarity_are_needed(stream):
    events = stream((0, 3, 3, 1), (1, 5, 3, 1), (2, 4, 3, 1), (3, 4, 4, 0), (4, 5, 4, 1))
    assert STCF(2, 10)(events).t.tolist() == [2, 4]
    assert STCF(3, 10, same_polarity=False)(events).t.tolist() == [3, 4]


def test_the_polarity_of_an_event_is_known_after_one_of_the_other(stream):
    events = stream((0, 3, 3, 1), (5, 3, 3, 0), (9, 4, 3, 1))
    assert STCF(1, 10)(events).t.tolist() == [9]


@pytest.mark.parametrize("rate_hz", [0.2, 1.0, 5.0])
@pytest.mark.parametrize("same", [False, True])
def test_the_share_of_pure_noise_that_passes_is_that_of_the_closed_form(rate_hz, same):
    """Each of the eight neighbors fired within the window with probability 1 - exp(-r window)."""
    window_s = 0.025
    noise = poisson_noise(rate_hz, size=(200, 150), seconds=40 / rate_hz**0.5, seed=2)
    inside = (noise.x > 0) & (noise.x < 199) & (noise.y > 0) & (noise.y < 149)
    inside &= noise.t > window_s * 1e6  # before, a neighbor may have fired that nobody saw
    chance = 1 - np.exp(-(rate_hz / 2 if same else rate_hz) * window_s)
    for neighbors in (1, 2, 3):
        how = STCF(neighbors, window_s * 1e6, same_polarity=same)
        kept = how.scores(noise, how.memory(noise.size)) >= how.threshold
        expected = binom.sf(neighbors - 1, 8, chance)
        # Five standard deviations of so many draws, and never more than .005.
        bound = min(0.005, 5 * np.sqrt(expected / inside.sum()) + 1e-5)
        assert kept[inside].mean() == pytest.approx(expected, abs=bound)


def test_more_neighbors_keep_less_and_a_longer_window_keeps_more(noise):
    windows = (1000, 5000, 25_000, 100_000)
    kept = np.array([[len(STCF(k, w)(noise)) for w in windows] for k in range(1, 9)])
    assert (np.diff(kept, axis=0) <= 0).all()
    assert (np.diff(kept, axis=1) >= 0).all()


def test_between_one_and_eight_neighbors():
    with pytest.raises(ConfigError, match=r"neighbors must be in \[1, 8\], found 9"):
        STCF(9)
