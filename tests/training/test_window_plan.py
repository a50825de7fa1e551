"""Windows laid over recordings, by hand."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.training.window_plan import plan_windows

LENGTHS, COUNTS = np.array([100, 40, 10]), np.array([7, 0, 3])


def found(**how):
    plan = plan_windows(
        LENGTHS, COUNTS, **{"window_us": None, "count": None, "stride": None, **how}
    )
    return [plan.find(i) for i in range(len(plan))]


def test_whole_recordings_are_one_window_each():
    assert found() == [(0, 0), (1, 0), (2, 0)]


def test_windows_of_time_are_whole_and_a_short_recording_is_one():
    assert found(window_us=40) == [(0, 0), (0, 40), (1, 0), (2, 0)]
    assert found(window_us=40, stride=30) == [(0, 0), (0, 30), (0, 60), (1, 0), (2, 0)]


def test_windows_of_events_are_counted_in_events():
    assert found(count=3) == [(0, 0), (0, 3), (1, 0), (2, 0)]
    assert found(count=3, stride=1)[:5] == [(0, 0), (0, 1), (0, 2), (0, 3), (0, 4)]


def test_no_recordings_have_no_windows():
    none = np.zeros(0, np.int64)
    assert len(plan_windows(none, none, window_us=4, count=None, stride=None)) == 0


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ConfigError, match="found both"):
        found(window_us=4, count=4)
    with pytest.raises(ConfigError, match="stride needs"):
        found(stride=4)
    with pytest.raises(ConfigError, match="1 or more"):
        found(window_us=4, stride=0)
    with pytest.raises(ConfigError, match="whole numbers"):
        found(window_us=4.5)
    assert found(window_us=4e1) == found(window_us=40)
