"""A cloud from another sample."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import EventMix


def scattered(seed):
    """Events evenly over space and time; the kind says whose they are."""
    rng, n = np.random.default_rng(seed), 20_000
    t = np.sort(rng.integers(0, 1_000_000, n))
    columns = (rng.integers(0, 64, n), rng.integers(0, 48, n), rng.random(n) < 0.5)
    return Events.of(t, *columns, np.full(n, seed), size=(64, 48))


ONE, TWO = scattered(0), scattered(1)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_the_cloud_fills_its_share(share):
    for seed in range(5):
        mixed, weight = EventMix(share)(ONE, TWO, Draws.of(seed))
        mine, theirs = (mixed[mixed.kind == k] for k in (0, 1))
        # The events are spread evenly, so shares of volume are shares of events.
        assert len(theirs) / len(TWO) == pytest.approx(share, abs=0.03)
        assert 1 - len(mine) / len(ONE) == pytest.approx(share, abs=0.03)
        assert weight == pytest.approx(len(mine) / len(mixed))


def test_no_place_has_events_of_both():
    mixed, _ = EventMix(0.5)(ONE, TWO, Draws.of(0))
    cells = [
        np.stack([part.t // 100_000, part.x // 8, part.y // 8])
        for part in (mixed[mixed.kind == 0], mixed[mixed.kind == 1])
    ]
    both = [np.ravel_multi_index(tuple(c), (11, 8, 6)) for c in cells]
    # 480 cells, of which only those at the rim of the cloud may hold both.
    assert len(np.intersect1d(*both)) < 300
    alone = set(both[1]) - set(both[0])
    assert len(alone) > 60


def test_nothing_and_all():
    assert EventMix(0.0)(ONE, TWO, Draws.of(0)) == (ONE, 1.0)
    assert EventMix(1.0)(ONE, TWO, Draws.of(0))[1] < 0.01
    with pytest.raises(ConfigError, match="components"):
        EventMix(components=0)
