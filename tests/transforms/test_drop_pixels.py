"""Dead pixels."""

import numpy as np
import pytest

from eventsim.random import Draws
from eventsim.transforms import DropPixels


def test_a_pixel_is_silent_or_whole(many):
    left = DropPixels(0.3)(many, Draws.of(0))
    before = np.bincount(many.y * 64 + many.x, minlength=64 * 48)
    after = np.bincount(left.y * 64 + left.x, minlength=64 * 48)
    assert np.isin(after, [0]).any()
    assert ((after == 0) | (after == before)).all()
    assert np.mean((after == 0) & (before > 0)) == pytest.approx(0.3, abs=0.03)


def test_other_draws_silence_other_pixels(many):
    assert DropPixels(0.3)(many, Draws.of(0)) != DropPixels(0.3)(many, Draws.of(1))
