"""The broken baseline works, and is told to be broken."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import SensorSize
from eventsim.transforms.keyed import ChaoticScramble


@pytest.mark.parametrize("method", [ChaoticScramble(), ChaoticScramble(rekey_us=10_000)])
def test_the_very_same_events_come_back(moving, key, method):
    hidden = method(moving, key)
    assert hidden != moving
    assert method.recover(hidden, key) == moving


def test_its_order_is_that_of_the_map(key):
    """Neighbors in the sequence depend on each other: a value above r / 4 is never followed by a
    larger one, which no random order has.
    """
    table = ChaoticScramble().tables(key, SensorSize(64, 64))(0)
    rank = np.empty(4096, np.int64)
    rank[table] = np.arange(4096)  # of the value of each step
    high = rank[:-1] > 0.8 * 4096
    assert (rank[1:][high] < rank[:-1][high]).all()
    assert sorted(table.tolist()) == list(range(4096))


def test_it_says_what_it_is():
    assert "no cipher" in ChaoticScramble.leaves
    for r in (3.5, 4.0, float("nan")):
        with pytest.raises(ConfigError, match="r must be between"):
            ChaoticScramble(r=r)
