"""Pixels with thresholds and nothing else: no photoreceptor, leak, noise or dead time.

Their drive is a straight line between two frames, so every crossing is known at once. And what a
pixel does follows from its reference and two 8-bit numbers alone: each pixel keeps the lowest and
the highest code at which it stays quiet, which are two comparisons of bytes. Those outside get
the exact test of `screen.compare`, and the events are those of `crossings`, bit for bit.

Events come out in raster order, frame by frame; a stable sort by time is all that is left to do.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eventsim.packets.compiled import kernel
from eventsim.packets.packing import BELOW_TIME, PIXEL_SHIFT, TIME_SHIFT
from eventsim.pixel import layout as at
from eventsim.pixel.circuit import beyond, tolerance
from eventsim.pixel.layout import BLOCK

f32 = np.float32
_ZERO, _ONE, _TWO = f32(0.0), f32(1.0), f32(2.0)

STEPS = 2048
"""Of the ladder from the log luminance of code 0 to that of 255: 0.003 ln each in sRGB, a third of
the step between two codes near white; chosen by eye, 16 kB."""
MARGIN_LOG = 8e-6
"""By how much a quiet code stays away from a threshold, at least: the tolerance of
`circuit.tolerance`, 2e-6, and ten times the rounding of float32 numbers near ln 255."""
MARGIN_ROUNDINGS = 16
"""And so many roundings where log luminance itself is larger."""

# Rows of the listed pixels of a block.
_STRIDE = BLOCK + at.PAD
R_REFERENCE, R_ON, R_OFF, R_FROM, R_TO, R_START, R_PER_LN, R_THRESHOLD, R_SIGN, R_COUNT = (
    k * _STRIDE for k in range(10)
)
ROWS_SIZE = 10 * _STRIDE
FIRST, SECOND = 0, _STRIDE  # packed crossings of the first two levels
KEYS_SIZE = 2 * _STRIDE
LOWEST, HIGHEST = 0, _STRIDE
STEPS_SIZE = 2 * _STRIDE


class Ladder(NamedTuple):
    """Log luminance of the 256 codes, and from a log luminance back to codes.

    Attributes
    ----------
    log : (256,) ndarray of float32
        Of each code, never falling, ln.
    first, per_log : float32
        Log luminance of step 0, and steps per ln.
    margin : float32
        By how much a quiet code stays away from a threshold, ln.
    highest : (STEPS + 2,) ndarray of int32
        Of ``1 + floor(step)``: the last code at or below it, -1 if there is none.
    lowest : (STEPS + 2,) ndarray of int32
        Of ``ceil(step)`` or the one above: the first code at or above it, 256 if there is none.
    """

    log: NDArray[np.float32]
    first: np.float32
    per_log: np.float32
    margin: np.float32
    highest: NDArray[np.int32]
    lowest: NDArray[np.int32]


def make_ladder(log_table: NDArray[np.float32]) -> Ladder:
    """The ladder of a table of log luminance by 8-bit code.

    Parameters
    ----------
    log_table : (256,) ndarray of float32
        Never falling.
    """
    log = log_table.astype(np.float64)
    span = log[-1] - log[0]
    edges = log[0] + np.arange(STEPS + 2) * (span / STEPS)
    below = np.concatenate([[-np.inf], edges[:-1]])
    return Ladder(
        log_table,
        np.float32(log[0]),
        np.float32(STEPS / span if span > 0 else 0.0),
        np.float32(max(MARGIN_LOG, MARGIN_ROUNDINGS * np.spacing(np.abs(log_table).max()))),
        (np.searchsorted(log, below, side="right") - 1).astype(np.int32),
        np.searchsorted(log, edges, side="left").astype(np.int32),
    )


class Quiet(NamedTuple):
    """What the screen of 8-bit codes remembers of each pixel; (blocks, BLOCK) uint8 each.

    Attributes
    ----------
    lowest, highest : ndarray
        Codes in between, and these two, make no event. 255 and 0 if there are none.
    code : ndarray
        Of the last frame.
    """

    lowest: NDArray[np.uint8]
    highest: NDArray[np.uint8]
    code: NDArray[np.uint8]


def make_quiet(n_blocks: int) -> Quiet:
    """Room for a screen; `set_quiet` fills it."""
    return Quiet(*(np.zeros((n_blocks, BLOCK), np.uint8) for _ in range(3)))


class PlainWorkspace(NamedTuple):
    """Arrays that the work on a block needs."""

    flags: NDArray[np.uint8]
    listed: NDArray[np.uint32]  # unsigned: an index that may be below 0 costs a comparison
    rows: NDArray[np.float32]
    keys: NDArray[np.uint64]
    steps: NDArray[np.int32]


def make_plain_workspace() -> PlainWorkspace:
    """Work arrays of a tile: 140 kB."""
    return PlainWorkspace(
        np.zeros(BLOCK, np.uint8),
        np.zeros(BLOCK + 8, np.uint32),
        np.zeros(ROWS_SIZE, np.float32),
        np.zeros(KEYS_SIZE, np.uint64),
        np.zeros(STEPS_SIZE, np.int32),
    )


@kernel
def screen_codes(codes, lowest, highest, flags):
    """Flag the pixels whose code is none of their quiet ones."""
    for i in range(codes.size):
        flags[i] = np.uint8((codes[i] < lowest[i]) | (codes[i] > highest[i]))


@kernel
def screen_plane(log, state, flags):
    """Flag the pixels whose drive ends beyond a threshold, as `screen.compare` does."""
    for i in range(log.size):
        d = log[i] - state[at.REFERENCE + i]
        near = tolerance(log[i] - state[at.LOG + i])
        flags[i] = np.uint8(beyond(d, state[at.ON + i], state[at.OFF + i], near))


@kernel
def list_flagged(flags, words, n, listed):
    """List the pixels with a flag, in order; eight quiet ones are skipped at once."""
    count = 0
    for k in range((n + 7) >> 3):
        if words[k] != np.uint64(0):
            for j in range(8):
                i = 8 * k + j
                listed[count] = i
                count += np.int64(flags[i])
    return count


@kernel
def gather(state, listed, count, rows):
    """Collect reference and thresholds of the listed pixels."""
    for c in range(count):
        i = listed[c]
        rows[R_REFERENCE + c] = state[at.REFERENCE + i]
        rows[R_ON + c] = state[at.ON + i]
        rows[R_OFF + c] = state[at.OFF + i]


@kernel
def pass_levels(rows, count):
    """Count the thresholds that the listed pixels pass, and move their references by them.

    The arithmetic is that of `screen.compare` and `crossings.gather_chosen`.
    """
    for c in range(count):
        reference, rise = rows[R_REFERENCE + c], rows[R_TO + c] - rows[R_FROM + c]
        end = rows[R_TO + c] - reference
        near = tolerance(rise)
        on, off = rows[R_ON + c], rows[R_OFF + c]
        crosses = beyond(end, on, off, near)
        rising = end > _ZERO
        sign = _ONE if rising else -_ONE
        threshold = on if rising else off
        passed = f32(np.int32((sign * end + near) / threshold))
        passed = passed if crosses else _ZERO
        rows[R_START + c] = sign * (rows[R_FROM + c] - reference)
        rows[R_PER_LN + c] = _ONE / (sign * rise)
        rows[R_THRESHOLD + c] = threshold
        rows[R_SIGN + c] = sign
        rows[R_COUNT + c] = passed
        rows[R_REFERENCE + c] = reference + sign * passed * threshold


@kernel
def level_us(rows, c, level, dt_us):
    """Microsecond in the interval, 1..dt, at which a pixel passes a level; see `microsecond`."""
    z = (level * rows[R_THRESHOLD + c] - rows[R_START + c]) * rows[R_PER_LN + c]
    z = min(max(z, _ZERO), _ONE)
    t = np.int32(np.float64(z) * dt_us + 0.5)
    return max(t, np.int32(1))  # never above dt: z is at most 1


@kernel
def pack_levels(rows, listed, count, first_pixel, dt_us, keys):
    """Pack the first two crossings of the listed pixels, whether there are so many or not."""
    dt = np.float64(dt_us)
    for c in range(count):
        on = np.uint64(rows[R_SIGN + c] > _ZERO)
        word = (np.uint64(first_pixel + listed[c]) << PIXEL_SHIFT) | on
        keys[FIRST + c] = (np.uint64(level_us(rows, c, _ONE, dt)) << TIME_SHIFT) | word
        keys[SECOND + c] = (np.uint64(level_us(rows, c, _TWO, dt)) << TIME_SHIFT) | word


@kernel
def emit(rows, listed, count, first_pixel, dt_us, keys, out, used):
    """Store the crossings, for which `out` has room and 2 more; returns the events so far."""
    dt = np.float64(dt_us)
    for c in range(count):
        # Both are stored unconditionally, and the next pixel's over what was too much.
        out[used] = keys[FIRST + c]
        out[used + 1] = keys[SECOND + c]
        passed = np.int64(rows[R_COUNT + c])
        used += min(passed, np.int64(2))
        for k in range(2, passed):
            word = keys[FIRST + c] & BELOW_TIME
            out[used] = (np.uint64(level_us(rows, c, f32(k + 1), dt)) << TIME_SHIFT) | word
            used += 1
    return used


@kernel
def find_quiet(rows, count, first, per_log, margin, steps):
    """Where on the ladder the listed pixels begin to be quiet, and where they end."""
    most = f32(STEPS + 1)
    for c in range(count):
        up = rows[R_REFERENCE + c] + rows[R_ON + c] - margin
        down = rows[R_REFERENCE + c] - rows[R_OFF + c] + margin
        steps[HIGHEST + c] = np.int32(min(max((up - first) * per_log + _ONE, _ZERO), most))
        steps[LOWEST + c] = np.int32(min(max((down - first) * per_log + _ONE, _ZERO), most))


@kernel
def store_references(state, listed, count, rows):
    """Put the references back."""
    for c in range(count):
        state[at.REFERENCE + listed[c]] = rows[R_REFERENCE + c]


@kernel
def store_quiet(lowest, highest, listed, count, steps, ladder):
    """Put the quiet codes in their places."""
    for c in range(count):
        last = ladder.highest[np.uint32(steps[HIGHEST + c])]
        first = ladder.lowest[np.uint32(steps[LOWEST + c])]
        if last < 0 or first > 255:
            first, last = np.int32(255), np.int32(0)
        lowest[listed[c]] = first
        highest[listed[c]] = last


@kernel
def solve_listed(state, listed, count, first_pixel, dt_us, rows, keys, out, used):
    """Events and references of the listed pixels, whose log luminances are in the rows."""
    gather(state, listed, count, rows)
    pass_levels(rows, count)
    pack_levels(rows, listed, count, first_pixel, dt_us, keys)
    levels = 2 * count + 2
    for c in range(count):
        levels += np.int64(rows[R_COUNT + c])
    if used + levels > out.size:
        bigger = np.empty(2 * out.size + levels, np.uint64)
        bigger[:used] = out[:used]
        out = bigger
    used = emit(rows, listed, count, first_pixel, dt_us, keys, out, used)
    store_references(state, listed, count, rows)
    return out, used


@kernel
def run_codes(blocks, pixels, states, intervals, ladder, quiet, frames, workspace, out, ends):
    """Push a batch of 8-bit frames through the blocks of one tile, frame by frame.

    Parameters
    ----------
    blocks : (first, last)
        Blocks of the tile.
    pixels : int
        Pixels of the sensor.
    states : (blocks, ROWS * BLOCK) ndarray of float32
        LOG is not kept; see `write_log`.
    intervals : Intervals
    ladder : Ladder
    quiet : Quiet
    frames : (F, pixels) ndarray of uint8
    workspace : PlainDesk
        No other tile may use it at the same time.
    out : (N,) ndarray of uint64
        Packed events are stored here, each frame in raster order, times since its interval's
        start.
    ends : (F,) ndarray of int64
        Filled with the number of events up to each frame.

    Returns
    -------
    (N,) ndarray of uint64
        `out`, or a larger one.
    """
    flags, listed, rows, keys, steps = workspace
    words = flags.view(np.uint64)
    used = np.int64(0)
    for f in range(intervals.dt_us.size):
        for block in range(blocks[0], blocks[1]):
            first = block * BLOCK
            n = min(BLOCK, pixels - first)
            seen = frames[f, first : first + n]
            lowest, highest = quiet.lowest[block, :n], quiet.highest[block, :n]
            if n < BLOCK:
                flags[n:] = 0
            screen_codes(seen, lowest, highest, flags)
            count = list_flagged(flags, words, n, listed)
            if count:
                for c in range(count):
                    i = listed[c]
                    before = frames[f - 1, first + i] if f else quiet.code[block, i]
                    rows[R_FROM + c] = ladder.log[before]
                    rows[R_TO + c] = ladder.log[seen[i]]
                dt_us = intervals.dt_us[f]
                out, used = solve_listed(
                    states[block], listed, count, first, dt_us, rows, keys, out, used
                )
                find_quiet(rows, count, ladder.first, ladder.per_log, ladder.margin, steps)
                store_quiet(lowest, highest, listed, count, steps, ladder)
        ends[f] = used
    for block in range(blocks[0], blocks[1]):
        first = block * BLOCK
        n = min(BLOCK, pixels - first)
        quiet.code[block, :n] = frames[intervals.dt_us.size - 1, first : first + n]
    return out


@kernel
def run_planes(blocks, pixels, states, intervals, planes, workspace, out, ends):
    """As `run_codes`, with frames of log luminance; LOG is kept, and quiet codes are not."""
    flags, listed, rows, keys, _ = workspace
    words = flags.view(np.uint64)
    used = np.int64(0)
    for f in range(intervals.dt_us.size):
        for block in range(blocks[0], blocks[1]):
            first = block * BLOCK
            n = min(BLOCK, pixels - first)
            state = states[block]
            seen = planes[f, first : first + n]
            flags[n:] = 0
            screen_plane(seen, state, flags)
            count = list_flagged(flags, words, n, listed)
            if count:
                for c in range(count):
                    i = listed[c]
                    rows[R_FROM + c] = state[at.LOG + i]
                    rows[R_TO + c] = seen[i]
                dt_us = intervals.dt_us[f]
                out, used = solve_listed(state, listed, count, first, dt_us, rows, keys, out, used)
            state[at.LOG : at.LOG + n] = seen
        ends[f] = used
    return out


@kernel
def set_quiet(pixels, states, ladder, quiet, frame, workspace):
    """Screens of all pixels, from their references and the codes of the last frame."""
    _, listed, rows, _, steps = workspace
    for block in range(states.shape[0]):
        first = block * BLOCK
        n = min(BLOCK, pixels - first)
        for i in range(n):
            listed[i] = i
        state = states[block]
        for row, kept in ((R_REFERENCE, at.REFERENCE), (R_ON, at.ON), (R_OFF, at.OFF)):
            rows[row : row + n] = state[kept : kept + n]
        find_quiet(rows, n, ladder.first, ladder.per_log, ladder.margin, steps)
        store_quiet(quiet.lowest[block], quiet.highest[block], listed, n, steps, ladder)
        quiet.code[block, :n] = frame[first : first + n]


@kernel
def write_log(pixels, states, ladder, quiet):
    """Write the log luminance of the last frame into the state, where it is due."""
    for block in range(states.shape[0]):
        n = min(BLOCK, pixels - block * BLOCK)
        for i in range(n):
            states[block, at.LOG + i] = ladder.log[quiet.code[block, i]]
