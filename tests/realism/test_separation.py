"""What can be told apart is, what cannot is not."""

import numpy as np
import pytest
from scipy import stats

from eventsim.errors import ConfigError
from eventsim.realism.separation import separate


def test_equal_distributions_cannot_be_told_apart_and_shifted_ones_can():
    rng = np.random.default_rng(1)
    real, alike = rng.normal(size=(2, 300, 6))
    assert separate(real, alike) == pytest.approx(0.5, abs=0.08)
    # Two normals a distance of 2 apart: area = Phi(2 / sqrt 2) = 0.921
    alike[:, 2] += 2
    assert separate(real, alike) == pytest.approx(stats.norm.cdf(2 / np.sqrt(2)), abs=0.03)


def test_too_few_pairs():
    with pytest.raises(ConfigError, match="10 or more pairs"):
        separate(np.zeros((9, 2)), np.zeros((9, 2)))


def test_the_area_is_the_u_statistic_of_held_out_pairs():
    """One feature that both share but for a shift: the scores are as it, in each fold."""
    rng = np.random.default_rng(2)
    feature = rng.normal(size=(400, 1))
    shifted = rng.normal(size=(400, 1)) + 0.7
    u = stats.mannwhitneyu(shifted[:, 0], feature[:, 0]).statistic / 400**2
    assert separate(shifted, feature) == pytest.approx(u, abs=0.01)


def test_a_pair_is_held_out_together():
    """What makes a recording known again, in both of a pair, is of no help to tell them apart."""
    rng = np.random.default_rng(3)
    known = np.eye(40)
    noise = rng.normal(size=(2, 40, 1)) * 0.01
    real, simulated = (np.hstack([known, some]) for some in noise)
    assert separate(real, simulated) == pytest.approx(0.5, abs=0.25)
