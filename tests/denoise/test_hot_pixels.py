"""Hot pixels among noise: how many are found, and what is dropped."""

import numpy as np
import pytest

from eventsim.denoise import HotPixelFilter, hot_pixels
from eventsim.events import Events
from eventsim.scenes.poisson import poisson_noise
from eventsim.transforms.changing import merged


def with_hot(rate_hz, count, seconds=2.0):
    """Noise of 1 Hz, and pixels that fire at a rate; returns the events and those pixels."""
    noise = poisson_noise(1.0, seconds=seconds, seed=7)
    rng = np.random.default_rng(8)
    places = rng.choice(60 * 50, count, replace=False)
    n = int(rate_hz * seconds)
    t = np.sort(rng.integers(0, int(seconds * 1e6), count * n))
    pixel = rng.permutation(np.repeat(places, n))
    hot = Events.of(t, pixel % 60, pixel // 60, np.ones(len(t)), np.full(len(t), 3), size=(60, 50))
    truth = np.zeros((50, 60), bool)
    truth.flat[places] = True
    return merged(noise, hot), truth


@pytest.mark.parametrize("rate_hz", [20, 100, 1000])
def test_hot_pixels_are_found(rate_hz):
    events, truth = with_hot(rate_hz, 40)
    found = hot_pixels(events)
    f1 = 2 * (found & truth).sum() / (found.sum() + truth.sum())
    assert f1 >= 0.95
    assert not hot_pixels(Events.empty((60, 50))).any()


def test_a_region_that_is_busy_everywhere_is_not_hot():
    busy = poisson_noise(200.0, size=(30, 30), seconds=0.5, seed=4)
    assert not hot_pixels(busy).any()
    assert len(HotPixelFilter()(busy)) / len(busy) > 0.95


def test_the_filter_drops_events_of_hot_pixels_alone():
    events, _ = with_hot(100, 40)
    kept = HotPixelFilter()(events)
    share = [np.mean(kept.kind == k) * len(kept) / np.sum(events.kind == k) for k in (1, 3)]
    assert share[0] > 0.97  # a few share a pixel with one that is hot
    assert share[1] < 0.08  # the first five or so of each


def test_a_count_fades(stream):
    events = stream(*[(k * 1000, 3, 3, 1) for k in range(6)], (5_000_000, 3, 3, 1))
    how = HotPixelFilter(most=5.0, window_us=1e6)
    scores = how.scores(events, how.memory(events.size))
    assert scores[:2] == pytest.approx([-1.0, -1 - np.exp(-0.001)])
    assert HotPixelFilter()(events).t.tolist() == [0, 1000, 2000, 3000, 4000, 5_000_000]
