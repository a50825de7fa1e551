"""Windows and rates of a recording, by hand."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events, Kind
from eventsim.view import windows
from eventsim.view.windows import (
    ViewOptions,
    count_rates,
    count_windows,
    even_bins,
    pieces,
    span_us,
    time_window_count,
    time_windows,
)


def regular(n: int, step_us: int = 1000) -> Events:
    """One event every `step_us`, ON and OFF in turn."""
    i = np.arange(n)
    return Events.of(i * step_us, i % 4, i * 0, i % 2 == 0, i % 4, size=(4, 1))


class Recorded:
    """What a recording of a dataset offers, and a count of how much was read at once."""

    def __init__(self, events: Events, frame_t_us: list[int]) -> None:
        self.events, self.size = events, events.size
        self.frame_t_us = np.array(frame_t_us)
        self.longest_us = 0

    def window(self, t0_us: int, t1_us: int) -> Events:
        self.longest_us = max(self.longest_us, t1_us - t0_us)
        return self.events.window(t0_us, t1_us)


def test_span_of_events_holds_the_last_event():
    assert span_us(regular(5)) == (0, 4001)


def test_span_of_a_recording_is_that_of_its_frames():
    assert span_us(Recorded(regular(5), [102_000, 140_000])) == (102_000, 140_001)


def test_span_of_nothing_is_a_microsecond():
    assert span_us(Events.empty((2, 2))) == (0, 1)


def test_start_and_stop_cut_the_span():
    options = ViewOptions(start_us=1000, stop_us=3000)
    assert span_us(regular(9), options) == (1000, 3000)


def test_a_span_beyond_the_end_is_refused_with_the_times():
    with pytest.raises(ConfigError, match=r"from 0 s to 0\.008001 s"):
        span_us(regular(9), ViewOptions(start_us=9_000_000))


def test_windows_as_long_as_the_step_hold_each_event_once():
    events = regular(100)
    found = list(time_windows(events, span=(0, 99_001), window_us=1e5 / 3, step_us=1e5 / 3))
    assert [(w.t0_us, w.t1_us) for w in found] == [
        (0, 33_333),
        (33_333, 66_667),
        (66_667, 99_001),
    ]
    assert Events.concatenate([w.events for w in found], events.size) == events


def test_the_last_microsecond_belongs_to_the_last_window():
    """Frames at 0, 50 and 100 ms make a span of 100,001 us, and two windows of 50 ms."""
    found = list(time_windows(regular(101), span=(0, 100_001), window_us=50e3, step_us=50e3))
    assert [(w.t0_us, w.t1_us, len(w.events)) for w in found] == [
        (0, 50_000, 50),
        (50_000, 100_001, 51),
    ]


def test_longer_windows_overlap_and_do_not_reach_before_the_start():
    found = time_windows(regular(100), span=(10_000, 40_000), window_us=20_000, step_us=10_000)
    assert [(w.t0_us, w.t1_us, len(w.events)) for w in found] == [
        (10_000, 20_000, 10),
        (10_000, 30_000, 20),
        (20_000, 40_000, 20),
    ]


def test_window_count_is_known_beforehand():
    span = (0, 1_000_000)
    found = list(time_windows(regular(3), span=span, window_us=1e6 / 30, step_us=1e6 / 30))
    assert len(found) == time_window_count(span, 1e6 / 30) == 30


@pytest.mark.parametrize("read_us", [1, 7, 1000, 1_000_000])
def test_count_windows_do_not_depend_on_how_much_is_read_at_once(read_us, monkeypatch):
    monkeypatch.setattr(windows, "READ_US", read_us)
    events = regular(10, step_us=3)
    found = list(count_windows(events, span=(0, 28), count=4))
    assert [(w.t0_us, w.t1_us, len(w.events)) for w in found] == [
        (0, 10, 4),
        (10, 22, 4),
        (22, 28, 2),
    ]
    assert Events.concatenate([w.events for w in found], events.size) == events


def test_count_windows_of_nothing():
    assert list(count_windows(Events.empty((2, 2)), span=(0, 10), count=3)) == []


def test_pieces_are_short_and_complete():
    recording = Recorded(regular(1000), [0, 999_000])
    assert sum(len(piece.events) for piece in pieces(recording, (0, 999_001))) == 1000
    assert recording.longest_us == windows.READ_US


def test_rates_count_by_time_kind_and_polarity():
    rates = count_rates(regular(8), span=(0, 8000), bins=2)
    assert rates.edges_us.tolist() == [0, 4000, 8000]
    assert rates.total == 8
    assert rates.bin_s == 0.004
    # Kinds and polarities follow each other: 0 ON, 1 OFF, 2 ON, 3 OFF, once in each half.
    assert rates.counts[Kind.SIGNAL].tolist() == [[0, 0], [1, 1]]
    assert rates.counts[Kind.SHOT].tolist() == [[1, 1], [0, 0]]
    assert rates.counts[Kind.HOT].tolist() == [[1, 1], [0, 0]]


def test_an_event_on_an_edge_belongs_to_the_later_bin():
    events = Events.of([4], [0], [0], [True], size=(1, 1))
    assert count_rates(events, span=(0, 8), bins=2).counts[Kind.UNKNOWN, 1].tolist() == [0, 1]


def test_there_are_no_more_bins_than_microseconds():
    assert count_rates(Events.empty((2, 2)), span=(0, 1), bins=50).counts.shape == (5, 2, 1)


@pytest.mark.parametrize(
    ("frames", "most", "bins"), [(65, 120, 64), (65, 400, 384), (1001, 120, 111), (1, 120, 120)]
)
def test_bins_hold_whole_frame_intervals(frames: int, most: int, bins: int):
    recording = Recorded(regular(1), [40_000 * i for i in range(frames)])
    assert even_bins(recording, (0, 40_000 * frames), most) == bins


def test_events_alone_get_all_bins():
    assert even_bins(regular(9), (0, 9000), 120) == 120


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"window_us": 0}, "window must be"),
        ({"count": 0}, "count must be 1"),
        ({"decay_us": -5.0}, "decay must be"),
        ({"background": "red"}, "background must be"),
    ],
)
def test_options_out_of_range_are_refused(setting, said):
    with pytest.raises(ConfigError, match=said):
        ViewOptions(**setting)
