"""Blocks that are silent."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.random import Draws
from eventsim.transforms import DropBlocks


def test_a_block_is_silent_or_whole(many):
    left = DropBlocks(0.4, side_px=10)(many, Draws.of(2))

    def blocks(events):
        return np.bincount(events.y // 10 * 7 + events.x // 10, minlength=35)

    before, after = blocks(many), blocks(left)
    assert ((after == 0) | (after == before)).all()
    assert 4 <= (after == 0).sum() <= 24  # 14 of 35 expected, sd 2.9


def test_no_side_is_refused():
    with pytest.raises(ConfigError, match="side_px"):
        DropBlocks(side_px=0)
