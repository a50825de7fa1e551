"""What the comparators of a pixel see over a frame interval: the one place where it is written.

    D(z) = start + (rise + drift) z + w(z),    0 <= z <= 1

Log luminance L goes from L0 to ``L0 + rise``; `start` is L0 minus the reference R, plus what has
drifted away until then; `drift` is what drifts in the interval; w is the lag of the photoreceptor.
What drifts is the leak. Whatever else moves the drive by itself joins it here: what is steady in
`drift_per_s`, what has a course of its own, such as a ramp of noise, in `load_drive` and
`drive_at_end`.

All of these are parts of the kernels: they read and write the rows of a block, see ``layout``.
"""

import numpy as np

from eventsim.packets.compiled import inlined, kernel
from eventsim.pixel import layout as at
from eventsim.pixel.circuit import constants_passed

f32 = np.float32
_MICRO = f32(1e-6)


@inlined
def drift_per_s(leak_s, physics):
    """What moves the drive of a pixel steadily, ln per second: its leak."""
    return leak_s


@inlined
def load_drive(state, scratch, i, from_s, dt_us, physics):
    """The drive of pixel i over an interval.

    Parameters
    ----------
    state, scratch : ndarray of float32
        Rows of the block at the begin and the end of the interval.
    i : int
        Of the pixel in its block.
    from_s : float32
        Age of the epoch at the begin, seconds.
    dt_us : int64
        Length of the interval.
    physics : Physics

    Returns
    -------
    start, rise, drift, lag, x : float32
        As in ``circuit.drive_of`` and ``circuit.lag_at``; ln, but for x, which is 0 without a
        photoreceptor.
    """
    per_s = drift_per_s(state[at.LEAK + i], physics)
    start = state[at.LOG + i] - state[at.REFERENCE + i] + per_s * from_s
    rise = scratch[at.LOG + i] - state[at.LOG + i]
    drift = per_s * (f32(dt_us) * _MICRO)
    x = constants_passed(
        state[at.LUMINANCE + i],
        scratch[at.LUMINANCE + i],
        physics.bandwidth_per_dn_us * f32(dt_us),
        physics.light_offset_dn,
        physics.bandwidth_fall_per_dn,
    )
    return start, rise, drift, state[at.LAG + i], x


@inlined
def drive_at_end(state, scratch, i, from_s, dt_us, physics):
    """The drive of pixel i at the end of an interval, but for the lag.

    Of the end alone, not of the way to it: so it is, bit for bit, where the next one starts.
    """
    to_s = from_s + f32(dt_us) * _MICRO
    per_s = drift_per_s(state[at.LEAK + i], physics)
    return scratch[at.LOG + i] - state[at.REFERENCE + i] + per_s * to_s


@inlined
def keep_drive(state, i, from_s, start, leak_s, physics):
    """Store what `load_drive` will load again: the leak, and the reference."""
    state[at.LEAK + i] = leak_s
    state[at.REFERENCE + i] = state[at.LOG + i] + drift_per_s(leak_s, physics) * from_s - start


@kernel
def commit(state, scratch, n, physics):
    """Make the end of this interval the start of the next, for the first n pixels."""
    for i in range(n):
        state[at.LOG + i] = scratch[at.LOG + i]
    if physics.bandwidth_per_dn_us > f32(0.0) or physics.shot_per_us > f32(0.0):
        for i in range(n):
            state[at.LUMINANCE + i] = scratch[at.LUMINANCE + i]
    if physics.bandwidth_per_dn_us > f32(0.0):
        for i in range(n):
            state[at.LAG + i] = scratch[at.NEW_LAG + i]
    if physics.shot_per_us > f32(0.0):
        for i in range(n):
            state[at.HAZARD + i] = scratch[at.NEW_HAZARD + i]


@kernel
def renew_epoch(state, n, age_s, physics):
    """Fold what has drifted since the epoch into the reference, so that its times stay small."""
    for i in range(n):
        state[at.REFERENCE + i] -= drift_per_s(state[at.LEAK + i], physics) * age_s
