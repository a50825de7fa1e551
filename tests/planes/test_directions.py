"""The table of shifts, and that each is drawn as often as the others."""

import numpy as np
import pytest
from scipy import stats

from eventsim.planes.directions import CHOICES, ORDERS, PLANES, draw_choices, neighbor_pairs

# (rows down, columns right) from a to b of each group, as the paper describes the eight movements.
SHIFTS = [(0, 1), (-1, 0), (-1, 1), (-1, -1), (-1, -2), (-1, 2), (2, -1), (-2, -1)]


def shift(pair):
    a, b = (p - 1 for p in pair)
    return b // 3 - a // 3, b % 3 - a % 3


@pytest.mark.parametrize("group", range(PLANES))
def test_all_directions_of_a_group_are_the_same_shift(group):
    assert {shift(pair) for pair in CHOICES[group]} == {SHIFTS[group]}


@pytest.mark.parametrize("group", range(PLANES))
def test_a_group_holds_every_pair_with_its_shift(group):
    all_pairs = {(a, b) for a in range(1, 10) for b in range(1, 10)}
    assert set(CHOICES[group]) == {pair for pair in all_pairs if shift(pair) == SHIFTS[group]}


def test_the_orders_are_permutations_and_differ():
    assert all(sorted(order) == list(range(PLANES)) for order in ORDERS)
    assert len(set(ORDERS)) == len(ORDERS) == 6


def test_the_default_is_the_first_of_each_group_in_the_order_of_time():
    choices = draw_choices("default", 7, np.arange(2))
    pairs = neighbor_pairs(choices, 4)
    expected = [np.array(CHOICES[group][0]) - 1 for group in (4, 5, 6, 7, 0, 1, 2, 3)]
    assert np.array_equal(pairs[1], expected)


def test_random_directions_are_drawn_uniformly_and_independently_of_each_other():
    choices = draw_choices("random", 1, np.arange(24_000))
    for group, options in enumerate(CHOICES):
        counts = np.bincount(choices[:, group], minlength=len(options))
        assert len(counts) == len(options)
        assert stats.chisquare(counts).pvalue > 1e-3
    both = np.zeros((6, 6))
    np.add.at(both, (choices[:, 0], choices[:, 1]), 1)
    assert stats.chi2_contingency(both).pvalue > 1e-3


def test_a_draw_belongs_to_the_sample_and_not_to_its_place_in_the_batch():
    some = draw_choices("random", 5, np.array([17, 3, 4_000_000_000]))
    again = draw_choices("random", 5, np.array([4_000_000_000, 17]))
    assert np.array_equal(some[[2, 0]], again)
    assert not np.array_equal(
        draw_choices("random", 6, np.arange(9)), draw_choices("random", 5, np.arange(9))
    )
