"""Blocks that change places, and back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsim.events import SensorSize
from eventsim.transforms.keyed import EventKey, PermuteBlocks

KEY = EventKey.of(bytes(32), "00" * 16)


@pytest.mark.parametrize("method", [PermuteBlocks(), PermuteBlocks(5, None), PermuteBlocks(99)])
def test_the_very_same_events_come_back(moving, key, method):
    hidden = method(moving, key)
    assert (hidden == moving) == (method.block_px == 99)  # one block has nowhere to go
    assert method.recover(hidden, key) == moving


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 9))
@settings(max_examples=40, deadline=None)
def test_blocks_stay_whole(width, height, side):
    """What lies next to each other in a block does so afterwards."""
    table = PermuteBlocks(side).tables(KEY, SensorSize(width, height))(0)
    assert sorted(table.tolist()) == list(range(width * height))
    grid = table.reshape(height, width)
    columns, rows = np.arange(width - 1), np.arange(height - 1)
    inside = columns // side == (columns + 1) // side
    assert (np.diff(grid, axis=1)[:, inside] == 1).all()
    inside = rows // side == (rows + 1) // side
    assert (np.diff(grid, axis=0)[inside] == width).all()
