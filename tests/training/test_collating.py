"""Batches of events."""

import pytest
import torch

from eventsim.events import Events
from eventsim.training import collate_events, collate_time_first

TWO = Events.of([3, 4], [1, 0], [0, 2], [True, False], [1, 2], size=(2, 3))


def test_shorter_samples_are_filled_up():
    batch = collate_events([(TWO[:1], 5), (TWO, 6), (TWO[:0], 7)])
    assert batch.t.tolist() == [[3, 0], [3, 4], [0, 0]]
    assert batch.x.tolist() == [[1, 0], [1, 0], [0, 0]]
    assert batch.y.tolist() == [[0, 0], [0, 2], [0, 0]]
    assert batch.p.tolist() == [[True, False], [True, False], [False, False]]
    assert batch.kind.tolist() == [[1, 0], [1, 2], [0, 0]]
    assert batch.lengths.tolist() == [1, 2, 0]
    assert batch.labels.tolist() == [5, 6, 7]


def test_all_that_comes_along_is_kept():
    batch = collate_events([(TWO, 5, 1, 0.25), (TWO, 6, 2, 0.5)])
    assert [values.tolist() for values in batch.labels] == [[5, 6], [1, 2], [0.25, 0.5]]


def test_time_may_come_first():
    samples = [(torch.full((4, 2, 3, 3), k), k, 0.5) for k in range(3)]
    planes, labels, weights = collate_time_first(samples)
    assert planes.shape == (4, 3, 2, 3, 3)
    assert planes[1, :, 0, 0, 0].tolist() == [0, 1, 2]
    assert labels.tolist() == [0, 1, 2]
    assert weights.tolist() == pytest.approx([0.5] * 3)
