"""Turned by angles whose result is known."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import Rotate


def test_a_quarter_turn_is_clockwise_on_the_sensor():
    # On a square, the pixel right of the middle comes to lie below it.
    one = Events.of([0], [4], [2], [True], size=(5, 5))
    turned = Rotate(90.0)(one, Draws.of(0))
    assert (turned.x.tolist(), turned.y.tolist()) == ([2], [4])


def test_half_a_turn_mirrors_both_axes(many):
    turned = Rotate(180.0)(many, Draws.of(0))
    again = Rotate(180.0)(turned, Draws.of(0))
    assert len(turned) == len(many)
    assert again == many


def test_no_turn_changes_nothing(many):
    assert Rotate(0.0)(many, Draws.of(0)) == many


def test_the_middle_of_the_events_stays():
    corner = Events.of([0, 1, 2], [0, 1, 2], [1, 1, 1], [1, 1, 1], size=(40, 30))
    turned = Rotate(90.0, center="events")(corner, Draws.of(0))
    assert turned.x.tolist() == [1, 1, 1]
    assert turned.y.tolist() == [0, 1, 2]


def test_a_small_turn_moves_the_rim_by_the_angle_and_loses_only_corners(many):
    turned = Rotate((10.0, 10.0))(many, Draws.of(0))
    assert 0.85 < len(turned) / len(many) < 1
    column = Events.of(np.arange(20_000), np.full(20_000, 63), np.full(20_000, 24), np.ones(20_000),
                       size=(64, 48))  # fmt: skip
    rim = Rotate(10.0)(column, Draws.of(0))
    # The pixel's middle is (31.5, 0.5) px from the middle of the sensor.
    assert rim.y.mean() + 0.5 - 24 == pytest.approx(
        31.5 * np.sin(np.radians(10)) + 0.5 * np.cos(np.radians(10)), abs=0.02
    )


@pytest.mark.parametrize("wrong", [200.0, (10.0, -10.0), "much", (1, 2, 3)])
def test_other_angles_are_refused(wrong):
    with pytest.raises(ConfigError, match="angle_deg"):
        Rotate(wrong)


def test_another_center_is_refused():
    with pytest.raises(ConfigError, match="center"):
        Rotate(center="corner")
