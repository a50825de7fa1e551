"""An event as one number: nothing lost, and compares like (t, y, x)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsim import Kind
from eventsim.packets.packing import (
    HOT,
    KIND_MASK,
    KIND_SHIFT,
    LEAK,
    MAX_INTERVAL_US,
    MAX_PIXELS,
    ON_MASK,
    PIXEL_MASK,
    PIXEL_SHIFT,
    SHOT,
    SIGNAL,
    TIME_SHIFT,
    grown,
    microsecond,
    pack,
)

EVENT = st.tuples(
    st.integers(0, MAX_INTERVAL_US),
    st.integers(0, MAX_PIXELS - 1),
    st.sampled_from([np.uint64(kind) for kind in Kind]),
    st.booleans(),
)


def packed(event):
    t, pixel, kind, on = event
    return int(pack(np.int64(t), np.int64(pixel), kind, on))


@given(EVENT)
@settings(deadline=None)
def test_nothing_is_lost(event):
    word = packed(event)
    assert word >> int(TIME_SHIFT) == event[0]
    assert (word >> int(PIXEL_SHIFT)) & int(PIXEL_MASK) == event[1]
    assert (word >> int(KIND_SHIFT)) & int(KIND_MASK) == int(event[2])
    assert bool(word & int(ON_MASK)) == event[3]


@given(a=EVENT, b=EVENT)
@settings(deadline=None)
def test_compares_like_time_then_pixel(a, b):
    if a[:2] != b[:2]:
        assert (packed(a) < packed(b)) == (a[:2] < b[:2])


def test_kinds_are_those_of_events():
    assert [int(k) for k in (SIGNAL, SHOT, LEAK, HOT)] == [
        Kind.SIGNAL, Kind.SHOT, Kind.LEAK, Kind.HOT,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("z", "dt_us", "expected"),
    [
        (0.0, 1000, 1),  # microsecond 0 belongs to the interval before
        (0.0004, 1000, 1),
        (0.0016, 1000, 2),
        (0.4994, 1000, 499),
        (0.4996, 1000, 500),
        (1.0, 1000, 1000),
        (1.0, 1, 1),
        (1.0001, 1000, 1000),
        (1.0, MAX_INTERVAL_US, MAX_INTERVAL_US),
    ],
)
def test_microsecond(z, dt_us, expected):
    assert microsecond(np.float32(z), np.int64(dt_us)) == expected


def test_grown_keeps_what_is_stored():
    out = np.arange(4, dtype=np.uint64)
    bigger = grown(out, 3)
    assert bigger.size == 8
    assert bigger.dtype == np.uint64
    assert bigger[:3].tolist() == [0, 1, 2]
