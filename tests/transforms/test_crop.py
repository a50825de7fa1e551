"""Parts cut out."""

import pytest

from eventsim.errors import ConfigError, OutsideSensorError
from eventsim.random import Draws
from eventsim.transforms import Crop


def test_the_middle(events):
    middle = Crop((4, 3), "center")(events, Draws.of(0))
    assert middle == events.region(4, 2, 8, 5)


def test_random_parts_reach_every_corner(events):
    parts = [Crop((11, 6))(events, Draws.of(seed)) for seed in range(60)]
    corners = [events.region(x, y, x + 11, y + 6) for x in (0, 1) for y in (0, 1)]
    assert all(any(part == corner for part in parts) for corner in corners)
    assert all(any(part == corner for corner in corners) for part in parts)


def test_the_whole_is_the_whole(events):
    assert Crop(events.size)(events, Draws.of(0)) == events


def test_a_part_larger_than_the_sensor_is_refused(events):
    with pytest.raises(ConfigError, match="13x7 cannot be cut out of a 12x7"):
        Crop((13, 7))(events, Draws.of(0))
    with pytest.raises(OutsideSensorError):
        Crop((0, 7))
    with pytest.raises(ConfigError, match="place"):
        Crop((3, 3), "left")
