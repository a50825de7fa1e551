"""Independent crossings: all at once, where the reference moves by whole thresholds.

Without a refractory period the levels that a monotone drive passes are known
beforehand, the reference plus 1, 2, 3 ... thresholds, so that their roots are independent:
they are queued over all frames of a batch and solved side by side in vector
instructions. A drive that turns inside the interval is two monotone pieces.
"""

import numpy as np

from eventsim.packets.compiled import kernel
from eventsim.packets.packing import (
    ON_MASK,
    PIXEL_MASK,
    PIXEL_SHIFT,
    SIGNAL,
    TIME_SHIFT,
    microsecond,
    pack,
)
from eventsim.pixel import layout as at
from eventsim.pixel.circuit import (
    drive_of,
    lag_at,
    mostly_drifted,
    settled_lag,
    slope_of,
    tolerance,
    turns_beyond,
)
from eventsim.pixel.drive import load_drive
from eventsim.pixel.solver import (
    CLOSE_ENOUGH,
    MAX_STEPS,
    NEVER,
    first_guess,
    newton_step,
    turning_point,
)

f32 = np.float32
_ZERO, _ONE = f32(0.0), f32(1.0)

# Rows of the chosen pixels of a block, in the order of their list; the sign makes the drive of
# a pixel that ends above its reference rise, and that of the others too.
LIST = 2 * at.BLOCK
"""Room of the list: each pixel once, and once more if its drive turns."""
C_START, C_RISE, C_DRIFT, C_LAG, C_X, C_THRESHOLD, C_SIGN, C_COUNT, C_LOW, C_HIGH, C_DOUBT = (
    k * (LIST + at.PAD) for k in range(11)
)
CHOSEN_SIZE = 11 * (LIST + at.PAD)
LEAKED, TURNS = np.int32(1), np.int32(2)

QUEUE = 2048
"""Roots collected before they are solved; chosen by measurement (90 kB)."""
Q_START, Q_RISE, Q_DRIFT, Q_LAG, Q_X, Q_Z, Q_LOW, Q_HIGH, Q_STEP = (
    k * (QUEUE + at.PAD) for k in range(9)
)
QUEUE_SIZE = 9 * (QUEUE + at.PAD)
STEPS_TOGETHER = 3
"""Newton steps for all roots; on real clips 1 % need more (after two steps a third did)."""
_FRAME_SHIFT = TIME_SHIFT  # the number of the frame stands where the time will


@kernel
def gather_chosen(state, scratch, chosen, count, from_s, dt_us, physics, rows):
    """Collect what decides about the chosen pixels, without branches.

    `C_COUNT` gets the thresholds passed at the end of the interval; `C_DOUBT` is set where that
    may not be all: where the leak did more than the light, or the drive turns and log luminance
    began beyond a threshold (the bound of the screen).
    """
    filtered = physics.bandwidth_per_dn_us > _ZERO
    for c in range(count):
        i = chosen[c]
        start, rise, drift, lag, x = load_drive(state, scratch, i, from_s, dt_us, physics)
        end = scratch[at.DRIVE + i]
        rising = end > _ZERO
        sign = _ONE if rising else -_ONE
        on, off = state[at.ON + i], state[at.OFF + i]
        threshold = on if rising else off
        passed = np.int32((sign * end + tolerance(rise)) / threshold)
        leaked = rising & (passed > 0) & mostly_drifted(drift, end - start - lag)
        turns = turns_beyond(start, drift, lag, scratch[at.NEW_LAG + i], x, on, off)
        turns = turns & filtered
        rows[C_START + c] = sign * start
        rows[C_RISE + c] = sign * rise
        rows[C_DRIFT + c] = sign * drift
        rows[C_LAG + c] = sign * lag
        rows[C_X + c] = x
        rows[C_THRESHOLD + c] = threshold
        rows[C_SIGN + c] = sign
        rows[C_COUNT + c] = f32(passed)
        rows[C_LOW + c] = _ZERO
        rows[C_HIGH + c] = _ONE
        rows[C_DOUBT + c] = f32(LEAKED * np.int32(leaked) + TURNS * np.int32(turns))


@kernel
def split_at_turn(c, more, z, turn, end, on, off, drift, chosen, rows):
    """Make two monotone pieces of a pixel that crosses a threshold before it turns at z.

    `turn` and `end` are its drive there and at the end of the interval. The second piece goes
    to place `more` of the list. Returns whether the leak did more than the light on either.
    """
    sign1 = _ONE if turn > _ZERO else -_ONE
    threshold1 = on if turn > _ZERO else off
    passed1 = f32(np.int32(sign1 * turn / threshold1))
    moved = sign1 * passed1 * threshold1
    end -= moved
    sign2 = _ONE if end > _ZERO else -_ONE
    threshold2 = on if end > _ZERO else off
    passed2 = f32(
        max(np.int32((sign2 * end + tolerance(rows[C_RISE + c])) / threshold2), np.int32(0))
    )
    flip = rows[C_SIGN + c]
    start = flip * rows[C_START + c]
    for row in (C_START, C_RISE, C_DRIFT, C_LAG):
        value = flip * rows[row + c]
        rows[row + c] = sign1 * value
        rows[row + more] = sign2 * value
    rows[C_START + more] = sign2 * (start - moved)
    rows[C_X + more] = rows[C_X + c]
    rows[C_THRESHOLD + c], rows[C_THRESHOLD + more] = threshold1, threshold2
    rows[C_SIGN + c], rows[C_SIGN + more] = sign1, sign2
    rows[C_COUNT + c], rows[C_COUNT + more] = passed1, passed2
    rows[C_LOW + c], rows[C_LOW + more] = _ZERO, z
    rows[C_HIGH + c], rows[C_HIGH + more] = z, _ONE
    chosen[more] = chosen[c]
    first = start + sign1 * rows[C_LAG + c]
    up1 = sign1 > _ZERO and mostly_drifted(drift * z, turn - first)
    rest = drift * (_ONE - z)
    up2 = sign2 > _ZERO and passed2 > _ZERO and mostly_drifted(rest, end + moved - turn)
    return up1 or up2


@kernel
def resolve_turning_points(state, scratch, chosen, count, rows, ordered):
    """Split the drives that turn beyond a threshold; list the pixels to be followed in order.

    In order go those where the leak did more than the light, because each leak interval draws
    its own leak; their count is taken away. Returns the length of the list of pixels, which
    grows by the second pieces, and the number to be followed in order.
    """
    n_ordered = 0
    more = count
    for c in range(count):
        doubt = np.int32(rows[C_DOUBT + c])
        if doubt == 0:
            continue
        i = chosen[c]
        leaked = (doubt & LEAKED) != 0
        if not leaked:
            sign = rows[C_SIGN + c]
            rise, drift, x = sign * rows[C_RISE + c], sign * rows[C_DRIFT + c], rows[C_X + c]
            z = turning_point(rise, drift, sign * rows[C_LAG + c], x)
            d = drive_of(sign * rows[C_START + c], rise, drift, z, settled_lag(drift, x))
            on, off = state[at.ON + i], state[at.OFF + i]
            if z != NEVER and (d >= on or d <= -off):
                end = scratch[at.DRIVE + i]
                leaked = split_at_turn(c, more, z, d, end, on, off, drift, chosen, rows)
                more += 1
        if leaked:
            ordered[n_ordered] = i
            n_ordered += 1
            rows[C_COUNT + c] = _ZERO
            if doubt & TURNS and not doubt & LEAKED:
                rows[C_COUNT + more - 1] = _ZERO
    return more, n_ordered


@kernel
def move_references(state, chosen, count, rows):
    """Move the references by the thresholds passed; returns how many those are."""
    total = 0
    for c in range(count):
        passed = rows[C_COUNT + c]
        total += np.int64(passed)
        state[at.REFERENCE + chosen[c]] += rows[C_SIGN + c] * passed * rows[C_THRESHOLD + c]
    return total


@kernel
def straight_levels(rows, chosen, count, first_pixel, dt_us, base_us, out, used):
    """Store the crossings of pixels without photoreceptor, whose drive is a straight line."""
    for c in range(count):
        start, threshold = rows[C_START + c], rows[C_THRESHOLD + c]
        per_ln = _ONE / (rows[C_RISE + c] + rows[C_DRIFT + c])
        rising = rows[C_SIGN + c] > _ZERO
        pixel = first_pixel + chosen[c]
        for k in range(np.int64(rows[C_COUNT + c])):
            z = min(max((f32(k + 1) * threshold - start) * per_ln, _ZERO), _ONE)
            out[used] = pack(base_us + microsecond(z, dt_us), pixel, SIGNAL, rising)
            used += 1
    return used


@kernel
def queue_levels(rows, chosen, count, at_c, at_k, first_pixel, f, queue, words, queued):
    """Queue the crossings of pixels with a photoreceptor, as roots of rising drives.

    Begins with level `at_k` of pixel `at_c` of the list and stops when the queue is full;
    returns where it stopped and the length of the queue.
    """
    for c in range(at_c, count):
        passed = np.int64(rows[C_COUNT + c])
        word = (np.uint64(f) << _FRAME_SHIFT) | (np.uint64(first_pixel + chosen[c]) << PIXEL_SHIFT)
        word |= np.uint64(rows[C_SIGN + c] > _ZERO)
        for k in range(at_k, passed):
            if queued == QUEUE:
                return c, k, queued
            queue[Q_START + queued] = rows[C_START + c] - f32(k + 1) * rows[C_THRESHOLD + c]
            queue[Q_RISE + queued] = rows[C_RISE + c]
            queue[Q_DRIFT + queued] = rows[C_DRIFT + c]
            queue[Q_LAG + queued] = rows[C_LAG + c]
            queue[Q_X + queued] = rows[C_X + c]
            queue[Q_LOW + queued] = rows[C_LOW + c]
            queue[Q_HIGH + queued] = rows[C_HIGH + c]
            words[queued] = word
            queued += 1
        at_k = 0
    return count, 0, queued


@kernel
def guess_queue(queue, n):
    """First guess of every root in the queue, from the ends of its piece."""
    for k in range(n):
        start, rise, drift = queue[Q_START + k], queue[Q_RISE + k], queue[Q_DRIFT + k]
        lag0, x = queue[Q_LAG + k], queue[Q_X + k]
        low, high = queue[Q_LOW + k], queue[Q_HIGH + k]
        length = high - low
        lag_low, lag_high = lag_at(lag0, rise, x, low), lag_at(lag0, rise, x, high)
        f0 = drive_of(start, rise, drift, low, lag_low)
        f1 = drive_of(start, rise, drift, high, lag_high)
        slope0, slope1 = slope_of(drift, x, lag_low), slope_of(drift, x, lag_high)
        guess = first_guess(f0, f1, slope0 * length, slope1 * length)
        # A drive that ends short of the level, by no more than the tolerance, is there at its end.
        short = f1 <= _ZERO
        queue[Q_Z + k] = high if short else low + guess * length
        queue[Q_LOW + k] = high if short else low


@kernel
def refine_queue(queue, n):
    """One Newton step for every root in the queue."""
    for k in range(n):
        before = queue[Q_Z + k]
        z, low, high = newton_step(
            before,
            queue[Q_LOW + k],
            queue[Q_HIGH + k],
            queue[Q_START + k],
            queue[Q_RISE + k],
            queue[Q_DRIFT + k],
            queue[Q_LAG + k],
            queue[Q_X + k],
        )
        queue[Q_Z + k] = z
        queue[Q_LOW + k] = low
        queue[Q_HIGH + k] = high
        queue[Q_STEP + k] = abs(z - before)


@kernel
def finish_root(queue, k):
    """Further Newton steps for a root that is not yet close."""
    z, low, high = queue[Q_Z + k], queue[Q_LOW + k], queue[Q_HIGH + k]
    for _ in range(MAX_STEPS):
        before = z
        z, low, high = newton_step(
            z, low, high, queue[Q_START + k], queue[Q_RISE + k], queue[Q_DRIFT + k],
            queue[Q_LAG + k], queue[Q_X + k],
        )  # fmt: skip
        if abs(z - before) < CLOSE_ENOUGH:
            break
    return z


@kernel
def solve_queue(queue, words, n, since_us, dt_us, out, used):
    """Solve the queued roots and store their events; `out` has room for them.

    All take the same steps side by side, and those few that still move go on alone; so a root
    does not depend on its neighbors in the queue.
    """
    full = (n + 15) & ~15  # whole vectors; the lanes behind n hold old numbers
    guess_queue(queue, full)
    for _ in range(STEPS_TOGETHER):
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
