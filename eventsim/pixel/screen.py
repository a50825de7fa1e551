"""The screen: which pixels of a block do something in a frame interval?

Most pixels do nothing in most intervals. These loops run over all pixels of a block,
without branches, as vector instructions; what they leave is the new state of the
photoreceptor and a flag for each pixel that must be solved.
"""

import numpy as np

from eventsim.packets.compiled import kernel
from eventsim.pixel import layout as at
from eventsim.pixel.circuit import TWO_OFFSETS_DN, decay_minus_one, tolerance

f32 = np.float32
_ZERO, _MICRO = f32(0.0), f32(1e-6)
_WHITE2 = f32(510.0)  # twice white

CROSSED, NOISE = np.uint8(1), np.uint8(2)


@kernel
def follow_light(state, scratch, n, bandwidth):
    """Photoreceptor: the lag at the end of the interval. `bandwidth` is 0 for no limit."""
    if bandwidth > _ZERO:
        for i in range(n):
            x = bandwidth * (state[at.LUMINANCE + i] + scratch[at.LUMINANCE + i] + TWO_OFFSETS_DN)
            rise = scratch[at.LOG + i] - state[at.LOG + i]
            lag = state[at.LAG + i]
            scratch[at.NEW_LAG + i] = lag + decay_minus_one(x) * (lag + rise / x)


@kernel
def compare(state, scratch, flags, n, physics, leak_from_s, leak_to_s):
    """Screen: which pixels may cross a threshold in this interval?

    A pixel does if its drive ends beyond a threshold. With a photoreceptor it can also turn
    inside the interval, when the lag passes leak / x = leak tau (see circuit.drive_of). A drive
    that turns down turns below L0 - R + leak tau, and one that turns up above L0 - R, which
    gives a cheap bound.
    """
    filtered = physics.bandwidth_per_dn_us > _ZERO
    if not filtered and not physics.leak_on:
        for i in range(n):
            d = scratch[at.LOG + i] - state[at.REFERENCE + i]
            scratch[at.DRIVE + i] = d
            near = tolerance(scratch[at.LOG + i] - state[at.LOG + i])
            up = d >= state[at.ON + i] - near
            down = d <= near - state[at.OFF + i]
            flags[i] = CROSSED * np.uint8(up | down)
        return
    for i in range(n):
        d = scratch[at.LOG + i] - state[at.REFERENCE + i] + state[at.LEAK + i] * leak_to_s
        if filtered:
            d += scratch[at.NEW_LAG + i]
        scratch[at.DRIVE + i] = d
        near = tolerance(scratch[at.LOG + i] - state[at.LOG + i])
        up = d >= state[at.ON + i] - near
        down = d <= near - state[at.OFF + i]
        flags[i] = CROSSED * np.uint8(up | down)
    if filtered:
        for i in range(n):
            leak = state[at.LEAK + i]
            light = state[at.LUMINANCE + i] + scratch[at.LUMINANCE + i] + TWO_OFFSETS_DN
            settled = leak * _MICRO / (physics.bandwidth_per_dn_us * light)
            start = state[at.LOG + i] - state[at.REFERENCE + i] + leak * leak_from_s
            turns = (state[at.LAG + i] < settled) != (scratch[at.NEW_LAG + i] < settled)
            high = start + settled >= state[at.ON + i]
            low = start <= -state[at.OFF + i]
            flags[i] |= CROSSED * np.uint8(turns & (high | low))


@kernel
def run_hazard(state, scratch, flags, n, physics, dt_us):
    """Shot noise: subtract the expected number of events; whose hazard runs out, fires."""
    if not physics.shot_per_us > _ZERO:
        return
    dt = f32(dt_us)
    most = physics.shot_per_us * dt
    loss = physics.shot_loss_per_dn_us * dt
    for i in range(n):
        light = min(state[at.LUMINANCE + i] + scratch[at.LUMINANCE + i], _WHITE2)
        left = state[at.HAZARD + i] - (most - loss * light)
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
