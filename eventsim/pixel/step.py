"""One tile of pixels through a batch of frames: the step that composes the circuit.

`step_block` is the order of the circuit. Its screen runs over all pixels of a block and
finds the few that do something; only those are solved. Functions take a whole block at
a time: a call with arrays costs as much as an event.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.packets.compiled import kernel
from eventsim.packets.packing import grown
from eventsim.pixel import layout as at
from eventsim.pixel.crossings import (
    CHOSEN_SIZE,
    LIST,
    QUEUE,
    QUEUE_SIZE,
    gather_chosen,
    move_references,
    queue_levels,
    resolve_turning_points,
    solve_queue,
    straight_levels,
)
from eventsim.pixel.drive import commit, renew_epoch
from eventsim.pixel.layout import BLOCK
from eventsim.pixel.noise import NOISY_BITS, Shots, flag_hot, hot_events, hot_keys, shot_events
from eventsim.pixel.screen import (
    CROSSED,
    NOISE,
    compare,
    flagged,
    follow_light,
    run_hazard,
    wake_dead,
)
from eventsim.pixel.sequential import follow_pixels

f32 = np.float32
_ZERO = f32(0.0)


def make_workspace() -> tuple[NDArray[Any], ...]:
    """Arrays that the work on a tile needs: 0.5 MB, kept from batch to batch."""
    return (
        np.empty(at.SCRATCH_ROWS * BLOCK, np.float32),
        np.zeros(BLOCK, np.uint8),  # flags
        np.zeros(QUEUE_SIZE, np.float32),
        np.empty(QUEUE, np.uint64),  # where and when the roots of the queue belong
        np.empty(LIST + 8, np.int64),  # pixels that were chosen
        np.empty(CHOSEN_SIZE, np.float32),
        np.empty(BLOCK + 8, np.int64),  # pixels to be followed in order
        np.empty(NOISY_BITS, np.uint64),  # random bits of noisy pixels
        np.zeros(1, np.int64),  # length of the queue
    )


@kernel
def load_coded(scratch, n, frame, first, log_table, luminance_table, lit):
    """Log luminance and, if an effect needs it, luminance of 8-bit pixels, from tables."""
    for i in range(n):
        scratch[at.LOG + i] = log_table[frame[first + i]]
    if lit:
        for i in range(n):
            scratch[at.LUMINANCE + i] = luminance_table[frame[first + i]]


@kernel
def load_planes(scratch, n, log_plane, luminance_plane, first):
    """Log luminance and luminance that were computed beforehand."""
    for i in range(n):
        scratch[at.LOG + i] = log_plane[first + i]
        scratch[at.LUMINANCE + i] = luminance_plane[first + i]


@kernel
def screen_block(state, scratch, flags, n, block, physics, sparse, from_s, start_us, dt_us):
    """The new photoreceptor and hazard of all pixels, and flags for those that do something."""
    follow_light(state, scratch, n, physics, dt_us)
    compare(state, scratch, flags, n, physics, from_s, dt_us)
    run_hazard(state, scratch, flags, n, physics, dt_us)
    if physics.refractory_us > 0:
        wake_dead(state, flags, n)
        first, last = sparse.hot_start[block], sparse.hot_start[block + 1]
        first_pixel = block * BLOCK
        end_us = start_us + dt_us
        flag_hot(flags, first, last, sparse.hot_pixel, sparse.hot_next_us, first_pixel, end_us)


@kernel
def step_block(work, block, n, physics, sparse, intervals, f, out, used):
    """One block over frame interval f, whose end is loaded in the scratch space.

    The order of the circuit: photoreceptor, leak and comparators, shot noise, hot pixels, dead
    time. Roots are left in the queue for `finish_block`. Returns (out, used).
    """
    state, scratch, flags, flag_words, queue, words, chosen, rows, ordered, bits, queued = work
    from_s, dt_us = intervals.since_epoch_s[f], intervals.dt_us[f]
    start_us, base_us = intervals.start_us[f], intervals.since_batch_us[f]
    screen_block(state, scratch, flags, n, block, physics, sparse, from_s, start_us, dt_us)
    first_pixel = block * BLOCK
    in_order = physics.refractory_us > 0
    mask = CROSSED | NOISE if in_order else CROSSED
    count = flagged(flags, flag_words, n, mask, chosen)
    n_ordered = count if in_order else 0
    follow = chosen
    if count and not in_order:
        filtered = physics.bandwidth_per_dn_us > _ZERO
        gather_chosen(state, scratch, chosen, count, from_s, dt_us, physics, rows)
        pieces = count
        if filtered or physics.leak_on:
            pieces, n_ordered = resolve_turning_points(state, scratch, chosen, count, rows, ordered)
            follow = ordered
        levels = move_references(state, chosen, pieces, rows)
        if not filtered:
            while used + levels > out.size:
                out = grown(out, used)
            used = straight_levels(rows, chosen, pieces, first_pixel, dt_us, base_us, out, used)
        c, k = 0, 0
        while filtered and c < pieces:
            c, k, queued[0] = queue_levels(
                rows, chosen, pieces, c, k, first_pixel, f, queue, words, queued[0]
            )
            if c < pieces:
                out, used = empty_queue(queue, words, queued, intervals, out, used)
    if n_ordered:
        out, used = follow_pixels(
            state, scratch, follow, n_ordered, block, from_s, physics, sparse, start_us, dt_us,
            base_us, in_order, out, used,
        )  # fmt: skip
    if not in_order:
        if physics.shot_per_us > _ZERO:
            keys = (physics.key_shot_time, physics.key_shot_polarity)
            shots = Shots(sparse.shot_on_share, sparse.shot_factor, sparse.shot_draws)
            n_noisy = flagged(flags, flag_words, n, NOISE, chosen)
            out, used = shot_events(
                state, scratch, chosen, n_noisy, first_pixel, keys, shots, rows, bits, dt_us,
                base_us, out, used,
            )  # fmt: skip
        out, used = hot_events(
            sparse.hot_start[block], sparse.hot_start[block + 1], sparse,
            hot_keys(physics), start_us, dt_us, base_us, out, used,
        )  # fmt: skip
    flags[:] = 0
    commit(state, scratch, n, physics)
    return out, used


@kernel
def empty_queue(queue, words, queued, intervals, out, used):
    """Solve the roots in the queue and store their events; returns (out, used)."""
    n = queued[0]
    while used + n > out.size:
        out = grown(out, used)
    if n:
        since_us = intervals.since_batch_us
        used = solve_queue(queue, words, n, since_us, intervals.dt_us, out, used)
    queued[0] = 0
    return out, used


@kernel
def run_tile(blocks, pixels, states, intervals, physics, sparse, light, workspace, out):
    """Push a batch of frames through the blocks of one tile.

    Parameters
    ----------
    blocks : (first, last)
        Blocks of the tile.
    pixels : int
        Pixels of the sensor.
    states : (blocks, ROWS * BLOCK) ndarray of float32
    intervals : Intervals
    physics : Physics
    sparse : Sparse
    light : tuple
        (codes (F, pixels) uint8, log table, luminance table, log planes (F, pixels),
        luminance planes); either codes or planes have F frames, the others none.
    workspace : tuple
        Of `make_workspace`; no other tile may use it at the same time.
    out : (N,) ndarray of uint64
        Packed events are stored here, block by block, in no order inside a block.

    Returns
    -------
    (N,) ndarray of uint64, int
        `out`, or a larger one, and the number of events.
    """
    codes, log_table, luminance_table, log_planes, luminance_planes = light
    lit = physics.bandwidth_per_dn_us > _ZERO or physics.shot_per_us > _ZERO
    first, last = blocks
    scratch, flags, queue, words, chosen, rows, ordered, bits, queued = workspace
    flag_words = flags.view(np.uint64)
    used = np.int64(0)
    for block in range(first, last):
        state = states[block]
        work = (
            state, scratch, flags, flag_words, queue, words, chosen, rows, ordered, bits,
            queued,
        )  # fmt: skip
        start = block * BLOCK
        n = min(BLOCK, pixels - start)
        for f in range(intervals.dt_us.size):
            if intervals.fold_s[f] > _ZERO:
                renew_epoch(state, n, intervals.fold_s[f], physics)
            if codes.shape[0]:
                load_coded(scratch, n, codes[f], start, log_table, luminance_table, lit)
            else:
                load_planes(scratch, n, log_planes[f], luminance_planes[f], start)
            out, used = step_block(work, block, n, physics, sparse, intervals, f, out, used)
        out, used = empty_queue(queue, words, queued, intervals, out, used)
    return out, used
