"""Sorting packed events, against numpy's lexsort."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsim.events import COLUMNS
from eventsim.packets.packing import KIND_SHIFT, PIXEL_SHIFT, TIME_SHIFT
from eventsim.packets.sorting import DIRECT, MAX_BUCKETS, SMALL, bucket_bits
from eventsim.pixel.kernels import kernels

WIDTH, HEIGHT = 346, 260
START_US = 5_000_000_000


def random_columns(n, span_us, *, clumps=None, width=WIDTH, height=HEIGHT, seed=0):
    """Times since the start, columns, rows, polarities, kinds of events in no order."""
    rng = np.random.default_rng(seed)
    t = rng.integers(1, span_us + 1, n)
    if clumps:
        t = rng.choice(rng.integers(1, span_us + 1, clumps), n)
    x, y = rng.integers(0, width, n), rng.integers(0, height, n)
    return t, x, y, rng.integers(0, 2, n), rng.integers(0, 4, n)


def pack_all(columns, width):
    t, x, y, p, kind = (c.astype(np.uint64) for c in columns)
    place = (y * np.uint64(width) + x) << PIXEL_SHIFT
    return (t << TIME_SHIFT) | place | (kind << KIND_SHIFT) | p


def into_rooms(packed, n_rooms):
    """Events as the tiles leave them: rows filled to different lengths, with rubbish behind."""
    parts = np.array_split(packed, np.sort(np.arange(1, n_rooms) ** 2 * packed.size // n_rooms**2))
    used = np.array([part.size for part in parts], np.int64)
    buffers = np.full((n_rooms, used.max() + 3), 2**64 - 1, np.uint64)
    for buffer, part in zip(buffers, parts, strict=True):
        buffer[: part.size] = part
    return buffers, used


def sort(packed, span_us, *, width=WIDTH, pieces=1):
    """Sorted columns, as the pixel array makes them, with the buckets done in some pieces."""
    columns = tuple(np.empty(packed.size, dtype) for dtype in COLUMNS.values())
    bits = bucket_bits(packed.size, span_us)
    n_buckets = (span_us >> bits) + 1
    cuts = [n_buckets * k // pieces for k in range(pieces + 1)]
    buffers, used = into_rooms(packed, 5)
    buffer = np.empty(0, np.uint64)
    for first, last in pairwise(cuts):
        buffer = kernels().sort_events(
            buffers, used, START_US, bits, first, last, buffer, width, columns
        )
    return columns


def check(columns, span_us, *, width=WIDTH, pieces=1):
    t, x, y, p, kind = columns
    order = np.lexsort((p, kind, x, y, t))
    found = sort(pack_all(columns, width), span_us, width=width, pieces=pieces)
    expected = [t[order] + START_US, x[order], y[order], p[order] > 0, kind[order]]
    for name, a, b in zip(COLUMNS, found, expected, strict=True):
        assert np.array_equal(a, b), name
        assert a.dtype == COLUMNS[name]


@pytest.mark.parametrize("n", [0, 1, 2, int(SMALL), int(SMALL) + 1, 127, 128, 129, 1000, 50_000])
@pytest.mark.parametrize("span_us", [1, 2, 1023, 1024, 40_000, 10_000_000, 2**31 - 1])
def test_against_lexsort(n, span_us):
    check(random_columns(n, span_us), span_us)


@pytest.mark.parametrize("clumps", [1, 2, 40])
@pytest.mark.parametrize("span_us", [40_000, 2**31 - 1])
def test_many_events_in_one_microsecond(clumps, span_us):
    # A flash: most of a sensor fires at once. Insertion alone would take n**2 / 4 moves.
    check(random_columns(8_000, span_us, clumps=clumps), span_us)


@pytest.mark.parametrize("pieces", [2, 3, 8])
def test_pieces_join_without_a_seam(pieces):
    check(random_columns(30_000, 33_333), 33_333, pieces=pieces)


@pytest.mark.parametrize(
    ("width", "height"),
    [(1, 65_536), (3, 1), (7, 9000), (1280, 720), (32_768, 16_383), (65_535, 3)],
)
def test_rows_and_columns_of_every_width(width, height):
    t, x, y, p, kind = random_columns(3_000, 999, width=width, height=height)
    corners = np.array([[0, 0, width - 1, width - 1], [0, height - 1, 0, height - 1]])
    x[:4], y[:4] = corners
    # Where a wrong rounding would show first: the last pixels of the last rows.
    x[4:500], y[4:500] = width - 1, height - 1 - np.arange(496) % height
    check((t, x, y, p, kind), 999, width=width)


@given(st.integers(0, 300), st.integers(1, 2**31 - 1), st.integers(0, 2**20))
@settings(max_examples=100, deadline=None)
def test_any_number_and_span(n, span_us, seed):
    check(random_columns(n, span_us, seed=seed), span_us)


@pytest.mark.parametrize("span_us", [2**30, 2**31 - 1])
def test_few_events_in_the_longest_spans(span_us):
    check(random_columns(20, span_us), span_us)


def test_kind_and_polarity_go_with_their_event():
    columns = [np.array(c) for c in ([9, 3], [5, 6], [7, 8], [1, 0], [3, 2])]
    t, x, y, p, kind = sort(pack_all(columns, WIDTH), 10)
    assert (t - START_US).tolist() == [3, 9]
    assert x.tolist() == [6, 5]
    assert y.tolist() == [8, 7]
    assert p.tolist() == [False, True]
    assert kind.tolist() == [2, 3]


@given(st.integers(0, 10**9), st.integers(0, 2**31 - 1))
def test_buckets_cover_the_span_and_are_not_too_many(n, span_us):
    bits = bucket_bits(n, span_us)
    assert (span_us >> bits) + 1 <= MAX_BUCKETS + 1
    assert bits == 0 or span_us >> (bits - 1) >= 1


@pytest.mark.parametrize("buffers", [1, 5])
@pytest.mark.parametrize("slices", [1, 2, 3])
@pytest.mark.parametrize("dt_us", [1, 2, 700, 40_000, 250_000])
@pytest.mark.parametrize("n", [0, 1, int(SMALL) + 1, 700, 20_000, int(DIRECT) + 1])
def test_a_frame_in_raster_order(n, dt_us, slices, buffers):
    """By counters of microseconds, by digits, in buckets, and in slices of its time."""
    t, x, y, p, kind = random_columns(n, dt_us)
    raster = np.lexsort((x, y))
    t, x, y, p, kind = (column[raster] for column in (t, x, y, p, kind))
    # Two frames; the one before must be left alone.
    filled, used = into_rooms(pack_all((t, x, y, p, kind), WIDTH), buffers)
    before = np.full((buffers, 2), 1 << 40, np.uint64)
    filled = np.concatenate([before, filled], axis=1)
    cuts = np.stack([np.zeros_like(used), np.full_like(used, 2), used + 2], axis=1)
    columns = tuple(np.empty(n + 2 * buffers, dtype) for dtype in COLUMNS.values())
    workspace = (np.empty(3, np.uint64), np.empty(2, np.int32))
    for k in reversed(range(slices)):  # in no order: none may write where another one does
        workspace = kernels().sort_frame(
            filled, cuts, 1, dt_us, (k, slices), START_US, workspace, WIDTH, 2 * buffers, columns
        )
    order = np.argsort(t, kind="stable")
    for found, expected in zip(columns, (t + START_US, x, y, p > 0, kind), strict=True):
        assert np.array_equal(found[2 * buffers :], expected[order])


@pytest.mark.parametrize("few", [10, 60, 200, 2000])
def test_a_flash_and_few_events_before_it(few):
    """Buckets of very different size; none may write more than its own events."""
    t, x, y, p, kind = random_columns(20_000, 5000)
    t[few:] = 4999
    raster = np.lexsort((x, y))
    t, x, y, p, kind = (column[raster] for column in (t, x, y, p, kind))
    buffers, used = into_rooms(pack_all((t, x, y, p, kind), WIDTH), 2)
    cuts = np.stack([np.zeros_like(used), used], axis=1)
    columns = tuple(np.empty(t.size, dtype) for dtype in COLUMNS.values())
    workspace = (np.empty(3, np.uint64), np.empty(2, np.int32))
    for k in reversed(range(2)):
        workspace = kernels().sort_frame(
            buffers, cuts, 0, 5000, (k, 2), START_US, workspace, WIDTH, 0, columns
        )
    order = np.argsort(t, kind="stable")
    assert np.array_equal(columns[0], t[order] + START_US)
    assert np.array_equal(columns[1], x[order])
