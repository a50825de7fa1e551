"""Volumes and shares."""

import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.transforms.mixing import share_of, volume_of

ONE = Events.of([5, 9], [0, 1], [0, 1], [1, 1], size=(4, 3))
TWO = Events.of([7, 12], [0, 1], [0, 1], [1, 1], size=(4, 3))
NONE = Events.empty((4, 3))


def test_the_volume_holds_both():
    assert volume_of(ONE, TWO) == ((5, 13), (0, 3), (0, 4))
    assert volume_of(NONE, TWO) == ((7, 13), (0, 3), (0, 4))
    assert volume_of(NONE, NONE)[0] == (0, 1)


def test_two_sensors_are_refused():
    with pytest.raises(ConfigError, match="4x3 and 5x3"):
        volume_of(ONE, Events.empty((5, 3)))


def test_shares_are_those_of_events():
    assert share_of(ONE, TWO[:1]) == pytest.approx(2 / 3)
    assert share_of(NONE, ONE) == 0
    assert share_of(NONE, NONE) == 1
