"""Choosing, moving and ordering events."""

import numpy as np
import pytest

from eventsim.events import COLUMNS, Events
from eventsim.random import Draws
from eventsim.transforms.changing import about, kept, merged, moved, ordered, span_us, time_order


def test_a_mask_is_what_indexing_gives(events):
    mask = np.random.default_rng(1).random(len(events)) < 0.4
    assert kept(events, mask) == events[mask]
    assert len(kept(events, np.zeros(len(events), np.bool_))) == 0


def test_any_order_is_sorted_like_events_are(events):
    order = np.random.default_rng(2).permutation(len(events))
    shuffled = [getattr(events, name)[order] for name in COLUMNS]
    again = ordered(shuffled, events.size)
    for name in "tyx":
        assert np.array_equal(getattr(again, name), getattr(events, name))


def test_many_events_of_one_microsecond_are_put_in_raster_order():
    rng = np.random.default_rng(3)
    n = 5000
    columns = [np.zeros(n, np.int64), rng.integers(0, 99, n).astype(np.uint16),
               rng.integers(0, 77, n).astype(np.uint16), rng.random(n) < 0.5,
               rng.integers(0, 4, n).astype(np.uint8)]  # fmt: skip
    expected = Events.of(*columns, size=(99, 77))
    assert ordered(columns, expected.size) == expected


def test_two_streams_become_one(events):
    one, two = events[::2], events[1::2]
    both = merged(one, two)
    assert len(both) == len(events)
    for name in "tyx":
        assert np.array_equal(getattr(both, name), getattr(events, name))


def test_the_identity_leaves_events_where_they_are(many):
    assert moved(many, np.eye(2, 3), Draws.of(0)) == many


def test_a_map_about_a_point_leaves_the_point():
    matrix = about((3.0, 4.0), np.array([[0.0, -1.0], [1.0, 0.0]]))
    assert np.allclose(matrix @ [3, 4, 1], [3, 4])


def test_a_span_is_half_open(events):
    assert span_us(events) == (events.t[0], events.t[-1] + 1)
    assert span_us(events[:0]) == (0, 0)


@pytest.mark.parametrize("span", [1, 3000, 10**7, 10**12, 2**62])
def test_times_in_any_order_are_sorted_and_equal_ones_keep_theirs(span):
    rng = np.random.default_rng(span % 97)
    t = rng.integers(-span, span, 5000)
    t[::7] = t[0]
    assert np.array_equal(time_order(t), np.argsort(t, kind="stable"))
    rising = np.sort(t)
    assert np.array_equal(time_order(rising), np.arange(5000))


def test_no_times_have_no_order():
    assert len(time_order(np.empty(0, np.int64))) == 0
