"""The mean of a time surface, by hand."""

import numpy as np
import pytest

from eventsim.denoise import TimeSurfaceFilter


def test_the_mean_is_over_pixels_that_fired(stream):
    events = stream((0, 3, 3, 1), (100, 4, 3, 1), (100, 5, 3, 0), (300, 4, 4, 1))
    how = TimeSurfaceFilter(decay_us=200)
    scores = how.scores(events, how.memory(events.size))
    expected = [0.0, np.exp(-0.5), 0.0, (np.exp(-1.5) + np.exp(-1.0)) / 2]
    assert scores == pytest.approx(expected, abs=1e-12)
    assert TimeSurfaceFilter(0.5, 200)(events).t.tolist() == [100]
