"""Statistics of what is known by formula, and distances of what is known to differ."""

import numpy as np
import pytest

from eventsim.realism.features import Span
from eventsim.realism.pieces import Piece
from eventsim.realism.statistics import STATISTICS, sums_of

BY_NAME = {statistic.name: statistic for statistic in STATISTICS}


def total(poisson, on_hz, off_hz, pieces=40, first=0, **options):
    made = [
        Piece(poisson(first + k, on_hz, off_hz, **options), Span(0, 100_000), (k, 0))
        for k in range(pieces)
    ]
    return {name: values.sum(axis=0) for name, values in sums_of(made).items()}


def test_values_of_poisson_events(poisson):
    """48 pixels, 40 pieces of .1 s: 192 pixel seconds; ON at 60, OFF at 20 Hz."""
    sums = total(poisson, 60, 20)
    value = {name: one.value(sums) for name, one in BY_NAME.items()}
    assert value["ON rate"] == pytest.approx(60, rel=0.03)
    assert value["OFF rate"] == pytest.approx(20, rel=0.05)
    assert value["events per piece"] == pytest.approx(80 * 48 * 0.1, rel=0.03)
    assert value["ON share"] == pytest.approx(0.75, abs=0.01)
    assert value["pixels without event"] == pytest.approx(np.exp(-8), abs=0.001)
    # Polarities are independent: they change with probability 2 x .75 x .25.
    assert value["polarity alternation"] == pytest.approx(0.375, abs=0.015)
    assert value["rate over time"] == pytest.approx(1 / 64, rel=0.2)
    # What has no correlation has -1 / (n - 1) in a sample of n = 48 pixels.
    assert value["neighbor correlation"] == pytest.approx(-1 / 47, abs=0.03)


def test_intervals_of_a_poisson_process(poisson):
    """Its median is ln 2 / rate, cut by nothing if the recording is long."""
    made = [Piece(poisson(1, 100, 0, duration_us=2_000_000), Span(0, 2_000_000), (0, 0))]
    sums = {name: values.sum(axis=0) for name, values in sums_of(made).items()}
    assert BY_NAME["ON intervals"].value(sums) == pytest.approx(1e3 * np.log(2) / 100, rel=0.1)
    assert np.isnan(BY_NAME["OFF intervals"].value(sums))


def test_alike_is_near_and_other_is_far(poisson):
    a, again = total(poisson, 60, 20), total(poisson, 60, 20, first=500)
    assert all(one.distance(a, a) == pytest.approx(0, abs=1e-12) for one in STATISTICS)
    other = total(poisson, 30, 40, first=900)
    distance = {name: one.distance(a, other) for name, one in BY_NAME.items()}
    assert distance["ON rate"] == pytest.approx(np.log(2), abs=0.05)
    assert distance["OFF rate"] == pytest.approx(np.log(2), abs=0.05)
    assert distance["events per piece"] == pytest.approx(np.log(80 / 70), abs=0.03)
    assert distance["ON share"] == pytest.approx(0.75 - 3 / 7, abs=0.02)
    for name in ("ON rate", "ON share", "events per pixel", "ON intervals"):
        assert distance[name] > 3 * BY_NAME[name].distance(a, again)


def test_histograms_that_share_nothing_are_one_apart(poisson):
    early = {"course": np.array([5.0, 0, 0])}
    late = {"course": np.array([0, 0, 7.0])}
    half = {"course": np.array([4.0, 0, 4.0])}
    course = BY_NAME["rate over time"]
    assert course.distance(early, late) == 1
    assert course.distance(early, half) == 0.5


def test_nothing_at_all_is_no_error(poisson):
    nothing, some = total(poisson, 0, 0, pieces=3), total(poisson, 50, 50, pieces=3)
    for one in STATISTICS:
        assert one.distance(nothing, nothing) == pytest.approx(0)
        assert one.distance(nothing, some) >= 0
