"""Stretches of time."""

from eventsim.random import Draws
from eventsim.transforms import TimeCrop


def test_a_stretch_is_a_window_of_the_events(many):
    part = TimeCrop(0.25)(many, Draws.of(0))
    assert part == many.window(int(part.t[0]), int(part.t[-1]) + 1)
    assert abs(len(part) / len(many) - 0.25) < 0.02


def test_it_may_lie_anywhere(many):
    firsts = [TimeCrop(0.1)(many, Draws.of(seed)).t[0] for seed in range(80)]
    assert min(firsts) < 60_000
    assert max(firsts) > 840_000


def test_all_and_nothing(many):
    assert TimeCrop(1.0)(many, Draws.of(0)) == many
    assert len(TimeCrop(0.0)(many, Draws.of(0))) == 0
