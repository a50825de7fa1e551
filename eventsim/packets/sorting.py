"""Packed events of a batch of frames, sorted and unpacked into columns.

The time is split in two: buckets by its upper bits, of some thousand events each, so
that everything after the first scatter stays in the first-level cache; then a
counting sort on the lower bits. Packed events compare like (t, y, x), so a last pass
that compares neighbors puts ties in raster order.
"""

import numpy as np

from eventsim.packets.compiled import kernel
from eventsim.packets.packing import (
    KIND_MASK,
    KIND_SHIFT,
    ON_MASK,
    PIXEL_MASK,
    PIXEL_SHIFT,
    TIME_SHIFT,
)

DIGIT = np.int64(12)
"""Bits of time sorted in one counting pass; 16 kB of counters."""
BUCKET_EVENTS = 4096
"""Events aimed at per bucket; chosen by measurement."""
MAX_BUCKETS = 4096
SMALL = np.int64(24)
"""Buckets up to this size are sorted by insertion alone; chosen by measurement."""
SORT_TOGETHER = 20_000
"""Batches of fewer events are sorted by one thread; chosen by eye."""
UNPACKED = 1024
"""Events unpacked at a time: 8 kB of them."""
_MOST_BITS = 30
"""A word has 31 bits of time, and to shift all of them out is not defined."""
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
    return min(_MOST_BITS, (span_us // buckets).bit_length())


@kernel
def into_buckets(buffers, used, bits, first, last, ends, buffer):
    """Collect the events of buckets first..last from all buffers.

    `ends` gets the end of each bucket, and `buffer` holds the events if it is large enough.
    Returns (events bucket by bucket, how many events lie in the buckets before).
    """
    down = TIME_SHIFT + np.uint64(bits)
    low, n = np.uint64(first), np.uint64(last - first)
    ends[:] = 0
    before = np.int64(0)
    for r in range(buffers.shape[0]):
        for k in range(used[r]):
            bucket = (buffers[r, k] >> down) - low  # wraps around below the first
            if bucket < n:
                ends[bucket + _ONE] += 1
            else:
                before += np.int64((buffers[r, k] >> down) < low)
    total = np.int64(0)
    for k in range(ends.size):
        total += ends[k]
        ends[k] = total
    buckets = buffer if buffer.size >= total else np.empty(total * 5 // 4, np.uint64)
    for r in range(buffers.shape[0]):
        for k in range(used[r]):
            key = buffers[r, k]
            bucket = (key >> down) - low
            if bucket < n:
                buckets[ends[bucket]] = key
                ends[bucket] += 1
    return buckets, before


@kernel
def unpack(keys, n, to, start_us, width, columns):
    """Write packed events to the columns t, x, y, p, kind from index `to` on.

    The row is ``(pixel + 1/2) / width`` in float64: exact, because half a pixel is more than the
    rounding for fewer than 2**29 pixels. One column after the other, a piece at a time that stays
    in the first-level cache: with five arrays in a loop the compiler uses no vectors.
    """
    t, x, y, p, kind = columns
    per_row = 1.0 / np.float64(width)
    for first in range(0, n, UNPACKED):
        some = keys[first : min(first + UNPACKED, n)]
        a, b = to + first, to + first + some.size
        unpack_time(some, start_us, t[a:b])
        unpack_place(some, per_row, np.int32(width), x[a:b], y[a:b])
        unpack_bits(some, p[a:b], kind[a:b])


@kernel
def unpack_time(keys, start_us, t):
    """Times of packed events."""
    for k in range(keys.size):
        t[k] = start_us + np.int64(keys[k] >> TIME_SHIFT)


@kernel
def unpack_place(keys, per_row, width, x, y):
    """Columns and rows of packed events."""
    for k in range(keys.size):
        pixel = np.int32((keys[k] >> PIXEL_SHIFT) & PIXEL_MASK)
        row = np.int32((np.float64(pixel) + 0.5) * per_row)
        x[k] = np.uint16(pixel - row * width)
        y[k] = np.uint16(row)


@kernel
def unpack_bits(keys, p, kind):
    """Polarities and kinds of packed events."""
    for k in range(keys.size):
        p[k] = (keys[k] & ON_MASK) != np.uint64(0)
    for k in range(keys.size):
        kind[k] = np.uint8((keys[k] >> KIND_SHIFT) & KIND_MASK)


@kernel
def sort_events(buffers, used, start_us, bits, first, last, buffer, width, columns):
    """Sort and unpack the events of a batch whose time lies in some of the buckets.

    Parameters
    ----------
    buffers : (R, N) ndarray of uint64
        Packed events of the batch in any order, times since `start_us`.
    used : (R,) ndarray of int64
        How many there are in each row of `buffers`.
    start_us : int
        Start of the batch.
    bits : int
        Lower bits of the time left inside a bucket, from `bucket_bits`.
    first, last : int
        Buckets to do.
    buffer : (N,) ndarray of uint64
        For the events while they are sorted; another is taken if it is too small.
    width : int
        Of the sensor, px.
    columns : tuple of ndarray
        t int64, x uint16, y uint16, p bool, kind uint8; room for all events of the batch.

    Returns
    -------
    (N,) ndarray of uint64
        `buffer`, or a larger one, to be used again.
    """
    ends = np.empty(last - first + 1, np.int64)
    buckets, to = into_buckets(buffers, used, bits, first, last, ends, buffer)
    most = np.int64(0)
    a = np.int64(0)
    for k in range(last - first):
        most = max(most, ends[k] - a)
        a = ends[k]
    other = np.empty(most, np.uint64)
    counts = np.empty((1 << DIGIT) + 1, np.int32)
    a = np.int64(0)
    for k in range(last - first):
        b = ends[k]
        keys = buckets[a:b]
        if b - a > SMALL and bits > 0:
            keys = counting_sort(keys, other, b - a, TIME_SHIFT, bits, counts)
        insertion_sort(keys, b - a)
        unpack(keys, b - a, to + a, start_us, width, columns)
        a = b
    return buckets


SPARSE = np.int64(8)
"""Microseconds for each event from which passes over the bits of the time are cheaper than a
counter for each microsecond; chosen by eye."""
BUCKET = np.int64(2048)
"""Events aimed at per bucket of a frame: 16 kB, which stays in the first-level cache; chosen by
measurement."""
DIRECT = np.int64(1 << 15)
"""Frames of no more events are sorted without buckets; chosen by measurement."""


@kernel
def scatter_frame(buffers, cuts, f, down, low, n_buckets, ends, buffer):
    """Collect the events of frame f in buckets low .. low + n_buckets in `buffer`, each in order.

    A bucket is the time shifted down. `ends` gets the end of each. Returns how many events lie in
    the buckets before.
    """
    ends[:] = 0
    span, lowest, before = np.uint64(n_buckets), np.uint64(low), np.int64(0)
    for r in range(buffers.shape[0]):
        keys = buffers[r, cuts[r, f] : cuts[r, f + 1]]
        for k in range(keys.size):
            bucket = (keys[k] >> down) - lowest  # wraps around below
            if bucket < span:
                ends[bucket + _ONE] += 1
            else:
                before += np.int64((keys[k] >> down) < lowest)
    total = np.int64(0)
    for k in range(ends.size):
        total += ends[k]
        ends[k] = total
    for r in range(buffers.shape[0]):
        keys = buffers[r, cuts[r, f] : cuts[r, f + 1]]
        for k in range(keys.size):
            bucket = (keys[k] >> down) - lowest
            if bucket < span:
                buffer[ends[bucket]] = keys[k]
                ends[bucket] += 1
    return before


@kernel
def sort_bucket(keys, other, bits, counts):
    """Sort the events of a bucket by the lower bits of their time, stably; returns them.

    They are in raster order, and packed events compare like (t, y, x): so any sort will do.
    """
    if bits == 0:
        return keys
    if keys.size <= SMALL:
        insertion_sort(keys, keys.size)
        return keys
    span = np.int64(1) << bits
    if keys.size * SPARSE < span:
        return counting_sort(keys, other, keys.size, TIME_SHIFT, bits, counts)[: keys.size]
    mask = np.uint64(span - 1)
    counts[: span + 1] = 0
    for k in range(keys.size):
        counts[((keys[k] >> TIME_SHIFT) & mask) + _ONE] += 1
    total = np.int64(0)
    for k in range(span):
        total += counts[k]
        counts[k] = total
    for k in range(keys.size):
        t = (keys[k] >> TIME_SHIFT) & mask
        other[counts[t]] = keys[k]
        counts[t] += 1
    return other[: keys.size]


@kernel
def together(buffers, cuts, f, buffer):
    """The events of frame f in one piece, copied into `buffer` if they lie in several."""
    if buffers.shape[0] == 1:
        return buffers[0, cuts[0, f] : cuts[0, f + 1]]
    n = np.int64(0)
    for r in range(buffers.shape[0]):
        keys = buffers[r, cuts[r, f] : cuts[r, f + 1]]
        buffer[n : n + keys.size] = keys
        n += keys.size
    return buffer[:n]


@kernel
def sort_frame(buffers, cuts, f, dt_us, slices, start_us, workspace, width, to, columns):
    """Sort and unpack the events of one frame interval, or of a slice of its time.

    Parameters
    ----------
    buffers : (R, N) ndarray of uint64
        Packed events, times since the start of the interval, 1..dt. Those of a frame are in
        raster order from row to row of `buffers`, and in each.
    cuts : (R, F + 1) ndarray of int64
        Where the events of each frame begin and end in `buffers`.
    f : int
    dt_us : int
    slices : (k, of)
        Slice k of as many.
    start_us : int
        Of the interval.
    workspace : (buffer (M,) uint64, counts (C,) int32)
        For the events while they are sorted, and counters; others are taken if they are too small.
    width : int
        Of the sensor, px.
    to : int
        Events of the frames before.
    columns : tuple of ndarray
        As in `sort_events`.

    Returns
    -------
    workspace
        The same, or larger ones.
    """
    buffer, counts = workspace
    n = np.int64(0)
    for r in range(buffers.shape[0]):
        n += cuts[r, f + 1] - cuts[r, f]
    if n == 0:
        return buffer, counts
    k, of = slices
    direct = n <= DIRECT and of == 1
    bits = np.int64(0)
    while dt_us >> bits > 0 and (direct or (n << bits) < dt_us * BUCKET):
        bits += 1
    if buffer.size < 2 * n:
        buffer = np.empty(3 * n, np.uint64)
    if counts.size < (1 << max(bits, DIGIT)) + 1:
        counts = np.empty((1 << max(bits, DIGIT)) + 1, np.int32)
    if direct:
        keys = sort_bucket(together(buffers, cuts, f, buffer[n : 2 * n]), buffer[:n], bits, counts)
        unpack(keys, n, to, start_us, width, columns)
        return buffer, counts
    n_buckets = (dt_us >> bits) + 1
    low, high = n_buckets * k // of, n_buckets * (k + 1) // of
    down = TIME_SHIFT + np.uint64(bits)
    ends = np.empty(high - low + 1, np.int64)
    before = scatter_frame(buffers, cuts, f, down, low, high - low, ends, buffer)
    a = np.int64(0)
    for b in range(high - low):
        keys = sort_bucket(buffer[a : ends[b]], buffer[n : 2 * n], bits, counts)
        unpack(keys, keys.size, to + before + a, start_us, width, columns)
        a = ends[b]
    return buffer, counts
