"""The order of the circuit: what the effects do together."""

import numpy as np
import pytest

from eventsim import Encoding, Kind, SensorSize
from eventsim.pixel.array import PixelArray
from eventsim.pixel.layout import BLOCK
from eventsim.pixel.settings import PixelSettings


def push(frames, t_us, encoding=None, **values):
    frames = np.asarray(frames)
    size = SensorSize(frames.shape[2], frames.shape[1])
    p = PixelArray(size, PixelSettings(**values), encoding or Encoding("log"), threads=1)
    return p.push(frames, np.asarray(t_us)).events


def column(values):
    return np.asarray(values, np.float32)[:, None, None]


def test_codes_and_planes_take_the_same_path():
    codes = np.random.default_rng(2).integers(0, 256, (5, 40, 70)).astype(np.uint8)
    t_us = np.arange(5) * 5_000
    for settings in ({}, {"photoreceptor_cutoff_hz": 50.0}, {"shot_noise_rate_hz": 200.0}):
        coded = push(codes, t_us, Encoding(), **settings)
        planes = push(codes.astype(np.float32), t_us, Encoding(), **settings)
        assert len(coded) > 10_000
        assert coded == planes


def test_pixels_do_not_see_each_other():
    # One pixel steps up, one down, in different blocks; the rest is still.
    frames = np.full((2, 1, 3 * BLOCK + 5), 3, np.float32)
    frames[1, 0, 7] = 3.5
    frames[1, 0, 2 * BLOCK + 1] = 2.5
    events = push(frames, [0, 1000])
    assert events.x.tolist() == [7, 2 * BLOCK + 1] * 2
    assert events.p.tolist() == [True, False] * 2
    assert events.t.tolist() == [400, 400, 800, 800]


@pytest.mark.parametrize(
    ("refractory_us", "on_us"), [(0, [200, 400, 600, 800, 1000]), (100, [200, 500, 800])]
)
def test_two_ways_to_move_the_memory(refractory_us, on_us):
    # A ramp of 1 ln in 1 ms, threshold 0.2: by whole thresholds, or to the value when it wakes.
    events = push(column([0, 1]), [0, 1000], refractory_period_us=refractory_us)
    assert events.t.tolist() == on_us


def test_leak_and_light_add_up():
    # Light rises 0.1 in 1 s; leak of 1 Hz at a threshold of 0.2 adds 0.2: 0.2 is reached at 2/3 s.
    events = push(column([3, 3.1]), [0, 1_000_000], leak_rate_hz=1.0)
    assert events.t == pytest.approx([666_667], abs=2)
    assert events.kind.tolist() == [Kind.LEAK]
    # Falling light of -0.5 against the leak of 0.2: OFF at 0.2 / 0.3 s.
    events = push(column([3, 2.5]), [0, 1_000_000], leak_rate_hz=1.0)
    assert events.t == pytest.approx([666_667], abs=2)
    assert events.p.tolist() == [False]
    assert events.kind.tolist() == [Kind.SIGNAL]


def test_photoreceptor_takes_the_mean_light_of_both_ends():
    # Up to white within 1 ms, cutoff 1000 Hz: the drive at the end of the interval is
    # rise (1 - (1 - exp(-x)) / x) with x = dt / tau at the mean of 100 and 255 DN.
    rise = np.log(2.55)
    x = 1e-3 * 2 * np.pi * 1000 * (177.5 + 20) / 275
    end = rise * (1 - (1 - np.exp(-x)) / x)
    frames = np.array([[[100.0]], [[255.0]]], np.float32)
    for theta, count in ((end * 0.9999, 1), (end * 1.0001, 0)):
        events = push(
            frames,
            [0, 1000],
            Encoding("linear"),
            photoreceptor_cutoff_hz=1000.0,
            contrast_threshold_on=theta,
        )
        assert len(events) == count


def test_more_events_than_a_tile_has_room_for_at_first():
    # 3000 pixels times 50 thresholds: 150 000 events of one tile, whose room begins at 65 536.
    frames = np.zeros((2, 30, 100), np.float32)
    frames[1] = 5.0
    events = push(frames, [0, 10_000], contrast_threshold_on=0.1)
    assert len(events) == 150_000
    filtered = push(
        np.repeat(frames, [1, 5], 0),
        np.arange(6) * 100_000,
        contrast_threshold_on=0.1,
        photoreceptor_cutoff_hz=1000.0,
    )
    assert len(filtered) == pytest.approx(150_000, abs=3000)
