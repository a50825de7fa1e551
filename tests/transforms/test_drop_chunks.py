"""Runs that are missing."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.random import Draws
from eventsim.transforms import DropChunks


def test_runs_of_events_are_missing(many):
    left = DropChunks(chunks=3, events_each=100)(many, Draws.of(0))
    assert len(left) == len(many) - 300
    gone = np.flatnonzero(~np.isin(many.t, left.t))
    assert (np.diff(gone) > 1).sum() == 2


def test_more_than_there_are_leaves_none(events):
    assert len(DropChunks(1, 10_000)(events, Draws.of(0))) == 0
    assert DropChunks(0)(events, Draws.of(0)) == events
    with pytest.raises(ConfigError, match="chunks"):
        DropChunks(-1)
