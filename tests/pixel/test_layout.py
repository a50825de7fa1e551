"""The rows of the state and the scratch space do not overlap."""

import numpy as np
import pytest

from eventsim import Encoding, SensorSize
from eventsim.pixel import layout as at
from eventsim.pixel.array import PixelArray
from eventsim.pixel.settings import PixelSettings

STATE = ("LOG", "LUMINANCE", "LAG", "REFERENCE", "LEAK", "HAZARD", "DEAD", "ON", "OFF")
SCRATCH = ("LOG", "LUMINANCE", "NEW_LAG", "NEW_HAZARD", "DRIVE")


@pytest.mark.parametrize(("names", "rows"), [(STATE, at.ROWS), (SCRATCH, at.SCRATCH_ROWS)])
def test_rows_fill_their_space_without_overlap(names, rows):
    assert sorted(getattr(at, name) for name in names) == [k * at.BLOCK for k in range(rows)]


def test_a_block_is_whole_words_of_flags():
    assert at.BLOCK % 8 == 0


@pytest.mark.parametrize("pixels", [1, at.BLOCK - 1, at.BLOCK, at.BLOCK + 1])
def test_the_last_pixel_of_a_sensor_works_wherever_it_lies(pixels):
    p = PixelArray(SensorSize(pixels, 1), PixelSettings(), Encoding("log"), threads=1)
    frames = np.full((2, 1, pixels), 4, np.float32)
    frames[1, 0, -1] = 4.25
    events = p.push(frames, np.array([0, 1000])).events
    assert events.x.tolist() == [pixels - 1]
    assert events.t.tolist() == [800]
    assert p.save()["blocks"].shape == (-(-pixels // at.BLOCK), at.ROWS * at.BLOCK)
