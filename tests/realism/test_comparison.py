"""A comparison finds what differs, and nothing where nothing does."""

import json

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.realism.comparison import compare
from eventsim.realism.features import Span
from eventsim.realism.pieces import Piece

SPAN = Span(0, 100_000)


@pytest.fixture
def side(poisson):
    def make(first, on_hz=60, off_hz=40, count=40, change=lambda events: events):
        streams = [change(poisson(first + k, on_hz, off_hz)) for k in range(count)]
        return [Piece(events, SPAN, (k, 0)) for k, events in enumerate(streams)]

    return make


def test_two_samples_of_one_process(side):
    found = compare(side(0), side(1000))
    assert found.pieces == (40, 40)
    for row in found.rows:
        assert row.low <= row.high
        assert row.distance < 3 * row.floor + 0.05
    assert max(found.groups.values()) < 0.8
    assert np.mean(list(found.groups.values())) == pytest.approx(0.5, abs=0.1)


def test_what_differs_is_found_where_it_is(side):
    """Twice as many OFF; and every tenth ON event followed by another one after 2 us."""

    def doubled(events):
        again = events[events.p][::10]
        t = np.concatenate([events.t, again.t + 2])
        rest = (np.concatenate([getattr(events, n), getattr(again, n)]) for n in "xyp")
        order = np.argsort(t, kind="stable")
        return Events.of(t[order], *(c[order] for c in rest), size=events.size)

    found = compare(side(0), side(1000, off_hz=80, change=doubled))
    rows = {row.name: row for row in found.rows}
    assert rows["OFF rate"].low < np.log(2) < rows["OFF rate"].high
    assert rows["OFF rate"].distance > 5 * rows["OFF rate"].floor
    assert rows["ON rate"].distance == pytest.approx(np.log(1.1), abs=0.05)
    assert found.groups["short pairs"] > 0.99
    assert found.groups["readout, jointly"] > 0.99
    assert json.loads(json.dumps(found.as_json()))["auc"] == found.groups


def test_pairs_are_correlated(side, poisson):
    rng = np.random.default_rng(0)
    rates = rng.uniform(20, 200, 30)
    real, simulated = (
        [Piece(poisson(first + k, hz, hz), SPAN, (k, 0)) for k, hz in enumerate(rates)]
        for first in (0, 500)
    )
    found = compare(real, simulated[::-1], pairs=True)
    assert found.pairs["events"] > 0.95
    assert compare(real, simulated).pairs == {}
    for k in range(30):  # each with another
        simulated[k] = Piece(simulated[k].events, SPAN, ((k + 11) % 30, 0))
    assert compare(real, simulated, pairs=True).pairs["events"] < 0.6


def test_a_seed_is_a_result(side):
    a, b = side(0, count=12), side(100, count=12)
    assert compare(a, b, seed=3).as_json() == compare(a, b, seed=3).as_json()
    assert compare(a, b, seed=3).rows != compare(a, b, seed=4).rows


def test_too_few(side):
    with pytest.raises(ConfigError, match="10 pieces a side, found 9 real and 12"):
        compare(side(0, count=9), side(0, count=12))
