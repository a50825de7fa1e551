"""The event structural ratio, by hand."""

import numpy as np
import pytest

from eventsim.denoise_bench.structure import mean_structural_ratio, structural_ratio
from eventsim.events import Events
from eventsim.scenes.poisson import poisson_noise


def at(pixels, size=(10, 10)):
    pixels = np.asarray(pixels)
    t = np.arange(len(pixels)) * 10
    return Events.of(t, pixels % size[0], pixels // size[0], np.ones(len(t)), size=size)


def test_two_pixels_of_a_hundred():
    # n = 3 and 1: NTSS = 6 / 12; L = 100 - (98 + 1/27 + 1/3).
    expected = np.sqrt(0.5 * (2 - 1 / 27 - 1 / 3))
    assert structural_ratio(at([5, 5, 7, 5])) == pytest.approx(expected)
    assert structural_ratio(at([1, 2, 3, 4])) == 0


def test_noise_has_less_structure_than_a_line():
    noise = poisson_noise(50.0, size=(60, 50), seconds=0.02, seed=1)
    line = at(np.arange(len(noise)) % 60 + 60 * 20, size=(60, 50))
    assert structural_ratio(line) > 1.3 * structural_ratio(noise)


def test_the_mean_is_over_full_packets_without_hot_pixels():
    calm = poisson_noise(10.0, size=(60, 50), seconds=1.0, seed=2)
    half = len(calm) // 2 - 10
    pair = [structural_ratio(calm[:half]), structural_ratio(calm[half : 2 * half])]
    assert mean_structural_ratio(calm, packet_events=half) == pytest.approx(np.mean(pair))
    assert mean_structural_ratio(calm[:29_000]) is None
    assert mean_structural_ratio(calm[:5]) is None
