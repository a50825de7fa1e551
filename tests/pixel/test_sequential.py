"""Pixels followed in order of time: dead time, blindness, jittered leak."""

import numpy as np
import pytest

from eventsim import Encoding, Kind, SensorSize
from eventsim.pixel.array import PixelArray
from eventsim.pixel.settings import PixelSettings

LONG_US = 300_000


def push(frames, t_us, *, seed=1, **values):
    frames = np.asarray(frames, np.float32)
    size = SensorSize(frames.shape[2], frames.shape[1])
    p = PixelArray(size, PixelSettings(**values), Encoding("log"), seed=seed, threads=1)
    return p.push(frames, np.asarray(t_us)).events


def column(values):
    return np.asarray(values, np.float32)[:, None, None]


def staircase_with_dead_time(rise, theta, refractory_us, dt_us):
    """Events of a linear ramp: 0.2 after the start, then 0.2 after the value at each awakening."""
    slope = rise / dt_us
    times, t = [], theta / slope
    while t <= dt_us:
        times.append(t)
        t += refractory_us + theta / slope
    return times


@pytest.mark.parametrize("refractory_us", [1, 50, 999, 5000])
@pytest.mark.parametrize("rise", [0.5, 3.0, -2.0])
def test_dead_time_on_a_ramp(refractory_us, rise):
    events = push(column([4, 4 + rise]), [0, 10_000], refractory_period_us=refractory_us)
    exact = staircase_with_dead_time(abs(rise), 0.2, refractory_us, 10_000)
    assert len(events) == len(exact)
    assert set(events.p) == {rise > 0}
    # An event is reported at a whole microsecond, from which the dead time runs.
    assert np.abs(events.t - exact).max() <= len(exact)


def test_light_that_comes_and_goes_in_dead_time_is_not_seen():
    # ON at 0.5 ms of the rise, dead for 10 ms: the flash is over when the pixel wakes at rest.
    flash = column([3, 3.4, 3.0, 3.0, 3.3])
    events = push(flash, [0, 1000, 2000, 20_000, 21_000], refractory_period_us=10_000)
    assert events.t.tolist() == [500, 20_667]


def test_dead_time_longer_than_many_frames():
    # Dead from 500 on for LONG_US, whatever the 200 frames in between do.
    t_us = np.arange(0, 202_000, 1000)
    rng = np.random.default_rng(0)
    logs = np.concatenate([[3, 3.4], rng.uniform(1, 5, t_us.size - 2)])
    events = push(column(logs), t_us, refractory_period_us=LONG_US)
    assert events.t.tolist() == [500]


def test_noise_blinds_but_leaves_the_memory():
    # A slow ramp with strong noise and a long dead time: a signal event may come late, never
    # early, and by no more than a dead time that noise keeps renewing.
    frames = np.linspace(1, 5, 40)[:, None, None] * np.ones((1, 20, 20))
    t_us = np.arange(40) * 25_000
    quiet = push(frames, t_us, refractory_period_us=2000)
    noisy = push(frames, t_us, refractory_period_us=2000, shot_noise_rate_hz=200.0)
    signal = noisy[noisy.kind == Kind.SIGNAL]
    assert set(noisy.kind) == {Kind.SIGNAL, Kind.SHOT}
    assert 0.9 * len(quiet) < len(signal) <= len(quiet)
    first = {}
    for name, events in (("quiet", quiet), ("noisy", signal)):
        pixel = events.y.astype(int) * 20 + events.x
        _, index = np.unique(pixel, return_index=True)
        first[name] = events.t[index]
    late = first["noisy"] - first["quiet"]
    assert late.min() >= 0
    # Blind at that moment with probability 1 - exp(-rate 2 ms): fires when it wakes.
    assert 0 < (late > 0).mean() < 0.5
    assert late.max() <= 2000 + 4000


def test_noise_in_dead_time_is_lost():
    # With a dead time of d a Poisson process of rate r shows r / (1 + r d) events.
    frames = np.full((51, 20, 50), 0.0, np.float32)
    t_us = np.arange(51) * 40_000
    rate_hz = 200 * (1 - 0.75 * (1 + 20) / 275)
    events = push(frames, t_us, refractory_period_us=5000, shot_noise_rate_hz=200.0)
    expected = rate_hz / (1 + rate_hz * 0.005) * 2 * 1000
    assert len(events) == pytest.approx(expected, rel=0.02)


def test_jittered_leak_intervals():
    # Each interval of a still pixel is its own draw: mean 100 ms, standard deviation 10 ms.
    frames = np.full((101, 10, 20), 3, np.float32)
    events = push(frames, np.arange(101) * 40_000, leak_rate_hz=10.0, leak_jitter=0.1)
    order = np.lexsort((events.t, events.x, events.y))
    t, pixel = events.t[order], (events.y.astype(int) * 20 + events.x)[order]
    gaps = np.diff(t)[np.diff(pixel) == 0]
    assert set(events.kind) == {Kind.LEAK}
    assert gaps.size > 7000
    assert gaps.mean() == pytest.approx(100_000, rel=0.005)
    assert gaps.std() == pytest.approx(10_000, rel=0.03)
    # The first event of each pixel comes at a random phase, between 0 and an interval.
    first = t[np.flatnonzero(np.diff(pixel, prepend=-1))]
    assert first.mean() == pytest.approx(50_000, rel=0.15)


def test_leak_in_dead_time_is_lost_too():
    # After each event dead for 50 ms, then a fresh interval of 100 ms.
    frames = np.full((51, 1, 1), 3, np.float32)
    t_us = np.arange(51) * 19_000
    events = push(frames, t_us, leak_rate_hz=10.0, refractory_period_us=50_000)
    assert events.t == pytest.approx(np.arange(6) * 150_000 + 100_000, abs=20)
