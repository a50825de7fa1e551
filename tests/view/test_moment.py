"""A moment: the frame and the events of one time."""

import numpy as np
import pytest

from eventsim.events import Events
from eventsim.sources.arrays import ArraySource
from eventsim.view.moment import draw_moment
from eventsim.view.windows import ViewOptions


def test_frame_events_and_rates_are_of_the_same_moment():
    frames = np.stack([np.full((4, 6), gray, np.uint8) for gray in (0, 100, 200)])
    source = ArraySource(frames, np.array([0, 50_000, 100_000]), transfer="srgb")
    events = Events.of([10_000, 60_000, 70_000], [0, 1, 2], [0, 0, 0], [True] * 3, [0, 0, 1],
                       size=(6, 4))  # fmt: skip
    options = ViewOptions(window_us=20_000, saturation=1)
    figure = draw_moment(events, source, span=(0, 100_000), at_us=75_000, options=options)
    frame, seen, rates = figure.axes
    assert "0.075 s" in frame.get_title(loc="left")
    assert (np.asarray(frame.images[0].get_array()) == 100).all()
    assert "2 events, 0.055 to 0.075 s" in seen.get_title(loc="left")
    image = np.asarray(seen.images[0].get_array())
    assert sorted(np.flatnonzero((image != 255).any(axis=2)).tolist()) == [1, 2]
    assert rates.get_xlim() == pytest.approx((0, 0.1))


def test_a_window_does_not_begin_before_the_recording():
    source = ArraySource(np.zeros((2, 4, 6), np.uint8), np.array([0, 50_000]), transfer="srgb")
    figure = draw_moment(Events.empty((6, 4)), source, span=(0, 50_000), at_us=10_000)
    assert "0 events, 0.000 to 0.010 s" in figure.axes[1].get_title(loc="left")
