"""Published sets, by what they do to many samples."""

import numpy as np
import pytest

from eventsim.random import Draws
from eventsim.transforms import published
from eventsim.transforms.compose import names_in

SETS = {
    "event_drop": published.event_drop(),
    "nda": published.nda(),
    "event_rpg": published.event_rpg(64, 48),
    "ecdp": published.ecdp(),
    "event2vec": published.event2vec(),
}


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_a_transform(name, many):
    results = [SETS[name](many, Draws.of(0, 0, i)) for i in range(12)]
    assert all(result.size == many.size for result in results)
    assert sum(result != many for result in results) >= 6
    assert SETS[name](many, Draws.of(0, 0, 3)) == results[3]


def test_event_drop_leaves_one_sample_in_four(many):
    small = many[:300]
    same = [published.event_drop()(small, Draws.of(0, 0, i)) == small for i in range(400)]
    assert np.mean(same) == pytest.approx(0.25, abs=0.08)


def test_what_is_not_safe_for_every_label_is_known_by_name():
    assert "Flip" in names_in(published.nda())
    assert "TimeReversal" in names_in(published.ecdp())
    assert "Flip" not in names_in(published.event_drop())
