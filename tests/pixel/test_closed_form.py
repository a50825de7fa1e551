"""The clock and the memory of the closed form; its events are tested with its parts."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import SensorSize
from eventsim.frames import Encoding
from eventsim.packets.packing import MAX_INTERVAL_US
from eventsim.pixel.closed_form import ClosedFormPixels, spans
from eventsim.pixel.light import make_light
from eventsim.pixel.settings import PixelSettings

SIZE = SensorSize(4, 3)
NOISY = PixelSettings(leak_rate_hz=5, shot_noise_rate_hz=30, hot_pixel_fraction=0.2,
                      hot_pixel_rate_hz=20)  # fmt: skip


def light(frames, value=100):
    return make_light(np.full((frames, 12), value, np.uint8), Encoding())


def test_a_batch_is_cut_where_a_packed_event_could_not_say_its_time():
    t_us = np.array([10, MAX_INTERVAL_US, MAX_INTERVAL_US + 5, 2 * MAX_INTERVAL_US])
    assert list(spans(0, t_us)) == [slice(0, 2), slice(2, 4)]
    assert list(spans(0, t_us[:0])) == []


def test_other_hot_pixels_are_refused():
    of_device = [NOISY.model_copy(update={"device_seed": k}) for k in (1, 2)]
    pixels = ClosedFormPixels(SIZE, of_device[0], 1, 1)
    pixels.push(light(3), np.array([0, 1000, 90_000]))
    with pytest.raises(ConfigError, match="a saved state must have hot_pixel"):
        ClosedFormPixels(SIZE, of_device[1], 1, 1).restore(pixels.save())


def test_nothing_was_seen_yet():
    pixels = ClosedFormPixels(SIZE, NOISY, 1, 1)
    with pytest.raises(RuntimeError, match="no frame"):
        pixels.seen()
    pixels.push(light(1), np.array([7]))
    assert pixels.last_us == 7
    pixels.restore({})
    assert pixels.last_us is None


def test_what_was_seen_is_known_also_where_codes_are_kept():
    """With thresholds alone the log luminance in the state is behind, until it is asked for."""
    pixels = ClosedFormPixels(SIZE, PixelSettings(), 1, 1)
    pixels.push(light(1), np.array([0]))
    pixels.push(light(2, 180), np.array([10, 20]))
    assert np.array_equal(pixels.seen()[0], light(1, 180).planes_of(0)[0])
