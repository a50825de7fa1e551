"""Packed events of a batch of frames, sorted and unpacked into columns.

The time is split in two: buckets by its upper bits, of some hundred events each, so
that everything after the first scatter stays in the first-level cache; then a
counting sort on the lower bits. Packed events compare like (t, y, x), so a last pass
that compares neighbors puts ties in raster order.
"""

import numpy as np

from eventsim.pixel.compiled import kernel
from eventsim.pixel.packing import (
    KIND_MASK,
    KIND_SHIFT,
    ON_MASK,
    PIXEL_MASK,
    PIXEL_SHIFT,
    TIME_SHIFT,
)

DIGIT = np.int64(10)
"""Bits of time sorted in one counting pass; 8 kB of counters."""
BUCKET_EVENTS = 128
"""Events aimed at per bucket; chosen by measurement."""
MAX_BUCKETS = 4096
SMALL = np.int64(24)
"""Buckets up to this size are sorted by insertion alone; chosen by measurement."""
ROW_SHIFT = np.uint64(44)
_ONE = np.uint64(1)


@kernel
def insertion_sort(keys, n):
    """Sort keys that are few, or nearly sorted."""
    for a in range(1, n):
        key = keys[a]
        b = a
        while b > 0 and keys[b - 1] > key:
            keys[b] = keys[b - 1]
            b -= 1
        keys[b] = key


@kernel
def counting_sort(keys, other, n, shift, bits, counts):
    """Stable sort by `bits` bits of the key from `shift` on, `DIGIT` at a time."""
    done = np.int64(0)
    a, b = keys, other
    while done < bits:
        width = min(DIGIT, bits - done)
        size = np.int64(1) << width
        mask = np.uint64(size - 1)
        down = shift + np.uint64(done)
        counts[: size + 1] = 0
        for k in range(n):
            counts[((a[k] >> down) & mask) + _ONE] += 1
        total = np.int64(0)
        for k in range(size):
            total += counts[k]
            counts[k] = total
        for k in range(n):
            digit = (a[k] >> down) & mask
            b[counts[digit]] = a[k]
            counts[digit] += 1
        a, b = b, a
        done += width
    return a


def bucket_bits(n: int, span_us: int) -> int:
    """Lower bits of the time that are left to sort inside a bucket.

    Parameters
    ----------
    n : int
        Events of the batch.
    span_us : int
        Length of the batch, microseconds.
    """
    buckets = max(1, min(MAX_BUCKETS, n // BUCKET_EVENTS))
    return max(0, (span_us // buckets).bit_length())


@kernel
def into_buckets(rooms, used, bits, first, last, ends, room):
    """Collect the events of buckets first..last from all rooms.

    `ends` gets the end of each bucket, and `room` holds the events if it is large enough.
    Returns (events bucket by bucket, how many events lie in the buckets before).
    """
    down = TIME_SHIFT + np.uint64(bits)
    low, n = np.uint64(first), np.uint64(last - first)
    ends[:] = 0
    before = np.int64(0)
    for r in range(rooms.shape[0]):
        for k in range(used[r]):
            bucket = (rooms[r, k] >> down) - low  # wraps around below the first
            if bucket < n:
                ends[bucket + _ONE] += 1
            else:
                before += np.int64((rooms[r, k] >> down) < low)
    total = np.int64(0)
    for k in range(ends.size):
        total += ends[k]
        ends[k] = total
    buckets = room if room.size >= total else np.empty(total * 5 // 4, np.uint64)
    for r in range(rooms.shape[0]):
        for k in range(used[r]):
            key = rooms[r, k]
            bucket = (key >> down) - low
            if bucket < n:
                buckets[ends[bucket]] = key
                ends[bucket] += 1
    return buckets, before


@kernel
def unpack(keys, n, to, start_us, row_factor, width, columns):
    """Write packed events to the columns t, x, y, p, kind from index `to` on.

    The row is pixel / width by multiplication with ``row_factor = ceil(2**44 / width)``: exact
    for fewer than 2**29 pixels and rows up to 2**15 pixels wide.
    """
    t, x, y, p, kind = columns
    for k in range(n):
        key = keys[k]
        pixel = (key >> PIXEL_SHIFT) & PIXEL_MASK
        row = (pixel * row_factor) >> ROW_SHIFT
        t[to + k] = start_us + np.int64(key >> TIME_SHIFT)
        x[to + k] = np.uint16(pixel - row * width)
        y[to + k] = np.uint16(row)
        p[to + k] = (key & ON_MASK) != np.uint64(0)
        kind[to + k] = np.uint8((key >> KIND_SHIFT) & KIND_MASK)


@kernel
def sort_events(rooms, used, start_us, bits, first, last, room, width, columns):
    """Sort and unpack the events of a batch whose time lies in some of the buckets.

    Parameters
    ----------
    rooms : (R, N) ndarray of uint64
        Packed events of the batch in any order, times since `start_us`.
    used : (R,) ndarray of int64
        How many there are in each row of `rooms`.
    start_us : int
        Start of the batch.
    bits : int
        Lower bits of the time left inside a bucket, from `bucket_bits`.
    first, last : int
        Buckets to do.
    room : (N,) ndarray of uint64
        For the events while they are sorted; another is taken if it is too small.
    width : int
        Of the sensor, px.
    columns : tuple of ndarray
        t int64, x uint16, y uint16, p bool, kind uint8; room for all events of the batch.

    Returns
    -------
    (N,) ndarray of uint64
        `room`, or a larger one, to be used again.
    """
    ends = np.empty(last - first + 1, np.int64)
    buckets, to = into_buckets(rooms, used, bits, first, last, ends, room)
    most = np.int64(0)
    a = np.int64(0)
    for k in range(last - first):
        most = max(most, ends[k] - a)
        a = ends[k]
    other = np.empty(most, np.uint64)
    counts = np.empty((1 << DIGIT) + 1, np.int64)
    row_factor = np.uint64(((np.int64(1) << 44) + width - 1) // width)
    a = np.int64(0)
    for k in range(last - first):
        b = ends[k]
        keys = buckets[a:b]
        if b - a > SMALL and bits > 0:
            keys = counting_sort(keys, other, b - a, TIME_SHIFT, bits, counts)
        insertion_sort(keys, b - a)
        unpack(keys, b - a, to + a, start_us, row_factor, np.uint64(width), columns)
        a = b
    return buckets
