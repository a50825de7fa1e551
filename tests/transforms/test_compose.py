"""Transforms of transforms."""

import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import Compose, Flip, OneOf, Sometimes, Thin, Translate
from eventsim.transforms.compose import names_in


def test_one_after_the_other():
    one = Events.of([0], [0], [0], [True], size=(8, 1))
    # Mirrored, 0 becomes 7, and 3 to the left of it is 4; the other way round it would be lost.
    both = Compose((Flip(), Translate(-3.0, 0.0)))
    assert both(one, Draws.of(0)).x.tolist() == [4]


def test_none_changes_nothing(events):
    assert Compose()(events, Draws.of(0)) == events


def test_what_is_added_at_the_end_leaves_the_draws_before_it(many):
    rng = Draws.of(5)
    alone = Compose((Thin((0.1, 0.9)),))(many, rng)
    longer = Compose((Thin((0.1, 0.9)), Flip()))(many, rng)
    assert Flip()(longer, rng) == alone


def test_each_has_draws_of_its_own(many):
    twice = Compose((Thin(0.5), Thin(0.5)))(many, Draws.of(0))
    assert len(twice) / len(many) == pytest.approx(0.25, abs=0.01)


def test_one_of_them_each_as_often():
    one = Events.of([0], [4], [0], [True], size=(9, 1))
    choose = OneOf((Translate(-1.0, 0.0), Compose(), Translate(1.0, 0.0)))
    seen = [int(choose(one, Draws.of(0, 0, i)).x[0]) for i in range(600)]
    for place in (3, 4, 5):
        assert seen.count(place) == pytest.approx(200, abs=40)  # 3.5 standard deviations


def test_sometimes_is_as_often_as_it_says():
    one = Events.of([0], [0], [0], [True], size=(9, 1))
    flipped = [Sometimes(Flip(), 0.2)(one, Draws.of(0, 0, i)).x[0] == 8 for i in range(1000)]
    assert sum(flipped) == pytest.approx(200, abs=45)
    assert Sometimes(Flip(), 0.0)(one, Draws.of(0)) == one


def test_names_of_all_that_is_inside():
    tree = Compose((Sometimes(Flip()), OneOf((Thin(), Compose((Translate(),))))))
    assert list(names_in(tree)) == [
        "Compose", "Sometimes", "Flip", "OneOf", "Thin", "Compose", "Translate"
    ]  # fmt: skip


def test_lists_are_taken_and_classes_are_refused(events):
    assert Compose([Flip()]) == Compose((Flip(),))
    with pytest.raises(ConfigError, match="Pass an instance"):
        Compose((Flip,))
    with pytest.raises(ConfigError, match="called with"):
        Sometimes(3)
    with pytest.raises(ConfigError, match="one transform or more"):
        OneOf(())
