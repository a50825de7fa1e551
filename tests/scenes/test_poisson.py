"""Noise without memory: its rate, its waiting times, its places."""

import numpy as np
import pytest

from eventsim.events import Kind
from eventsim.scenes.poisson import poisson_noise


def test_the_rate_the_share_and_the_places():
    noise = poisson_noise(4.0, size=(40, 30), seconds=10.0, on_share=0.25, seed=3)
    mean = 4.0 * 10 * 1200
    assert abs(len(noise) - mean) < 5 * np.sqrt(mean)
    assert noise.p.mean() == pytest.approx(0.25, abs=0.01)
    assert set(noise.kind) == {Kind.SHOT}
    counts = np.bincount(noise.y.astype(int) * 40 + noise.x, minlength=1200)
    assert counts.var() / counts.mean() == pytest.approx(1.0, abs=0.2)  # as of a Poisson law
    assert noise.t[-1] < 10_000_000


def test_waiting_times_are_exponential():
    t = np.sort(poisson_noise(100.0, size=(10, 10), seconds=5.0).t)
    gaps = np.diff(t) / 100  # mean: 100 pixels of 100 Hz
    assert gaps.mean() == pytest.approx(1.0, abs=0.03)
    assert gaps.std() == pytest.approx(1.0, abs=0.03)
    assert (gaps > 1).mean() == pytest.approx(np.exp(-1), abs=0.02)


def test_the_seed_is_all():
    assert poisson_noise(5.0, seed=1) == poisson_noise(5.0, seed=1)
    assert poisson_noise(5.0, seed=1) != poisson_noise(5.0, seed=2)
    assert len(poisson_noise(0.0)) == 0
