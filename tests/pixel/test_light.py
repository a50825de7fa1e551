"""Frames of any dtype mean the same light."""

import numpy as np
import pytest

from eventsim import Encoding, SensorSize
from eventsim.pixel.array import PixelArray
from eventsim.pixel.light import log_of, make_light, table
from eventsim.pixel.settings import PixelSettings

CODES = np.arange(256, dtype=np.uint8).reshape(2, 128)
ENCODINGS = [Encoding(), Encoding("srgb", 16, 235), Encoding("linear"), Encoding("linear", 3, 77)]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("dtype", [np.uint16, np.int32, np.float32, np.float64, ">u2"])
def test_all_dtypes_mean_the_same(encoding, dtype):
    coded, planes = make_light(CODES, encoding), make_light(CODES.astype(dtype), encoding)
    assert coded.codes.shape == (2, 128)
    assert coded.log_planes.size == planes.codes.size == 0
    for f in (0, 1):
        for a, b in zip(coded.planes_of(f), planes.planes_of(f), strict=True):
            assert a.dtype == b.dtype == np.float32
            assert np.array_equal(a, b)


def test_known_values():
    log, luminance = log_of(Encoding("linear"), np.array([0.0, 10.0, 20.0, 255.0]))
    assert luminance.tolist() == [0, 10, 20, 255]
    # Linear below 20 DN: half way to ln 20 at 10.
    assert log == pytest.approx([0, np.log(20) / 2, np.log(20), np.log(255)], rel=1e-6)


def test_log_frames_are_taken_as_they_are():
    values = np.array([[-3.0, 0.0, 5.541]], np.float32)
    log, luminance = make_light(values, Encoding("log")).planes_of(0)
    assert np.array_equal(log, values[0])
    assert luminance == pytest.approx(np.exp([-3.0, 0.0, 5.541]), rel=1e-6)


def test_16_bit_is_not_rounded_to_8_bit():
    values = np.array([[30_000, 30_001]], np.uint16)
    log, _ = make_light(values, Encoding("linear", 0, 65_535)).planes_of(0)
    assert log[1] - log[0] == pytest.approx(1 / 30_000, rel=0.02)


def test_some_frames():
    for frames in (CODES, CODES.astype(np.float32)):
        light = make_light(frames, Encoding())
        rest = light.frames(slice(1, None))
        assert max(len(rest.codes), len(rest.log_planes)) == 1
        assert np.array_equal(rest.planes_of(0)[0], light.planes_of(1)[0])


def test_tables_are_made_once():
    assert table(Encoding(), 256)[0] is table(Encoding(), 256)[0]
    assert table(Encoding("linear"), 256)[1].tolist() == list(range(256))


def test_arrays_come_in_the_order_of_the_attributes():
    light = make_light(CODES, Encoding())
    assert light.arrays[0] is light.codes
    assert light.arrays[1] is light.log_table
    assert light.arrays[2] is light.luminance_table


@pytest.mark.parametrize("dtype", [np.uint16, np.float32, np.float64])
def test_all_dtypes_give_the_same_events(dtype):
    frames = np.random.default_rng(0).integers(0, 256, (6, 20, 30)).astype(np.uint8)
    t_us = np.arange(6) * 10_000
    settings = PixelSettings(photoreceptor_cutoff_hz=100, shot_noise_rate_hz=50, leak_rate_hz=2)

    def run(values):
        p = PixelArray(SensorSize(30, 20), settings, Encoding(), threads=1)
        return p.push(values, t_us).events

    events = run(frames)
    assert len(events) > 3000
    assert run(frames.astype(dtype)) == events


def test_the_compiled_logarithm_is_that_of_numpy():
    rng = np.random.default_rng(1)
    values = np.exp(rng.uniform(-12, 12, 200_000)).astype(np.float32)
    edges = [0.0, -0.0, -3.0, 1e-38, 1e-44, 1.0, np.nextafter(20, 0), 20.0, np.nextafter(20, 99)]
    values[:12] = [*edges, 255.0, 1e30, 3.4e38]
    frames = values.reshape(2, -1)
    light = make_light(frames, Encoding("linear"))
    # log_of: numpy's logarithm in float64, rounded to float32.
    log, luminance = log_of(Encoding("linear"), frames)
    assert np.array_equal(light.log_planes, log)
    assert np.array_equal(light.luminance_planes, luminance)


def test_the_compiled_logarithm_takes_any_layout():
    values = np.linspace(0, 300, 60, dtype=np.float32).reshape(3, 20)
    for frames in (values[:, ::2], values.astype(">f4")):
        light = make_light(frames, Encoding("linear"))
        assert np.array_equal(light.log_planes, log_of(Encoding("linear"), frames)[0])
