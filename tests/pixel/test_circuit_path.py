"""The path of all effects: its events do not depend on how many work on them."""

import numpy as np
import pytest

from eventsim import Encoding, SensorSize
from eventsim.pixel.array import PixelArray
from eventsim.pixel.circuit_path import CircuitPath
from eventsim.pixel.models import make_settings
from eventsim.pixel.settings import PRESETS

SIZE = SensorSize(90, 70)


@pytest.mark.parametrize(("threads", "refractory_us"), [(2, 0), (5, 0), (2, 300)])
def test_threads_do_not_matter_also_where_rooms_must_grow(threads, refractory_us):
    """More events in a batch than the rooms have at first."""
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 256, (40, SIZE.height, SIZE.width)).astype(np.uint8)
    t_us = np.arange(40, dtype=np.int64) * 40_000
    slow = {"photoreceptor_cutoff_hz": 30, "refractory_period_us": refractory_us}
    settings = make_settings({**PRESETS["v2e-noisy"], **slow})
    found = []
    for n in (1, threads):
        pixels = PixelArray(SIZE, settings, Encoding(), threads=n)
        assert isinstance(pixels._model._path, CircuitPath)
        found.append(pixels.push(frames, t_us).events)
    assert len(found[0]) > 1 << 20
    assert found[0] == found[1]
