"""The bell of a move: rest at both ends, 1.875 times the mean speed in the middle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsim.motion.profiles import FEWEST_PIECES, SMOOTH_TO_PX, minimum_jerk, move, pieces_of


def test_minimum_jerk_by_its_derivatives():
    u = np.linspace(0, 1, 10_001)
    s = minimum_jerk(u)
    speed = np.gradient(s, u)
    assert (s[0], s[5000], s[-1]) == pytest.approx((0, 0.5, 1))
    assert speed[[0, -1]] == pytest.approx([0, 0], abs=1e-6)
    assert speed.max() == pytest.approx(15 / 8, rel=1e-6)  # 30 u^2 (1 - u)^2 at 1/2
    assert (np.diff(s) >= 0).all()


@given(st.floats(0.1, 500), st.integers(1, 10**7))
def test_the_pieces_follow_the_bell(length_px, duration_us):
    t_us, share = move(length_px, duration_us, "minimum-jerk")
    assert t_us[-1] == duration_us
    assert share[-1] == 1
    assert (np.diff(t_us, prepend=0) > 0).all()
    if duration_us < 100_000:
        return  # whole microseconds are too coarse for the bell
    u = np.linspace(0, 1, 2001)
    chords = np.interp(u * duration_us, [0, *t_us], [0, *share])
    assert length_px * np.abs(chords - minimum_jerk(u)).max() < SMOOTH_TO_PX * 1.1


def test_short_moves_have_some_pieces_and_constant_ones_one():
    assert pieces_of(0.01) == FEWEST_PIECES
    assert [c.tolist() for c in move(5.0, 1000, "constant")] == [[1000], [1.0]]
