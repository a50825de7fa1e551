"""Shares of events, by hand."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations import VoxelGrid


def test_an_event_is_shared_in_proportion():
    # Of 5 bins over 8 us, one has its middle every 2 us: t = 3 is half-way from bin 1 to bin 2.
    one = Events.of([3], [1], [0], [True], size=(2, 1))
    grid = VoxelGrid(bins=5)(one, 0, 8)
    assert grid.shape == (5, 2, 1, 2)
    assert grid[:, 1, 0, 1].tolist() == [0, 0.5, 0.5, 0, 0]
    assert not grid[:, 0].any()


def test_signed_is_on_less_off():
    rng = np.random.default_rng(0)
    events = Events.of(np.sort(rng.integers(0, 999, 5000)), rng.integers(0, 5, 5000),
                       rng.integers(0, 4, 5000), rng.random(5000) < 0.5, size=(5, 4))  # fmt: skip
    separate = VoxelGrid(bins=7)(events, 0, 1000)
    signed = VoxelGrid(bins=7, polarity="signed")(events, 0, 1000)
    assert signed.shape == (7, 4, 5)
    assert np.allclose(signed, separate[:, 1] - separate[:, 0], atol=1e-3)
    assert separate.sum() == pytest.approx(5000, rel=1e-5)


def test_the_last_event_is_not_lost():
    last = Events.of([7], [0], [0], [True], size=(1, 1))
    assert VoxelGrid(bins=10)(last, 0, 8).sum() == pytest.approx(1)
    assert VoxelGrid(bins=1)(last, 0, 8).tolist() == [[[[0.0]], [[1.0]]]]


def test_another_polarity_is_refused():
    with pytest.raises(ConfigError, match="polarity"):
        VoxelGrid(polarity="both")
