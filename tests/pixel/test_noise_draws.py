"""The small parts of the noise: when an event falls, and which pixels are hot."""

import numpy as np
import pytest
from scipy.stats import kstest

from eventsim import Encoding, SensorSize
from eventsim.pixel.array import PixelArray
from eventsim.pixel.draws import exponential_draw
from eventsim.pixel.noise import NOISE, find_hot, flag_hot, hazard_draw, hot_time, shot_time
from eventsim.pixel.settings import PixelSettings
from eventsim.random import Stream, stream_key

f32 = np.float32
HOT = np.array([3, 10, 11, 500], np.int64)


def test_shot_time_is_where_the_hazard_runs_out():
    # Hazard 0.3 of a total of 0.4: three quarters into the interval.
    assert shot_time(f32(0.3), f32(0.4), np.int64(1000)) == 750
    assert shot_time(f32(0.4), f32(0.4), np.int64(1000)) == 1000
    assert shot_time(f32(1e-9), f32(0.4), np.int64(1000)) == 1


def test_hot_time():
    assert hot_time(5250.0, np.int64(5000), np.int64(1000)) == 250
    assert hot_time(5000.0, np.int64(5000), np.int64(1000)) == 1


def test_hazard_of_a_noisy_pixel_runs_out_sooner():
    key = stream_key(1, Stream.SHOT_TIME)
    plain = exponential_draw(key, np.int64(7), np.uint32(3))
    assert hazard_draw(key, np.int64(7), np.uint32(3), f32(4)) == pytest.approx(plain / 4, rel=1e-6)


def test_find_hot():
    assert [find_hot(0, 4, HOT, p) for p in (3, 10, 11, 500, 4)] == [0, 1, 2, 3, -1]
    assert find_hot(1, 3, HOT, 3) == -1
    assert find_hot(0, 0, HOT, 3) == -1
    many = np.arange(0, 200, 3)
    found = [find_hot(5, 40, many, p) for p in range(200)]
    assert found == [p // 3 if p % 3 == 0 and 5 <= p // 3 < 40 else -1 for p in range(200)]


def test_flag_hot_flags_those_that_are_due():
    flags = np.zeros(600, np.uint8)
    due = np.array([10.0, 20.0, 30.0, 40.0])
    flag_hot(flags, 0, 4, HOT, due, 0, np.int64(30))
    assert np.flatnonzero(flags).tolist() == [3, 10, 11]
    assert flags[3] == NOISE


def test_many_shots_of_a_pixel_in_one_interval():
    # 2000 Hz for one interval of 1 s: the gaps of a Poisson process within one frame interval.
    settings = PixelSettings(shot_noise_rate_hz=2000)
    p = PixelArray(SensorSize(1, 1), settings, Encoding("linear"), threads=1)
    events = p.push(np.full((2, 1, 1), 255, np.uint8), np.array([0, 10_000_000])).events
    # A quarter of the nominal rate at white: 5000 in 10 s, four standard deviations of it.
    assert abs(len(events) - 5000) < 4 * np.sqrt(5000)
    gaps = np.diff(events.t)
    assert kstest(gaps / gaps.mean(), "expon").pvalue > 1e-3
    assert abs(events.p.mean() - 0.5) < 4 * 0.5 / np.sqrt(5000)
