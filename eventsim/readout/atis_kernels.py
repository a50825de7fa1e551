"""How an ATIS reads events out, event by event: compiled."""

import math

import numpy as np

from eventsim.readout.queue_kernels import kernel, mix, pop, push, uniform

LOOK_AHEAD_US = 400.0
"""An event is not pulled forward by more; in N-MNIST none is by half as much."""
COUPLING = ((0.0027, 0.0136), (0.0032, 0.0270))
"""Of a read (OFF, ON) onto the comparators (OFF, ON) of its row: advance over interval."""
SLOW_US, FAST_US = 73.8, 18.0
"""Times in which the advance goes and comes."""
AT_ONCE = (0.022, 0.009)
"""Share of the advance that is there at once, OFF and ON."""
INTERVALS_US = (2500.0, 8000.0)
"""Least and most interval of a pixel that counts."""
GLITCH = (0.037, 0.028)
"""Probability that an event (OFF, ON) that is just due is read with an ON event."""
LARGEST_GLITCH = 0.037
GLITCH_US = 68.7
GAP_US = (0.72, 0.50)
"""Least time on the bus after a read (OFF, ON)."""
GAP_SPREAD = 0.4
RATE_US = 5000.0
"""Over which the rate of the array is averaged."""
SOON_US = 2.0
OFF_ON, ON_OFF, ON_ON, ON_ON_RATE, LATE, LATE_RATE = 1.9e-5, 4.3e-5, 6e-4, 5e-6, 6e-4, 3.6e-5
LATE_EARLY, EARLY_FROM_US, EARLY_MEAN_US, LATE_MEDIAN_US, LATE_SIGMA = 0.22, 2.0, 6.0, 85.0, 0.85

_AGAIN = np.uint64(1 << 63)
DRAWS = 8
"""Draws that belong to one event: two of the bus, four of second reads."""


@kernel()
def tidy(times, places, n, at, fired, draw):
    """Drop from the heap what has been read or moved; returns its new length."""
    kept = 0
    for k in range(n):
        t, i = times[k], places[k]
        if not fired[i] and at[i] == t:
            kept = push(times, places, kept, t, i, draw)
    return kept


@kernel()
def pulled_to(t, due, until, interval, slow, fast):
    """When an event falls whose threshold is advanced, at `until` the latest.

    The first u with ``interval (slow exp(-u / SLOW_US) - fast exp(-u / FAST_US)) >= due - t - u``,
    to a microsecond, and between two by a straight line.
    """
    most = interval * slow
    u = max(0.0, math.floor(due - t - most))
    a = most * math.exp(-u / SLOW_US)
    b = interval * fast * math.exp(-u / FAST_US)
    before = 0.0
    decay_a, decay_b = math.exp(-1.0 / SLOW_US), math.exp(-1.0 / FAST_US)
    first = True
    while t + u < until + 1.0:
        lacks = due - t - u - (a - b)
        if lacks <= 0.0:
            if first:
                return min(t + u, until)
            return min(t + u - 1.0 + before / (before - lacks), until)
        before, first = lacks, False
        u += 1.0
        a *= decay_a
        b *= decay_b
    return until


@kernel()
def normal(key, n):
    """Standard normal draw from two uniform ones, `n` and the next (Box and Muller)."""
    a, b = uniform(key, n), uniform(key, n + np.uint64(1))
    return math.sqrt(-2.0 * math.log(a)) * math.cos(2.0 * math.pi * b)


@kernel()
def take_bus(t, p, key, first_draw, clock):
    """When a read that falls at t comes out; `clock` goes on."""
    t = max(t, clock[1])
    clock[1] = t + GAP_US[p] * max(0.0, 1.0 + GAP_SPREAD * normal(key, first_draw))
    clock[2] = clock[2] * math.exp((clock[0] - t) / RATE_US) + 1.0 / RATE_US
    clock[0] = t
    return t


@kernel()
def pull_row(t, p, row, pending, rows, heap, in_heap):
    """Advance the thresholds of a row after a read; returns the length of the heap."""
    due, at, _, on, _, interval, draw, _, fired, following = pending
    row_last, slow, fast, row_first = rows
    since = t - row_last[row]
    row_last[row] = t
    for k in range(2):
        slow[row, k] = slow[row, k] * math.exp(-since / SLOW_US) + COUPLING[p][k]
        at_later = COUPLING[p][k] * (1.0 - AT_ONCE[k])
        fast[row, k] = fast[row, k] * math.exp(-since / FAST_US) + at_later
    while row_first[row] >= 0 and fired[row_first[row]]:
        row_first[row] = following[row_first[row]]
    j = row_first[row]
    while j >= 0 and due[j] - t <= LOOK_AHEAD_US:
        if not fired[j] and due[j] > t:
            k = np.int64(on[j])
            earlier = pulled_to(t, due[j], at[j], interval[j], slow[row, k], fast[row, k])
            if earlier < at[j]:
                at[j] = earlier
                in_heap = push(heap[0], heap[1], in_heap, earlier, j, draw)
        j = following[j]
    return in_heap


@kernel()
def glitch(t, key, first_draw, ahead, order, pending, heap, in_heap):
    """Read what is soon due with an ON event, from `ahead` in `order` on; returns the heap's size.

    Most of what is due is not even looked at: how many are passed over until the next candidate is
    geometric, by the largest probability there is, and a candidate is then taken with its own.
    """
    due, at, _, on, _, _, draw, _, fired, _ = pending
    per_event = math.log1p(-LARGEST_GLITCH)
    n = mix(key ^ first_draw)  # far from the draws of all other events
    passed_over = np.int64(math.log(uniform(key, n)) / per_event)
    for c in range(ahead, order.size):
        j = order[c]
        u = due[j] - t
        if u > LOOK_AHEAD_US:
            break
        if fired[j]:
            continue
        if passed_over > 0:
            passed_over -= 1
            continue
        share = GLITCH[np.int64(on[j])] / LARGEST_GLITCH * math.exp(-u / GLITCH_US)
        if uniform(key, n + np.uint64(1)) < share and at[j] > t:
            at[j] = t
            in_heap = push(heap[0], heap[1], in_heap, t, j, draw)
        n += np.uint64(2)
        passed_over = np.int64(math.log(uniform(key, n)) / per_event)
    return in_heap


@kernel()
def second_read(on, rate_ms, key, first_draw):
    """Whether an event is read twice: delay of the second read, negative if not; its polarity."""
    u = uniform(key, first_draw + np.uint64(2))
    v = uniform(key, first_draw + np.uint64(3))
    flipped = (ON_OFF if on else OFF_ON) * rate_ms
    same = ON_ON + ON_ON_RATE * rate_ms if on else 0.0
    late = LATE + LATE_RATE * rate_ms if on else 0.0
    if u < flipped:
        return SOON_US * v, not on
    if u < flipped + same:
        return SOON_US * v, on
    if u >= flipped + same + late:
        return -1.0, on
    if v < LATE_EARLY:
        return EARLY_FROM_US - EARLY_MEAN_US * math.log(v / LATE_EARLY), on
    return LATE_MEDIAN_US * math.exp(LATE_SIGMA * normal(key, first_draw + np.uint64(4))), on


@kernel()
def read_until(horizon, key, width, pending, n, order, rows, clock, heap, out):
    """Read events up to a time, in the order in which the sensor reads them.

    Parameters
    ----------
    horizon : float
        Microseconds; all events that are due up to `LOOK_AHEAD_US` later are pending.
    key : uint64
        Of the draws.
    width : int
    pending : (due, at, pixel, on, kind, interval, draw, again, fired, following)
        Due time; when it will fall as far as is known; number of its first draw; whether it is a
        second read; whether it has been read; the next one of its row. With room for twice `n`.
    n : int
        Pending events.
    order : (m,) ndarray of int64
        Those that are no second reads, by their due times.
    rows : (last_us, slow, fast, first)
        Of each row: when it was last read; the sums of the advance, by polarity; its first event.
    clock : (last_us, free_us, rate)
        Time of the last read; since when the bus is free; events per microsecond.
    heap : (times, places)
        Twice as long as twice the room for events.
    out : (t, index)
        Filled.

    Returns
    -------
    n, read : int
        Pending events with those that were added, and events that were read.
    """
    due, at, pixel, on, kind, interval, draw, again, fired, following = pending
    heap_t, heap_i = heap
    in_heap, q, ahead, read = 0, 0, 0, 0
    for i in range(n):
        if at[i] < due[i] or again[i]:
            in_heap = push(heap_t, heap_i, in_heap, at[i], i, draw)
    while True:
        while in_heap > 0 and (fired[heap_i[0]] or at[heap_i[0]] != heap_t[0]):
            in_heap = pop(heap_t, heap_i, in_heap, draw)
        while q < order.size and (fired[order[q]] or at[order[q]] < due[order[q]]):
            q += 1
        if 2 * in_heap > heap_t.size:
            in_heap = tidy(heap_t, heap_i, in_heap, at, fired, draw)
        i = np.int64(-1)
        if in_heap > 0:
            i = heap_i[0]
        if q < order.size and (i < 0 or due[order[q]] < heap_t[0]):
            i = order[q]
        if i < 0 or at[i] > horizon:
            break
        fired[i] = True
        p = np.int64(on[i])
        t = take_bus(at[i], p, key, draw[i], clock)
        out[0][read], out[1][read] = t, i
        read += 1
        in_heap = pull_row(t, p, pixel[i] // width, pending, rows, heap, in_heap)
        while ahead < order.size and due[order[ahead]] <= t:
            ahead += 1
        if on[i]:
            in_heap = glitch(t, key, draw[i], ahead, order, pending, heap, in_heap)
        if again[i]:
            continue
        delay, polarity = second_read(on[i], clock[2] * 1e3, key, draw[i])
        if delay >= 0.0:
            due[n], at[n], pixel[n] = t + delay, t + delay, pixel[i]
            on[n], kind[n], interval[n] = polarity, kind[i], interval[i]
            draw[n], again[n], fired[n], following[n] = draw[i] | _AGAIN, True, False, -1
            in_heap = push(heap_t, heap_i, in_heap, t + delay, n, draw)
            n += 1
    return n, read


@kernel()
def intervals(t_us, pixel, last_us, out):
    """Microseconds since the event before of each pixel, within `INTERVALS_US`; keeps the last."""
    for i in range(t_us.size):
        since = np.float64(t_us[i] - last_us[pixel[i]])
        out[i] = min(max(since, INTERVALS_US[0]), INTERVALS_US[1])
        last_us[pixel[i]] = t_us[i]
