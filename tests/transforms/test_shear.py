"""A slanted column."""

import numpy as np
import pytest

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import Shear


def test_a_column_becomes_a_slanted_line():
    n = 40
    rows = np.arange(n)
    column = Events.of(rows, np.full(n, 30), rows, np.ones(n), size=(60, 40))
    slanted = Shear(0.5)(column, Draws.of(0))
    # Half a pixel to the right for each pixel below the middle, each within a pixel.
    assert np.abs(slanted.x + 0.5 - (30.5 + 0.5 * (rows + 0.5 - 20))).max() <= 1.0
    assert np.array_equal(slanted.y, rows)


def test_rows_slant_too():
    row = Events.of(np.arange(60), np.arange(60), np.full(60, 20), np.ones(60), size=(60, 40))
    slope = np.polyfit(np.arange(60), Shear(0.0, 0.5)(row, Draws.of(0)).y.astype(float), 1)[0]
    assert slope == pytest.approx(0.5, abs=0.02)


def test_no_slant_changes_nothing(many):
    assert Shear(0.0)(many, Draws.of(0)) == many
