"""A rolling shutter: each row as if it had been simulated alone, with times of its own."""

import numpy as np
import pytest

import eventsim
from eventsim.errors import ConfigError
from eventsim.frames import Encoding, Outline
from eventsim.sources.arrays import ArraySource
from eventsim.sources.rolling_shutter import RollingShutter

RNG = np.random.default_rng(8)
FRAMES = RNG.integers(20, 250, (6, 9, 12), dtype=np.uint8)
T_US = np.arange(6) * 25_000


@pytest.mark.parametrize("rows_us", [16_000, -16_000, 40_000])
def test_each_row_is_a_sensor_with_times_of_its_own(rows_us):
    events = eventsim.simulate((FRAMES, T_US), sensor="ideal", rolling_shutter_us=rows_us)
    late = rows_us * np.arange(9) / 8
    for r in range(9):
        alone = eventsim.simulate((FRAMES[:, r : r + 1], T_US), sensor="ideal")
        row = events[events.y == r]
        assert np.array_equal(row.t, alone.t + round(late[r] - min(late)))
        assert np.array_equal(row.x, alone.x)
        assert np.array_equal(row.p, alone.p)
    order = np.lexsort((events.x, events.y, events.t))
    assert np.array_equal(order, np.arange(len(events)))


def test_frames_pass_and_the_time_adds_up():
    source = ArraySource(FRAMES, T_US)
    assert [f.t_us for f in RollingShutter(5).frames(source, [])] == T_US.tolist()
    once = RollingShutter(500).outline(Outline((12, 9), Encoding()))
    assert RollingShutter(300).outline(once).rows_us == 800


def test_out_of_range():
    with pytest.raises(ConfigError, match="rolling_shutter_us must be at most 1e"):
        RollingShutter(2e6)
