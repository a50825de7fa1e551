"""What can be seen of single pixels: of any model, in any order, and after it was saved."""

import numpy as np
import pytest

from eventsim import Encoding, SensorSize
from eventsim.pixel.array import PixelArray
from eventsim.pixel.look import Look
from eventsim.pixel.models import make_settings

SIZE = SensorSize(70, 50)  # more than one block
FRAMES = np.random.default_rng(2).integers(30, 250, (4, 50, 70), dtype=np.uint8)
T_US = np.arange(4) * 9000


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"model": "linear"},
        {"photoreceptor_cutoff_hz": 80, "leak_rate_hz": 2, "threshold_mismatch": 0.02},
    ],
)
def test_pixels_by_their_raster_index(values):
    pixels = PixelArray(SIZE, make_settings(values), Encoding(), seed=3)
    pixels.push(FRAMES, T_US)
    some = np.array([3499, 0, 2048, 71])
    look = pixels.look(some)
    light = np.log(Encoding().luminance(FRAMES[-1])).reshape(-1)
    bright = light[some] > np.log(20)
    assert look.log[bright] == pytest.approx(light[some][bright], abs=1e-5)
    again = PixelArray(SIZE, make_settings(values), Encoding(), seed=3)
    again.restore(pixels.save())
    for name, one, other, turned in zip(
        Look._fields, look, again.look(some), pixels.look(some[::-1]), strict=True
    ):
        assert one.dtype == np.float64, name
        assert np.array_equal(one, other), name
        assert np.array_equal(one[::-1], turned), name
    away = look.photoreceptor - look.reference
    assert np.all((away <= look.on_log + 1e-5) & (away >= -look.off_log - 1e-5))
