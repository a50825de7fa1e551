"""Counts in bins, by hand."""

import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations.event_frames import EventFrames, count_events


def test_every_event_inside_is_counted_in_its_bin():
    events = Events.of(
        [0, 9, 10, 19, 20], [1, 0, 2, 2, 1], [0, 1, 1, 1, 0], [1, 1, 0, 0, 1], size=(3, 2)
    )
    counts = count_events(events, [0, 10, 20])
    assert counts.shape == (2, 2, 2, 3)
    assert counts[0, 1].tolist() == [[0, 1, 0], [1, 0, 0]]
    assert counts[1, 0].tolist() == [[0, 0, 0], [0, 0, 2]]
    assert counts.sum() == 4  # the last one falls on the end


def test_an_empty_recording_counts_nothing():
    assert not count_events(Events.empty((3, 2)), [0, 10]).any()


@pytest.mark.parametrize("edges", [[0], [0, 0], [5, 3]])
def test_borders_must_increase(edges):
    with pytest.raises(ConfigError, match="increasing"):
        count_events(Events.empty((3, 2)), edges)


def test_frames_by_time_have_half_open_bins():
    events = Events.of([0, 4, 5, 9], [0] * 4, [0] * 4, [1, 1, 1, 0], size=(1, 1))
    frames = EventFrames(bins=2)(events, 0, 10)
    assert frames[:, :, 0, 0].tolist() == [[0, 2], [1, 1]]


def test_frames_by_count_hold_equally_many():
    events = Events.of([0, 1, 2, 3, 900], [0] * 5, [0] * 5, [1] * 5, size=(1, 1))
    frames = EventFrames(bins=2, by="count")(events)
    assert frames[:, 1, 0, 0].tolist() == [2, 3]
    with pytest.raises(ConfigError, match="by must be time or count"):
        EventFrames(by="size")
