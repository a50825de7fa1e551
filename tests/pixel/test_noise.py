"""Noise at the rates that were asked for, spread as it should be."""

import numpy as np
import pytest
from scipy.stats import kstest

from eventsim import Encoding, Kind, SensorSize
from eventsim.pixel.array import PixelArray
from eventsim.pixel.circuit import shot_noise_rate_hz
from eventsim.pixel.models import make_settings
from eventsim.pixel.settings import PRESETS

SIZE = SensorSize(160, 125)
PIXELS = 20_000
FRAME_US = 40_000
LEVELS = [0, 40, 100, 180, 255]
SLOW = {**PRESETS["v2e-noisy"], "photoreceptor_cutoff_hz": 30}  # as v2e's own preset


def still(level, pixel=SLOW, seconds=20, **values):
    settings = make_settings({**pixel, "device_seed": 3, **values})
    p = PixelArray(SIZE, settings, Encoding("linear"), seed=3)
    t = np.arange(0, seconds * 1_000_000 + 1, FRAME_US)
    frame = np.full((1, SIZE.height, SIZE.width), level, np.uint8)
    packets = [p.push(np.repeat(frame, len(c), 0), c) for c in np.array_split(t, t.size // 25)]
    return [np.concatenate([getattr(k.events, c) for k in packets]) for c in ("t", "p", "kind")]


@pytest.mark.parametrize("level", LEVELS)
def test_rates_polarity_and_spread_in_time(level):
    seconds = 20
    t, p, kind = still(level, seconds=seconds)
    shot = kind == Kind.SHOT
    leak = kind == Kind.LEAK
    assert shot.sum() + leak.sum() == kind.size

    expected = shot_noise_rate_hz(level, 5.0) * PIXELS * seconds
    assert abs(shot.sum() - expected) < 3 * np.sqrt(expected)
    on = p[shot].mean()
    assert abs(on - 0.5) < 3 * 0.5 / np.sqrt(shot.sum())

    # Each pixel is a jittered clock of random phase: variance of its count below 1/4 + 0.02.
    expected = 0.1 * PIXELS * seconds
    assert abs(leak.sum() - expected) < 3 * np.sqrt(PIXELS * 0.27)
    assert p[leak].all()

    for chosen in (shot, leak):
        some = t[chosen][:: max(1, chosen.sum() // 20_000)]
        assert kstest(((some - 1) % FRAME_US + 0.5) / FRAME_US, "uniform").pvalue > 1e-3


def test_shot_events_are_poisson():
    t, _, _ = still(20, seconds=20, leak_rate_hz=0, noise_rate_spread_decades=0)
    counts = np.histogram(t, bins=np.arange(0, 20_000_001, 10_000))[0]
    assert abs(counts.var() / counts.mean() - 1) < 0.15


def test_clean_has_no_noise():
    _, _, kind = still(100, PRESETS["v2e-clean"], seconds=2)
    assert kind.size == 0


def test_hot_pixels():
    _, p, kind = still(
        100, PRESETS["v2e-clean"], seconds=20, hot_pixel_fraction=0.01, hot_pixel_rate_hz=50
    )
    assert set(kind) == {Kind.HOT}
    assert p.all()
    hot = 0.01 * PIXELS
    expected = hot * 50 * 20
    assert abs(kind.size - expected) < 3 * expected / np.sqrt(hot) + 3 * np.sqrt(expected)


def test_leak_and_shot_do_not_disturb_each_other():
    """Shot noise at 50 times the leak rate leaves the leak as it was."""
    _, _, alone = still(0, seconds=20, shot_noise_rate_hz=0)
    _, _, both = still(0, seconds=20, shot_noise_rate_hz=5)
    assert (both == Kind.LEAK).sum() == (alone == Kind.LEAK).sum()


def test_noise_does_not_depend_on_the_frame_rate():
    """A still scene in frames of 40 ms, and the same scene in frames of 400 ms."""
    settings = make_settings(SLOW)
    size = SensorSize(50, 40)
    frame = np.full((1, 40, 50), 80, np.uint8)
    results = []
    for step in (40_000, 400_000):
        p = PixelArray(size, settings, Encoding("linear"), seed=3, threads=1)
        t = np.arange(0, 8_000_001, step)
        results.append(p.push(np.repeat(frame, t.size, 0), t).events)
    a, b = results
    assert len(a) == len(b)
    a, b = (e[np.lexsort((e.t, e.kind, e.x, e.y))] for e in (a, b))
    assert np.array_equal(a.kind, b.kind)
    assert np.array_equal(a.p, b.p)
    shift = np.abs(a.t - b.t)
    assert shift[a.kind != Kind.LEAK].max() <= 5
    # A leak of 0.02 ln/s crosses the spacing of float32 numbers near ln 80 in 24 us.
    assert shift.max() <= 50


def test_without_leak_no_event_is_called_leak():
    """Also those that a pixel makes up for at the end of its blindness, when the light falls."""
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 256, (30, 40, 40)).astype(np.uint8)
    settings = make_settings({"shot_noise_rate_hz": 50, "refractory_period_us": 5000})
    p = PixelArray(SensorSize(40, 40), settings, Encoding("linear"), threads=1)
    kind = p.push(frames, np.arange(30) * 33_333).events.kind
    assert set(kind) == {Kind.SIGNAL, Kind.SHOT}
