"""The plain path gives the events of the circuit path, bit for bit, however it is fed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsim import Encoding, Events, SensorSize
from eventsim.pixel.array import PixelArray
from eventsim.pixel.circuit_path import CircuitPath
from eventsim.pixel.layout import BLOCK
from eventsim.pixel.physics import make_physics
from eventsim.pixel.plain_path import PlainPath
from eventsim.pixel.settings import PixelSettings

SIZE = SensorSize(70, 61)  # two blocks and a bit
ENCODINGS = [
    Encoding("srgb"),
    Encoding("srgb", 16, 235),
    Encoding("linear"),
    Encoding("linear", 0, 4095),
    Encoding("log"),
]


def arrays(options, encoding=None, **more):
    """Pixels on both paths."""
    encoding = encoding or Encoding()
    plain = PixelArray(SIZE, options, encoding, **more)
    circuit = PixelArray(SIZE, options, encoding, **more)
    assert isinstance(plain._model._path, PlainPath)
    threads = plain._model._path._threads
    circuit._model._path = CircuitPath(SIZE, make_physics(options, circuit.seed), threads)
    return plain, circuit


def clip(seed, frames, jump):
    """Frames that change a little, seldom much, and in some pixels not at all."""
    rng = np.random.default_rng(seed)
    shape = SIZE.height, SIZE.width
    made = [rng.integers(0, 256, shape)]
    for _ in range(frames - 1):
        step = rng.integers(-jump, jump + 1, shape) * (rng.random(shape) < 0.4)
        leap = rng.integers(0, 256, shape)
        made.append(np.where(rng.random(shape) < 0.02, leap, made[-1] + step).clip(0, 255))
    return np.array(made).astype(np.uint8)


def pushed(pixels, frames, t_us, cuts):
    pieces = []
    for a, b in zip([0, *cuts], [*cuts, len(frames)], strict=True):
        pieces.append(pixels.push(frames[a:b], t_us[a:b]))
    return Events.concatenate([piece.events for piece in pieces], SIZE), pieces


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    jump=st.sampled_from([1, 3, 20, 255]),
    thresholds=st.sampled_from([(0.2, 0.2), (0.05, 0.3), (0.011, 0.01), (2.0, 1.5)]),
    mismatch=st.sampled_from([0.0, 0.1, 1.0]),
    encoding=st.sampled_from(ENCODINGS),
    interval_us=st.sampled_from([1, 2, 500, 40_000, 249_999, 600_000]),
    cuts=st.lists(st.integers(1, 7), unique=True, max_size=3).map(sorted),
    threads=st.integers(1, 3),
)
def test_events_are_those_of_the_circuit(
    seed, jump, thresholds, mismatch, encoding, interval_us, cuts, threads
):
    if encoding.transfer == "log":  # where 8-bit numbers go up to 255 ln
        thresholds = 5.0, 4.0
    on, off = thresholds
    options = PixelSettings(
        contrast_threshold_on=on,
        contrast_threshold_off=off,
        threshold_mismatch=mismatch * min(*thresholds, 0.3),
    )
    plain, circuit = arrays(options, encoding, seed=seed, threads=threads)
    frames = clip(seed, 8, jump)
    t_us = np.arange(8, dtype=np.int64) * interval_us + 17
    expected, _ = pushed(circuit, frames, t_us, [])
    found, packets = pushed(plain, frames, t_us, cuts)
    assert found == expected
    for packet in packets:
        stops = np.searchsorted(packet.events.t, packet.frame_t_us, "right")
        assert packet.frame_stop.tolist() == stops.tolist()
    for name, array in plain.save().items():
        assert np.array_equal(array, circuit.save()[name]), name


@settings(max_examples=25, deadline=None)
@given(kinds=st.lists(st.sampled_from(["codes", "planes", "save"]), min_size=2, max_size=9))
def test_frames_of_different_types_and_saved_states_may_be_mixed(kinds):
    options = PixelSettings(threshold_mismatch=0.03)
    plain, circuit = arrays(options)
    frames = clip(5, len(kinds), 30)
    for f, kind in enumerate(kinds):
        frame, t_us = frames[f : f + 1], np.array([f * 9000])
        if kind == "planes":
            frame = frame.astype(np.float32)
        if kind == "save":
            saved = plain.save()
            plain = PixelArray(SIZE, options, Encoding())
            plain.restore(saved)
        assert plain.push(frame, t_us).events == circuit.push(frame, t_us).events


def test_many_events_in_one_frame_and_few_in_a_long_one():
    """More than a bucket of events, and fewer than a counter for each microsecond is worth."""
    options = PixelSettings(contrast_threshold_on=0.012, contrast_threshold_off=0.012)
    for threads in (1, 2):
        plain, circuit = arrays(options, threads=threads)
        frames = np.zeros((4, SIZE.height, SIZE.width), np.uint8)
        frames[1] = 250
        frames[2, :3] = 255
        frames[2, 3:] = 250
        t_us = np.array([0, 30_000, 279_999, 280_000])
        expected, _ = pushed(circuit, frames, t_us, [])
        found, _ = pushed(plain, frames, t_us, [1, 2])
        assert len(expected) > 1_500_000
        assert found == expected


@pytest.mark.parametrize("count", [1, BLOCK - 1, BLOCK, BLOCK + 1])
def test_sensors_of_any_number_of_pixels(count):
    size = SensorSize(count, 1)
    for frames in (np.array([0, 255, 0]), np.array([255, 0, 255])):
        clip_of_size = np.repeat(frames[:, None, None], count, axis=2).astype(np.uint8)
        pixels = PixelArray(size, PixelSettings(), Encoding("linear"))
        events = pixels.push(clip_of_size, np.array([0, 1000, 2000])).events
        # From 0 to ln 255 = 5.54 and back, in steps of 0.2: 27 levels each way.
        assert len(events) == 2 * 27 * count
