import numpy as np
import pytest

import eventsim
from eventsim.errors import ConfigError, TimeOrderError
from eventsim.sources.arrays import ArraySource
from eventsim.sources.slow_motion import SlowMotion
from eventsim.sources.staged import Staged

FRAMES = np.arange(5, dtype=np.uint8)[:, None, None] * np.full((3, 4), 40, np.uint8)
T_US = [0, 33_333, 66_667, 100_000, 133_333]


def test_times_of_the_world():
    """240 frames/s stored as 30: a frame every 1/240 s."""
    slow = Staged(ArraySource(FRAMES, T_US), SlowMotion(8))
    assert [frame.t_us for frame in slow] == [round(t / 8) for t in T_US]
    assert (slow.size, slow.expected_frames, slow.lost_frames, slow.notes) == ((4, 3), 5, 0, [])
    assert slow.encoding == eventsim.Encoding()


def test_the_duration_is_that_of_the_world():
    source = ArraySource(FRAMES, T_US)
    assert Staged(source, SlowMotion(4)).duration_us is None
    source.duration_us = 1_000_000
    assert Staged(source, SlowMotion(4)).duration_us == 250_000


def test_time_lapse_is_slower_than_it_looks():
    assert [f.t_us for f in SlowMotion(0.5).frames(ArraySource(FRAMES[:2], [0, 40]), [])] == [0, 80]


def test_two_frames_in_a_microsecond():
    with pytest.raises(TimeOrderError, match="two frames into microsecond 0"):
        list(SlowMotion(8).frames(ArraySource(FRAMES[:2], [0, 3]), []))


@pytest.mark.parametrize("factor", [0, -1, float("nan"), float("inf"), 2e6])
def test_no_factor(factor):
    with pytest.raises(ConfigError, match=r"slow_motion must be above 0 .* give 8"):
        SlowMotion(factor)


def test_eight_times_as_fast_is_an_eighth_of_the_time_and_as_many_events():
    """Without a photoreceptor, events depend on the light alone, not on how fast it changes."""
    stored = eventsim.simulate((FRAMES, np.array(T_US)), sensor="ideal")
    real = eventsim.simulate((FRAMES, np.array(T_US)), sensor="ideal", slow_motion=8)
    assert len(real) == len(stored) > 0
    assert np.abs(np.sort(real.t) - np.sort(stored.t) / 8).max() < 2
