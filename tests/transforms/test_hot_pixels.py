"""Hot pixels, by their rate."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events, Kind
from eventsim.random import Draws
from eventsim.transforms import HotPixels

ENDS = Events.of([0, 1_000_000], [0, 1], [0, 0], [1, 0], size=(100, 80))


def test_few_pixels_fire_often():
    hot = HotPixels(0.01, 200.0)(ENDS, Draws.of(0))
    added = hot[hot.kind == Kind.HOT]
    per_pixel = np.bincount(added.y * 100 + added.x, minlength=8000)
    assert 50 <= (per_pixel > 0).sum() <= 110  # 80 expected, sd 9
    assert per_pixel[per_pixel > 0].mean() == pytest.approx(200, rel=0.05)
    assert added.p.all()
    assert len(hot) == len(added) + 2


def test_shares_above_all_are_refused():
    with pytest.raises(ConfigError, match="hot_pixel_share"):
        HotPixels(share=2.0)
