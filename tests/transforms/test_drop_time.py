"""Stretches of time that are missing."""

import numpy as np

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import DropTime


def test_one_stretch_is_missing_and_all_else_is_there():
    events = Events.of(np.arange(1000), np.zeros(1000), np.zeros(1000), np.ones(1000), size=(1, 1))
    lengths = []
    for seed in range(50):
        left = DropTime(0.2)(events, Draws.of(seed)).t
        gone = np.setdiff1d(np.arange(1000), left)
        lengths.append(len(gone))
        assert (np.diff(gone) == 1).all()
    assert max(lengths) in (199, 200, 201)
    assert min(lengths) < 200  # one that reaches beyond the end


def test_no_stretch_changes_nothing(events):
    assert DropTime(0.0)(events, Draws.of(0)) == events
