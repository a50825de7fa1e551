"""Pictures between two pictures, held against what was there."""

import numpy as np
import pytest

from eventsim.upsampling import between as module
from eventsim.upsampling.between import ids_between, picture_between
from eventsim.upsampling.motion import find_motion


@pytest.mark.parametrize("share", [0.1, 0.5, 0.75])
def test_the_picture_lies_where_it_was(moved, coded, share):
    before, after = moved(0), moved(8, 2)
    motion = find_motion(coded(before), coded(after))
    true = moved(8 * share, 2 * share)
    inside = np.s_[12:-12, 12:-12]
    off = np.abs(picture_between(before, after, motion, share) - true)[inside].mean()
    blended = np.abs(before + (after - before) * share - true)[inside].mean()
    assert off < 1.5  # DN of 220
    assert off < blended / 8


def test_the_same_bits_in_any_stripes(moved, coded, monkeypatch):
    before, after = moved(0), moved(8, 2)
    motion = find_motion(coded(before), coded(after))
    whole = picture_between(before, after, motion, 0.3)
    monkeypatch.setattr(module, "stripes", lambda height: [0, 1, 40, 41, height])
    assert np.array_equal(picture_between(before, after, motion, 0.3), whole)


@pytest.mark.parametrize("share", [0.125, 0.5, 0.75])
def test_ids_move_along(moved, coded, share):
    """A square in the texture, which moves by 8 px."""
    before, after = moved(0), moved(8)
    motion = find_motion(coded(before), coded(after))
    ids = np.zeros((2, 96, 96), np.uint16)
    ids[0, 30:60, 30:60] = 41
    ids[1, 30:60, 38:68] = 41
    x = 30 + round(8 * share)
    true = np.zeros((96, 96), np.uint16)
    true[30:60, x : x + 30] = 41
    found = ids_between((ids[0], ids[1]), motion, share)
    assert found.dtype == np.uint16
    assert set(np.unique(found)) == {0, 41}
    assert (found != true).sum() < 20  # of 120 pixels at the edge
    assert ids_between((ids[0], None), motion, share) is None
