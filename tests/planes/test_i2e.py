"""I2E against a slow version written from the equation, pixel by pixel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsim.errors import ConfigError
from eventsim.planes.directions import draw_choices, neighbor_pairs
from eventsim.planes.i2e import i2e, i2e_events, i2e_packed
from eventsim.planes.settings import I2ESettings

MODES = {"replicate": "edge", "reflect": "reflect", "zero": "constant"}


def slow_i2e(images, ratio, pairs, padding="replicate"):
    """The equation, with exact whole numbers for uint8 and float32 for floats."""
    value = images.max(1)
    value = value.astype(np.int64) if images.dtype == np.uint8 else value.astype(np.float32)
    height, width = value.shape[1:]
    out = np.zeros((len(value), 8, 2, height, width), np.uint8)
    for i, plane in enumerate(value):
        span = plane.max() - plane.min()
        threshold = ratio * span if images.dtype == np.uint8 else np.float32(ratio) * span
        if threshold == 0:
            continue
        padded = np.pad(plane, 1, mode=MODES[padding])
        for k, (a, b) in enumerate(pairs[i].tolist()):
            at_a = padded[a // 3 : a // 3 + height, a % 3 : a % 3 + width]
            at_b = padded[b // 3 : b // 3 + height, b % 3 : b % 3 + width]
            out[i, k, 1] = at_b - at_a >= threshold
            out[i, k, 0] = at_a - at_b >= threshold
    return out


def some_images(seed, shape, dtype):
    rng = np.random.default_rng(seed)
    if dtype == "uint8":
        return rng.integers(0, rng.integers(2, 257), shape, dtype=np.uint8)
    return rng.random(shape, np.float32)


@given(
    seed=st.integers(0, 2**31),
    channels=st.sampled_from([1, 3]),
    height=st.integers(2, 19),
    width=st.integers(2, 70),
    dtype=st.sampled_from(["uint8", "float32"]),
    ratio=st.floats(0.01, 1),
    order=st.integers(0, 5),
    directions=st.sampled_from(["default", "random"]),
    padding=st.sampled_from(list(MODES)),
)
@settings(max_examples=150, deadline=None)
def test_bytes_bits_and_events_are_what_the_equation_says(
    seed, channels, height, width, dtype, ratio, order, directions, padding
):
    images = some_images(seed, (3, channels, height, width), dtype)
    chosen = {"directions": directions, "order": order, "padding": padding}
    pairs = neighbor_pairs(draw_choices(directions, seed, np.arange(3)), order)
    expected = slow_i2e(images, ratio, pairs, padding)
    planes = i2e(images, ratio, seed=seed, **chosen)
    assert np.array_equal(planes, expected)
    given_settings = I2ESettings(ratio=ratio, **chosen)
    packed = i2e_packed(images, given_settings, seed=seed)
    assert np.array_equal(packed, np.packbits(expected, axis=-1))
    for events, wanted in zip(i2e_events(images, given_settings, seed=seed), expected, strict=True):
        k, y, x, p = np.nonzero(wanted.transpose(0, 2, 3, 1))  # sorted by (k, y, x)
        assert np.array_equal(events.t, 1000 * k)
        assert np.array_equal(events.x, x)
        assert np.array_equal(events.y, y)
        assert np.array_equal(events.p, p == 1)
        assert events.size == (width, height)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_a_flat_image_makes_no_events(dtype):
    assert not i2e(np.full((2, 1, 9, 9), 7, dtype)).any()
    assert not i2e(np.full((2, 1, 9, 9), 7, dtype), rate=0.3).any()


def test_a_threshold_that_is_a_whole_number_counts_when_it_is_just_reached():
    # Range 225, ratio 0.12: 27 is reached by a step of 27 and missed by one of 26.
    image = np.array([[[[0, 27, 53, 225]]]], np.uint8)
    right = i2e(image, 0.12, order=0)[0, 0, 1, 0]
    assert right.tolist() == [1, 0, 1, 0]


def test_the_range_is_that_of_the_value_plane_and_not_of_a_channel():
    # Red is 0 in the first pixel, but its value is 100: range 100, threshold 10.
    image = np.zeros((1, 3, 1, 3), np.uint8)
    image[0, 1, 0] = (100, 110, 200)
    assert i2e(image, 0.1, order=0)[0, 0, 1, 0].tolist() == [1, 1, 0]


def test_polarity_0_is_off_and_1_is_on():
    image = np.array([[[[0, 0, 9, 9]]]], np.uint8)
    off, on = i2e(image, order=0)[0, 0]
    assert on.tolist() == [[0, 1, 0, 0]]
    assert not off.any()
    assert i2e(image[..., ::-1], order=0)[0, 0, 0].tolist() == [[0, 1, 0, 0]]


@given(
    seed=st.integers(0, 2**31),
    rate=st.floats(0.001, 0.5),
    dtype=st.sampled_from(["uint8", "float32"]),
)
@settings(max_examples=60, deadline=None)
def test_a_wanted_rate_is_not_exceeded_and_one_step_lower_would_be_too_many(seed, rate, dtype):
    image = some_images(seed, (1, 1, 11, 13), dtype)
    planes = i2e(image, rate=rate)
    most = int(rate * planes.size)
    assert planes.sum() <= most
    pairs = neighbor_pairs(np.zeros((1, 8), np.uint8), 4)[0]
    padded = np.pad(image[0, 0].astype(np.float32), 1, mode="edge")
    sizes = np.concatenate([
        np.abs(padded[b // 3 : b // 3 + 11, b % 3 : b % 3 + 13]
               - padded[a // 3 : a // 3 + 11, a % 3 : a % 3 + 13]).ravel()
        for a, b in pairs.tolist()
    ])  # fmt: skip
    left_out = sizes[(sizes > 0)]
    left_out = np.sort(left_out)[::-1][planes.sum() :]
    if left_out.size:  # the next smaller difference, with all its equals
        assert planes.sum() + (left_out == left_out[0]).sum() > most


def test_threads_do_not_change_a_bit():
    images = some_images(1, (40, 3, 64, 65), "uint8")
    one = i2e(images, directions="random", seed=4, threads=1)
    assert np.array_equal(one, i2e(images, directions="random", seed=4, threads=3))
    part = i2e(images[7:9], directions="random", seed=4, samples=[7, 8])
    assert np.array_equal(part, one[7:9])


def test_memory_can_be_used_again():
    images = some_images(1, (2, 1, 8, 8), "uint8")
    out = np.full((2, 8, 2, 8, 8), 7, np.uint8)
    assert i2e(images, out=out) is out
    assert np.array_equal(out, i2e(images))
    with pytest.raises(ConfigError, match="out must be"):
        i2e(images, out=out[:1])


def test_other_numbers_are_compared_as_float32():
    images = some_images(2, (2, 3, 9, 9), "uint8")
    wide = i2e(images.astype(np.uint16) * 257)
    assert np.array_equal(wide, i2e(images.astype(np.float32)))
    assert np.array_equal(wide, i2e(images.astype(np.float64)))
    assert np.array_equal(i2e(images[:, :1]), i2e(images[:, 0]))
    assert i2e(images[:0]).shape == (0, 8, 2, 9, 9)


def test_infinity_in_any_channel_is_found():
    images = np.zeros((5, 3, 8, 8), np.float32)
    images[3, 0, 2, 2] = -np.inf
    with pytest.raises(ConfigError, match="image 3"):
        i2e(images, threads=1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"samples": [1]}, "samples must be 2"),
        ({"samples": [1.0, 2.0]}, "float64"),
        ({"samples": [-1, 2]}, r"\[0, 2\*\*32\)"),
        ({"threads": 0}, "threads"),
        ({"ratio": 2}, "ratio"),
    ],
)
def test_wrong_arguments_are_refused(call, words):
    with pytest.raises(ConfigError, match=words):
        i2e(np.zeros((2, 1, 8, 8), np.uint8), **call)


def test_the_time_of_a_plane_can_be_chosen():
    image = some_images(0, (1, 1, 8, 8), "uint8")
    assert set(i2e_events(image, plane_us=250)[0].t.tolist()) == set(range(0, 2000, 250))
    with pytest.raises(ConfigError, match="plane_us"):
        i2e_events(image, plane_us=0)
