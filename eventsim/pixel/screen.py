"""The screen: which pixels of a block do something in a frame interval?

Most pixels do nothing in most intervals. These loops run over all pixels of a block,
without branches, as vector instructions; what they leave is the new state of the
photoreceptor and a flag for each pixel that must be solved.
"""

import numpy as np

from eventsim.packets.compiled import kernel
from eventsim.pixel import layout as at
from eventsim.pixel.circuit import beyond, lag_at, shots_expected, tolerance, turns_beyond
from eventsim.pixel.drive import drive_at_end, load_drive

f32 = np.float32
_ZERO, _ONE = f32(0.0), f32(1.0)

CROSSED, NOISE = np.uint8(1), np.uint8(2)


@kernel
def follow_light(state, scratch, n, physics, dt_us):
    """Photoreceptor: the lag at the end of the interval."""
    if physics.bandwidth_per_dn_us > _ZERO:
        for i in range(n):
            _, rise, _, lag, x = load_drive(state, scratch, i, _ZERO, dt_us, physics)
            scratch[at.NEW_LAG + i] = lag_at(lag, rise, x, _ONE)


@kernel
def compare(state, scratch, flags, n, physics, from_s, dt_us):
    """Screen: which pixels may cross a threshold in this interval?

    A pixel does if its drive ends beyond a threshold, or, behind a photoreceptor, may turn beyond
    one inside the interval.
    """
    filtered = physics.bandwidth_per_dn_us > _ZERO
    for i in range(n):
        d = drive_at_end(state, scratch, i, from_s, dt_us, physics)
        if filtered:
            d += scratch[at.NEW_LAG + i]
        scratch[at.DRIVE + i] = d
        near = tolerance(scratch[at.LOG + i] - state[at.LOG + i])
        crosses = beyond(d, state[at.ON + i], state[at.OFF + i], near)
        flags[i] = CROSSED * np.uint8(crosses)
    if filtered:
        for i in range(n):
            start, _, drift, lag, x = load_drive(state, scratch, i, from_s, dt_us, physics)
            turns = turns_beyond(
                start, drift, lag, scratch[at.NEW_LAG + i], x, state[at.ON + i], state[at.OFF + i]
            )
            flags[i] |= CROSSED * np.uint8(turns)


@kernel
def run_hazard(state, scratch, flags, n, physics, dt_us):
    """Shot noise: subtract the expected number of events; whose hazard runs out, fires."""
    if not physics.shot_per_us > _ZERO:
        return
    most, loss = physics.shot_per_us * f32(dt_us), physics.shot_loss_per_dn_us * f32(dt_us)
    for i in range(n):
        before, after = state[at.LUMINANCE + i], scratch[at.LUMINANCE + i]
        expected = shots_expected(before, after, most, loss, physics.shot_fall_per_dn)
        left = state[at.HAZARD + i] - expected
        scratch[at.NEW_HAZARD + i] = left
        flags[i] |= NOISE * np.uint8(left <= _ZERO)


@kernel
def wake_dead(state, flags, n):
    """Pixels with dead time left must be looked at: they come alive with a new reference."""
    for i in range(n):
        flags[i] |= CROSSED * np.uint8(state[at.DEAD + i] != _ZERO)


@kernel
def flagged(flags, words, n, mask, chosen):
    """List the pixels with a flag of the mask, in order; eight quiet ones are skipped at once."""
    count = 0
    for k in range((n + 7) >> 3):
        if words[k] != np.uint64(0):
            for j in range(8):
                i = 8 * k + j
                chosen[count] = i
                count += np.int64((flags[i] & mask) != np.uint8(0))
    return count
