"""The kernels of the keyed transforms."""

import numpy as np
import pytest

from eventsim.events import Events
from eventsim.transforms.changing import columns_of
from eventsim.transforms.keyed import kernels


def test_all_orders_are_alike():
    """Six orders of three items, 60,000 times: chi squared with 5 degrees of freedom."""
    words = np.random.default_rng(1).integers(0, 2**32, 400_000, dtype=np.uint32)
    counts, used = {}, 0
    for _ in range(60_000):
        items = np.arange(3)
        assert kernels.shuffle(items, np.array([0, 3]), words[used : used + 6])
        used += 6
        counts[tuple(items.tolist())] = counts.get(tuple(items.tolist()), 0) + 1
    assert len(counts) == 6
    assert sum((n - 10_000) ** 2 / 10_000 for n in counts.values()) < 20.5  # 0.1 %


def test_items_stay_in_their_groups():
    words = np.random.default_rng(1).integers(0, 2**32, 200, dtype=np.uint32)
    items = np.arange(100)
    assert kernels.shuffle(items, np.array([0, 40, 41, 100]), words)
    assert sorted(items[:40]) == list(range(40))
    assert items[40] == 40
    assert sorted(items[41:]) == list(range(41, 100))
    assert items.tolist() != list(range(100))


def test_words_that_run_out_are_told():
    assert not kernels.shuffle(np.arange(9), np.array([0, 9]), np.zeros(7, np.uint32) + 2**31)


def test_biased_words_are_thrown_away():
    """Of 3 x w / 2**32, w = 0 is the one value too many: Lemire's low half is 0 < 2**32 mod 3."""
    items = np.arange(3)
    words = np.array([0, 2**32 - 1, 2**32 - 1], np.uint32)  # then: each item stays
    assert kernels.shuffle(items, np.array([0, 3]), words)
    assert items.tolist() == [0, 1, 2]
    assert not kernels.shuffle(items, np.array([0, 3]), words[:2])


@pytest.mark.parametrize("n", [1, 2, 64, 65, 3000])
def test_events_of_a_microsecond_are_in_order_and_equal_ones_keep_theirs(n):
    rng = np.random.default_rng(n)
    events = Events.of([0] * n, rng.integers(0, 9, n), rng.integers(0, 9, n), rng.random(n) < 0.5,
                       rng.integers(0, 4, n), size=(9, 9))  # fmt: skip
    table = rng.permutation(81)
    packed = ((table // 9 << 16) | (table % 9)).astype(np.uint32)
    room = tuple(np.zeros_like(column) for column in columns_of(events)[1:])
    kernels.send(packed, 9, 0, n, tuple(columns_of(events)), room)
    to = table[events.y.astype(int) * 9 + events.x]
    order = np.argsort(to, kind="stable")
    wanted = (to[order] % 9, to[order] // 9, events.p[order], events.kind[order])
    assert all(np.array_equal(a, b) for a, b in zip(room, wanted, strict=True))


def test_addresses_and_bits_by_hand():
    table = np.array([(1 << 16) | 2, 5, 6, 7, 8, 9], np.uint32)  # the first pixel goes to (2, 1)
    events = Events.of([4, 6], [0, 1], [0, 1], [1, 0], [2, 3], size=(3, 2))
    room = tuple(np.zeros_like(column) for column in columns_of(events)[1:])
    kernels.send(table, 3, 0, 2, tuple(columns_of(events)), room)
    assert [column.tolist() for column in room] == [[2, 8], [1, 0], [True, False], [2, 3]]
    out = np.zeros(3, np.bool_)
    kernels.flip(np.array([0b10000000, 0b01], np.uint8), 7, np.array([True, True, True]), out)
    assert out.tolist() == [False, False, True]
