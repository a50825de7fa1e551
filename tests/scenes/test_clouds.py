"""Clouds: their spectrum, their contrast."""

import numpy as np
import pytest

from eventsim.scenes.clouds import clouds


def test_the_amplitude_falls_with_the_frequency():
    for exponent in (0.8, 1.5):
        log = np.log(clouds((256, 256), seed=2, exponent=exponent).astype(np.float64))
        power = np.abs(np.fft.fft2(log - log.mean())) ** 2
        radius = np.hypot(*np.meshgrid(np.fft.fftfreq(256), np.fft.fftfreq(256)))
        bands = [(power[(radius > f) & (radius <= 1.3 * f)]).mean() for f in (0.02, 0.2)]
        slope = np.log10(bands[0] / bands[1]) / 2
        assert slope == pytest.approx(exponent, abs=0.15)


def test_the_contrast_is_as_asked_and_the_seed_is_all():
    picture = clouds((64, 48), seed=1, darkest_dn=20.0, brightest_dn=80.0)
    assert picture.shape == (48, 64)
    assert np.log(picture).std() == pytest.approx(np.log(4) / 4, rel=0.02)
    assert np.array_equal(picture, clouds((64, 48), seed=1, darkest_dn=20.0, brightest_dn=80.0))
    assert not np.array_equal(picture, clouds((64, 48), seed=2))
    assert clouds((1, 1)).tolist() == [[60.0]]
