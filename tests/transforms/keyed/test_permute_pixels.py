"""Pixels that change places, and back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsim.events import Events, SensorSize
from eventsim.transforms.keyed import EventKey, PermutePixels

SECRET = bytes(range(32))
ID = "0123456789abcdef" * 2


@pytest.mark.parametrize("method", [PermutePixels(), PermutePixels(rekey_us=None),
                                    PermutePixels(block_px=8), PermutePixels(5, 777)])  # fmt: skip
def test_the_very_same_events_come_back(moving, key, method):
    hidden = method(moving, key)
    assert hidden != moving
    assert hidden.t.tolist() == moving.t.tolist()
    assert method.recover(hidden, key) == moving


def test_in_pieces_as_in_one(moving, key):
    """Re-keyed by time, so it does not matter where a recording is cut."""
    method = PermutePixels(rekey_us=10_000)
    cut = int(np.searchsorted(moving.t, 4_321))
    pieces = [method(moving[:cut], key, 0), method(moving[cut:], key, cut)]
    assert type(moving).concatenate(pieces, moving.size) == method(moving, key)


def test_one_bit_of_the_key_and_nearly_all_addresses_are_wrong():
    rng, n = np.random.default_rng(1), 50_000
    x, y = rng.integers(0, 64, n), rng.integers(0, 48, n)
    moving = Events.of(np.arange(n) * 7, x, y, np.ones(n), size=(64, 48))  # one a microsecond
    method = PermutePixels()
    key = EventKey.of(SECRET, ID)
    for bit in (0, 100, 255):
        secret = bytearray(SECRET)
        secret[bit // 8] ^= 1 << bit % 8
        wrong = method.recover(method(moving, key), EventKey.of(bytes(secret), ID))
        assert ((wrong.x == moving.x) & (wrong.y == moving.y)).mean() < 0.01


@given(st.integers(1, 40), st.integers(1, 40), st.one_of(st.none(), st.integers(2, 50)))
@settings(max_examples=40, deadline=None)
def test_a_table_is_a_permutation_within_blocks(width, height, block_px):
    method = PermutePixels(block_px=block_px)
    key = EventKey.of(SECRET, ID)
    table = method.tables(key, SensorSize(width, height))(3)
    assert sorted(table.tolist()) == list(range(width * height))
    if block_px is not None:
        pixels = np.arange(width * height)
        for of in (lambda p: p // width // block_px, lambda p: p % width // block_px):
            assert np.array_equal(of(table), of(pixels))
    if width * height > 200 and (block_px or 50) > 8:
        assert (table != method.tables(key, SensorSize(width, height))(4)).mean() > 0.9
