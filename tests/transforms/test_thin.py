"""Fewer events."""

import pytest

from eventsim.errors import ConfigError
from eventsim.random import Draws
from eventsim.transforms import Thin


def test_the_share_that_is_dropped(many):
    # 20,000 events: 3 standard deviations of 0.3 are 0.0097.
    assert len(Thin(0.3)(many, Draws.of(0))) / len(many) == pytest.approx(0.7, abs=0.0097)


def test_the_share_is_drawn_from_its_range(many):
    shares = [1 - len(Thin((0.1, 0.9))(many, Draws.of(s))) / len(many) for s in range(40)]
    assert min(shares) < 0.2
    assert max(shares) > 0.8


def test_all_and_nothing(many):
    assert Thin(0.0)(many, Draws.of(0)) == many
    assert len(Thin(1.0)(many, Draws.of(0))) == 0


def test_two_in_a_row_drop_other_events(many):
    once = Thin(0.5)(many, Draws.of(0))
    assert len(Thin(0.5)(once, Draws.of(1))) / len(many) == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("wrong", [-0.1, 1.1, (0.5, float("nan"))])
def test_other_shares_are_refused(wrong):
    with pytest.raises(ConfigError, match="share must be a number or a range"):
        Thin(wrong)
