"""Pixels followed in order of time: dead time, blindness, jittered leak."""

import numpy as np
import pytest

from eventsim import Encoding, Kind, SensorSize
from eventsim.packets.compiled import kernel
from eventsim.packets.packing import (
    KIND_MASK,
    KIND_SHIFT,
    ON_MASK,
    PIXEL_MASK,
    PIXEL_SHIFT,
    TIME_SHIFT,
)
from eventsim.pixel import layout as at
from eventsim.pixel.array import PixelArray
from eventsim.pixel.circuit import constants_passed, lag_of, shots_expected
from eventsim.pixel.drive import commit
from eventsim.pixel.light import make_light
from eventsim.pixel.physics import make_physics
from eventsim.pixel.sequential import step_pixel
from eventsim.pixel.settings import PixelSettings
from eventsim.pixel.state import first_state

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


# The other kernels against the pixel of the book.


@kernel
def step_all(state, scratch, n, from_s, physics, sparse, start_us, dt_us, out):
    """All pixels of one block through one interval, each by `step_pixel` alone."""
    bandwidth = physics.bandwidth_per_dn_us * np.float32(dt_us)
    dark = physics.shot_per_us * np.float32(dt_us)
    loss = physics.shot_loss_per_dn_us * np.float32(dt_us)
    used = np.int64(0)
    for i in range(n):
        before, after = state[at.LUMINANCE + i], scratch[at.LUMINANCE + i]
        rise = scratch[at.LOG + i] - state[at.LOG + i]
        x = constants_passed(
            before, after, bandwidth, physics.light_offset_dn, physics.bandwidth_fall_per_dn
        )
        scratch[at.NEW_LAG + i] = lag_of(state[at.LAG + i], rise, x, np.float32(1))
        expected = shots_expected(before, after, dark, loss, physics.shot_fall_per_dn)
        scratch[at.NEW_HAZARD + i] = state[at.HAZARD + i] - expected
        used = step_pixel(
            state, scratch, i, np.int64(0), from_s, physics, sparse, start_us, dt_us, start_us,
            True, out, used,
        )  # fmt: skip
    commit(state, scratch, n, physics)
    return used


def by_the_book(frames, t_us, settings, seed):
    """Events as (pixel, t_us, on, kind), in order of time for each pixel."""
    n = frames[0].size
    light = make_light(frames.reshape(len(frames), -1), Encoding())
    state = first_state(settings, seed, SensorSize(n, 1), *light.planes_of(0))
    physics, out = make_physics(settings, seed), np.empty(1 << 18, np.uint64)
    scratch = np.zeros(at.SCRATCH_ROWS * at.BLOCK, np.float32)
    events = []
    for f in range(1, len(frames)):
        for row, plane in zip((at.LOG, at.LUMINANCE), light.planes_of(f), strict=True):
            scratch[row : row + n] = plane
        start_us, dt_us = np.int64(t_us[f - 1]), np.int64(t_us[f] - t_us[f - 1])
        from_s = np.float32(start_us * 1e-6)
        used = step_all(
            state.blocks[0], scratch, n, from_s, physics, state.sparse, start_us, dt_us, out
        )
        assert used >= 0
        events.append(out[:used].copy())
    words = np.concatenate(events)
    t, pixel = words >> TIME_SHIFT, (words >> PIXEL_SHIFT) & PIXEL_MASK
    kind, on = (words >> KIND_SHIFT) & KIND_MASK, words & ON_MASK
    order = np.lexsort((t, kind, pixel))
    return tuple(column[order].astype(np.int64) for column in (pixel, t, on, kind))


EVERYTHING = {
    "threshold_mismatch": 0.03,
    "photoreceptor_cutoff_hz": 60,
    "leak_rate_hz": 4,
    "leak_jitter": 0.2,
    "noise_rate_spread_decades": 0.2,
    "shot_noise_rate_hz": 40,
    "hot_pixel_fraction": 0.05,
    "hot_pixel_rate_hz": 60,
    "hot_pixel_on_share": 0.3,
    "hot_pixel_burst": 2.5,
}
WITHOUT = {
    "nothing but thresholds": set(EVERYTHING) - {"threshold_mismatch"},
    "no photoreceptor": {"photoreceptor_cutoff_hz"},
    "no noise": {"leak_rate_hz", "shot_noise_rate_hz", "hot_pixel_fraction"},
    "no leak": {"leak_rate_hz"},
    "even leak": {"leak_jitter"},
    "everything": set(),
    "everything, in dim light": set(),
}


@pytest.mark.parametrize("refractory_us", [0, 700, 30_000])
@pytest.mark.parametrize("without", WITHOUT)
def test_every_kernel_makes_the_events_of_the_book(without, refractory_us):
    """Busy, still and quiet stretches; the very same events, and times but for a rounding."""
    rng = np.random.default_rng(5)
    moving = rng.integers(10, 250, (6, 20, 25)).astype(np.uint8)
    drifting = np.cumsum(rng.integers(-6, 7, (8, 20, 25)), axis=0) + 120
    frames = np.concatenate([moving, np.repeat(moving[-1:], 4, axis=0), drifting]).astype(np.uint8)
    t_us = np.cumsum([0, *rng.integers(2_000, 45_000, len(frames) - 1)])
    values = {name: value for name, value in EVERYTHING.items() if name not in WITHOUT[without]}
    how = {"refractory_period_us": min(refractory_us, 16_000), "device_seed": 0}
    if "dim light" in without:
        how |= {"illuminance_lux": 60, "shot_noise_rate_hz": 2}
    settings = PixelSettings(**values | how)
    pixels = PixelArray(SensorSize(25, 20), settings, Encoding(), seed=3, threads=2)
    events = pixels.push(frames, t_us).events
    pixel, t, on, kind = by_the_book(frames, t_us, settings, seed=3)
    found = events.y.astype(np.int64) * 25 + events.x
    order = np.lexsort((events.t, events.kind, found))
    assert len(events) == pixel.size > 2_500
    assert np.array_equal(found[order], pixel)
    assert np.array_equal(events.kind[order], kind)
    assert np.array_equal(events.p[order], on)
    # Here every pixel stores its reference anew in every interval, and moves it one threshold at a
    # time: one more rounding of float32, 2e-7 ln, which a slow drive takes some microseconds for.
    apart_us = np.abs(events.t[order] - t)
    assert np.mean(apart_us > 0) < 0.02
    assert apart_us.max() < 20
