"""Pixels whose memory moves by whole thresholds: all crossings at once.

Without a refractory period the levels that a monotone drive passes are known
beforehand, memory plus 1, 2, 3 ... thresholds, so that their roots are independent:
they are queued over all frames of a batch and solved side by side in vector
instructions.
"""

import numpy as np

from eventsim.pixel import layout as at
from eventsim.pixel.circuit import LOG_TOLERANCE, lag_at
from eventsim.pixel.compiled import kernel
from eventsim.pixel.packing import ON_MASK, PIXEL_MASK, PIXEL_SHIFT, SIGNAL, microsecond, pack
from eventsim.pixel.screen import CROSSED
from eventsim.pixel.solver import CLOSE_ENOUGH, MAX_STEPS, first_guess, newton_step

f32 = np.float32
_ZERO, _ONE = f32(0.0), f32(1.0)
_MICRO = f32(1e-6)
_OFFSET2 = f32(40.0)  # twice circuit.DARK_OFFSET_DN

QUEUE = 2048
"""Roots collected before they are solved; chosen by measurement (80 kB)."""
Q_START, Q_RISE, Q_LEAK, Q_LAG, Q_X, Q_Z, Q_LOW, Q_HIGH, Q_STEP = (k * QUEUE for k in range(9))
QUEUE_ROWS = 9
_FRAME_SHIFT = np.uint64(32)


@kernel
def turns_first(base, lag0, lag1, leak_s, from_s, to_s, on, off):  # type: ignore[no-untyped-def]
    """Whether the drive may cross one threshold, turn, and cross another (see screen.compare)."""
    if (lag0 < _ZERO) == (lag1 < _ZERO):
        return False
    high = base + leak_s * to_s >= on - LOG_TOLERANCE
    low = base + leak_s * from_s <= LOG_TOLERANCE - off
    return high or low


@kernel
def split(state, scratch, flags, chosen, count, from_s, to_s, simple, ordered):  # type: ignore[no-untyped-def]
    """Divide the pixels that crossed a threshold: all levels at once, or one after the other.

    In order go those where the leak did more than the light (each leak interval draws its own
    leak) and those that may have turned. Returns the numbers of both and the sum of levels.
    """
    n_simple = n_ordered = total = 0
    for c in range(count):
        i = chosen[c]
        if flags[i] & CROSSED:
            end = scratch[at.DRIVE + i]
            on, off = state[at.ON + i], state[at.OFF + i]
            leak_s, lag0 = state[at.LEAK + i], state[at.LAG + i]
            base = state[at.LOG + i] - state[at.MEMORY + i]
            leak = leak_s * (to_s - from_s)
            leaked = end > _ZERO and leak > end - (base + leak_s * from_s + lag0) - leak
            if leaked or turns_first(
                base, lag0, scratch[at.NEW_LAG + i], leak_s, from_s, to_s, on, off
            ):
                ordered[n_ordered] = i
                n_ordered += 1
            else:
                simple[n_simple] = i
                n_simple += 1
                passed = (end + LOG_TOLERANCE) / on if end > _ZERO else (LOG_TOLERANCE - end) / off
                total += np.int64(passed)
    return n_simple, n_ordered, total


@kernel
def straight_levels(state, scratch, simple, n, first_pixel, from_s, dt_us, base_us, out, used):  # type: ignore[no-untyped-def]
    """Store the crossings of pixels without photoreceptor, whose drive is a straight line."""
    dt_s = f32(dt_us) * _MICRO
    for c in range(n):
        i = simple[c]
        end = scratch[at.DRIVE + i]
        leak_s = state[at.LEAK + i]
        start = state[at.LOG + i] - state[at.MEMORY + i] + leak_s * from_s
        per_ln = _ONE / (scratch[at.LOG + i] - state[at.LOG + i] + leak_s * dt_s)
        rising = end > _ZERO
        threshold = state[at.ON + i] if rising else state[at.OFF + i]
        passed = np.int64((abs(end) + LOG_TOLERANCE) / threshold)
        step = threshold if rising else -threshold
        for k in range(passed):
            z = min(max((f32(k + 1) * step - start) * per_ln, _ZERO), _ONE)
            t = base_us + microsecond(z, dt_us)
            out[used] = pack(t, first_pixel + i, SIGNAL, rising)
            used += 1
        state[at.MEMORY + i] += f32(passed) * step
    return used


@kernel
def queue_levels(state, scratch, simple, n, at_c, at_k, first_pixel, f, from_s, dt_us, bandwidth, queue, words, queued):  # type: ignore[no-untyped-def]
    """Queue the crossings of pixels with a photoreceptor, as roots of rising drives.

    Begins with level `at_k` of pixel `at_c` of the list and stops when the queue is full;
    returns where it stopped and the length of the queue.
    """
    dt_s = f32(dt_us) * _MICRO
    for c in range(at_c, n):
        i = simple[c]
        end = scratch[at.DRIVE + i]
        rising = end > _ZERO
        sign = _ONE if rising else -_ONE
        threshold = state[at.ON + i] if rising else state[at.OFF + i]
        passed = np.int64((abs(end) + LOG_TOLERANCE) / threshold)
        leak_s = state[at.LEAK + i]
        start = sign * (state[at.LOG + i] - state[at.MEMORY + i] + leak_s * from_s)
        rise = sign * (scratch[at.LOG + i] - state[at.LOG + i])
        light = state[at.LUMINANCE + i] + scratch[at.LUMINANCE + i] + _OFFSET2
        word = np.uint64(f) << _FRAME_SHIFT
        word |= (np.uint64(first_pixel + i) << PIXEL_SHIFT) | np.uint64(rising)
        for k in range(at_k, passed):
            if queued == QUEUE:
                return c, k, queued
            queue[Q_START + queued] = start - f32(k + 1) * threshold
            queue[Q_RISE + queued] = rise
            queue[Q_LEAK + queued] = sign * leak_s * dt_s
            queue[Q_LAG + queued] = sign * state[at.LAG + i]
            queue[Q_X + queued] = bandwidth * light
            words[queued] = word
            queued += 1
        at_k = 0
        state[at.MEMORY + i] += f32(passed) * (threshold if rising else -threshold)
    return n, 0, queued


@kernel
def guess_queue(queue, n):  # type: ignore[no-untyped-def]
    """First guess and bracket of every root in the queue; n is a multiple of 16."""
    for k in range(n):
        start, rise, leak = queue[Q_START + k], queue[Q_RISE + k], queue[Q_LEAK + k]
        lag0, x = queue[Q_LAG + k], queue[Q_X + k]
        lag1 = lag_at(lag0, rise, x, _ONE)
        f0, f1 = start + lag0, start + rise + leak + lag1
        z = first_guess(f0, f1, leak - x * lag0, leak - x * lag1)
        # A drive that ends short of the level, by no more than the tolerance, is there at its end.
        short = f1 <= _ZERO
        queue[Q_Z + k] = _ONE if short else z
        queue[Q_LOW + k] = _ONE if short else _ZERO
        queue[Q_HIGH + k] = _ONE


@kernel
def refine_queue(queue, n):  # type: ignore[no-untyped-def]
    """One Newton step for every root in the queue."""
    for k in range(n):
        before = queue[Q_Z + k]
        z, low, high = newton_step(
            before,
            queue[Q_LOW + k],
            queue[Q_HIGH + k],
            queue[Q_START + k],
            queue[Q_RISE + k],
            queue[Q_LEAK + k],
            queue[Q_LAG + k],
            queue[Q_X + k],
        )
        queue[Q_Z + k] = z
        queue[Q_LOW + k] = low
        queue[Q_HIGH + k] = high
        queue[Q_STEP + k] = abs(z - before)


@kernel
def finish_root(queue, k):  # type: ignore[no-untyped-def]
    """Further Newton steps for a root that is not yet close."""
    z, low, high = queue[Q_Z + k], queue[Q_LOW + k], queue[Q_HIGH + k]
    for _ in range(MAX_STEPS):
        before = z
        z, low, high = newton_step(
            z, low, high, queue[Q_START + k], queue[Q_RISE + k], queue[Q_LEAK + k],
            queue[Q_LAG + k], queue[Q_X + k],
        )  # fmt: skip
        if abs(z - before) < CLOSE_ENOUGH:
            break
    return z


@kernel
def solve_queue(queue, words, n, since_us, dt_us, out, used):  # type: ignore[no-untyped-def]
    """Solve the queued roots and store their events; `out` has room for them.

    All take two steps side by side, and those few that still move go on alone; so a root does
    not depend on its neighbors in the queue.
    """
    full = (n + 15) & ~15  # whole vectors; the lanes behind n hold old numbers
    guess_queue(queue, full)
    refine_queue(queue, full)
    refine_queue(queue, full)
    for k in range(n):
        z = queue[Q_Z + k]
        if queue[Q_STEP + k] >= CLOSE_ENOUGH:
            z = finish_root(queue, k)
        word = words[k]
        f = np.int64(word >> _FRAME_SHIFT)
        t = since_us[f] + microsecond(z, dt_us[f])
        pixel = (word >> PIXEL_SHIFT) & PIXEL_MASK
        out[used + k] = pack(t, pixel, SIGNAL, word & ON_MASK)
    return used + n
