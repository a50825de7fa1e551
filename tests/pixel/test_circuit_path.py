"""Rooms of tiles grow together, and lose nothing."""

import numpy as np
import pytest

from eventsim.pixel.circuit_path import roomy
from eventsim.pixel.memory import fresh_words


def test_rooms_that_were_large_enough_are_kept():
    rooms = fresh_words(2, 5)
    assert roomy(rooms, list(rooms), np.array([5, 0])) is rooms


@pytest.mark.parametrize("used", [7, 2])
def test_a_tile_that_took_a_larger_room(used):
    """Whether it filled it or not."""
    rooms = fresh_words(2, 3)
    rooms[0, :2] = 1, 2
    larger = np.arange(10, 17, dtype=np.uint64)
    grown = roomy(rooms, [rooms[0], larger], np.array([2, used]))
    assert grown.shape[1] >= used
    assert grown[0, :2].tolist() == [1, 2]
    assert grown[1, :used].tolist() == list(range(10, 10 + used))
