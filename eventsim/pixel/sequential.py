"""The sequential solver: pixels whose events depend on each other, one after the other.

With a refractory period the reference is set by what the light does at the end of the
dead time; a leak interval draws its own leak; a drive that turns inside the interval
may cross one threshold and then the other. Such pixels are followed in order of time.
"""

import numpy as np

from eventsim.packets.compiled import bare, inlined, kernel
from eventsim.packets.packing import HOT, LEAK, SHOT, SIGNAL, grown, microsecond, pack
from eventsim.pixel import layout as at
from eventsim.pixel.circuit import TWO_OFFSETS_DN, drive_of, lag_of
from eventsim.pixel.draws import exponential_draw, leak_draw, uniform_draw
from eventsim.pixel.noise import find_hot, hazard_draw, hot_time, shot_time
from eventsim.pixel.solver import next_crossing, piece_ends

f32 = np.float32
_ZERO, _ONE, _MICRO = f32(0.0), f32(1.0), f32(1e-6)
_ONE32 = np.uint32(1)
_LATER = np.int64(1 << 62)


@kernel
def shots_from(earliest, shot, dt_us, key):
    """Pass over the shot events before `earliest`.

    `shot` is (hazard reached, total of the interval, draws, pixel, factor). Returns (time of the
    next or _LATER, shot).
    """
    reached, total, draws, pixel, factor = shot
    while reached <= total:
        t = shot_time(reached, total, dt_us)
        if t >= earliest:
            return t, (reached, total, draws, pixel, factor)
        draws += _ONE32
        reached += hazard_draw(key, pixel, draws, factor)
    return _LATER, (reached, total, draws, pixel, factor)


@kernel
def hots_from(earliest, hot, start_us, dt_us, key, mean_us):
    """Pass over the hot-pixel events before `earliest`; `hot` is (time of the next, draws, pixel).

    Returns (time of the next or _LATER, hot).
    """
    next_us, draws, pixel = hot
    while next_us <= start_us + dt_us:
        t = hot_time(next_us, start_us, dt_us)
        if t >= earliest:
            return t, (next_us, draws, pixel)
        draws += _ONE32
        next_us += mean_us * exponential_draw(key, pixel, draws)
    return _LATER, (next_us, draws, pixel)


@inlined
def load_noise(state, scratch, i, pixel, block, physics, sparse):
    """The noise of a pixel that has a refractory period, for `shots_from` and `hots_from`.

    Returns (shot, hot, place among the hot pixels or -1); a process that is off is never due.
    """
    shot = (_ONE, _ZERO, np.uint32(0), pixel, _ONE)
    hot = (np.float64(_LATER), np.uint32(0), pixel)
    h = np.int64(-1)
    if physics.refractory_us > 0:
        if physics.shot_per_us > _ZERO:
            reached = state[at.HAZARD + i]
            total = reached - scratch[at.NEW_HAZARD + i]
            shot = (reached, total, sparse.shot_draws[pixel], pixel, sparse.shot_factor[pixel])
        h = find_hot(sparse.hot_start[block], sparse.hot_start[block + 1], sparse.hot_pixel, pixel)
        if h >= 0:
            hot = (sparse.hot_next_us[h], sparse.hot_draws[h], pixel)
    return shot, hot, h


@inlined
def keep_noise(scratch, i, pixel, h, shot, hot, start_us, dt_us, physics, sparse):
    """Store where the noise stands after the interval: what is left in it fell into dead time."""
    if physics.refractory_us > 0 and physics.shot_per_us > _ZERO:
        _, shot = shots_from(_LATER, shot, dt_us, physics.key_shot_time)
        sparse.shot_draws[pixel] = shot[2]
        scratch[at.NEW_HAZARD + i] = shot[0] - shot[1]
    if h >= 0:
        _, hot = hots_from(_LATER, hot, start_us, dt_us, physics.key_hot_time, physics.hot_mean_us)
        sparse.hot_next_us[h], sparse.hot_draws[h] = hot[0], hot[1]


@inlined
def new_leak(leak_s, start, z, dt_s, pixel, physics, sparse):
    """Draw the leak of the next leak interval; the drive at z stays. Returns (leak, start)."""
    sparse.leak_draws[pixel] += _ONE32
    drawn = leak_draw(
        physics.key_leak_jitter,
        pixel,
        sparse.leak_draws[pixel],
        sparse.leak_log_s[pixel],
        physics.leak_jitter,
    )
    return drawn, start + (leak_s - drawn) * dt_s * z


@inlined
def load_drive(state, scratch, i, from_s, bandwidth):
    """Drive of a pixel over the interval: (start, rise, lag at z = 0, x), and its leak per s."""
    rise = scratch[at.LOG + i] - state[at.LOG + i]
    light = state[at.LUMINANCE + i] + scratch[at.LUMINANCE + i] + TWO_OFFSETS_DN
    leak_s = state[at.LEAK + i]
    start = state[at.LOG + i] - state[at.REFERENCE + i] + leak_s * from_s
    return start, rise, state[at.LAG + i], bandwidth * light, leak_s


@inlined
def keep_drive(state, i, from_s, start, leak_s):
    """Store what `load_drive` will load again: the leak, and the reference."""
    state[at.LEAK + i] = leak_s
    state[at.REFERENCE + i] = state[at.LOG + i] + leak_s * from_s - start


@inlined
def load_dead(state, i):
    """The first microsecond at which a pixel may fire, and whether its reference is set then."""
    dead = np.int64(state[at.DEAD + i])
    return abs(dead), dead > 0


@inlined
def keep_dead(state, i, free, resets):
    """Store what `load_dead` will load again; negative if the reference is not to be set."""
    left = max(free, np.int64(0))
    state[at.DEAD + i] = f32(left if resets else -left)


@inlined
def follow_pixel(
    state, scratch, i, block, from_s, physics, sparse, start_us, dt_us, base_us, out, used
):
    """All events of one pixel in a frame interval, in order of time.

    Returns the number that is stored then, or -1 if `out` is full: then nothing has changed.
    """
    pixel, dt_s = block * at.BLOCK + i, f32(dt_us) * _MICRO
    on, off, leak_draws = state[at.ON + i], state[at.OFF + i], sparse.leak_draws[pixel]
    bandwidth = physics.bandwidth_per_dn_us * f32(dt_us)
    start, rise, lag0, x, leak_s = load_drive(state, scratch, i, from_s, bandwidth)
    shot, hot, h = load_noise(state, scratch, i, pixel, block, physics, sparse)

    free, resets = load_dead(state, i)
    z, leak = _ZERO, leak_s * dt_s
    ends = piece_ends(rise, leak, lag0, x)
    while free <= dt_us:
        if free > 0:
            z = max(z, f32(np.float64(free) / np.float64(dt_us)))
        lag = lag_of(lag0, rise, x, z)
        if resets:
            start -= drive_of(start, rise, leak, z, lag)
            resets = False
        zc, direction, leaked = next_crossing(z, lag, ends, start, rise, leak, lag0, x, on, off)
        tc = max(microsecond(zc, dt_us), free) if direction != 0 else _LATER
        ts, shot = shots_from(free, shot, dt_us, physics.key_shot_time)
        th, hot = hots_from(free, hot, start_us, dt_us, physics.key_hot_time, physics.hot_mean_us)
        t = min(tc, min(ts, th))
        if t == _LATER:
            break
        kind, rising = HOT, True
        if t == tc:
            kind, rising, z = LEAK if leaked else SIGNAL, direction > 0, zc
            if leaked and physics.leak_jitter > _ZERO:
                leak_s, start = new_leak(leak_s, start, z, dt_s, pixel, physics, sparse)
                leak = leak_s * dt_s
                ends = piece_ends(rise, leak, lag0, x)
            resets = physics.refractory_us > 0
            if not resets:
                start -= on if rising else -off
        elif t == ts:
            u = uniform_draw(physics.key_shot_polarity, pixel, shot[2])
            kind, rising = SHOT, u < sparse.shot_on_share[pixel]
        if used == out.size:
            sparse.leak_draws[pixel] = leak_draws
            return np.int64(-1)
        out[used] = pack(base_us + t, pixel, kind, rising)
        used += 1
        if physics.refractory_us > 0:
            free = t + physics.refractory_us

    keep_noise(scratch, i, pixel, h, shot, hot, start_us, dt_us, physics, sparse)
    keep_drive(state, i, from_s, start, leak_s)
    keep_dead(state, i, free - dt_us, resets)
    return used


@bare
def follow_some(
    state,
    scratch,
    ordered,
    c,
    n,
    block,
    from_s,
    physics,
    sparse,
    start_us,
    dt_us,
    base_us,
    out,
    used,
):
    """Follow the pixels from place c on, until all are or `out` is full; returns (c, used)."""
    while c < n:
        more = follow_pixel(
            state, scratch, ordered[c], block, from_s, physics, sparse, start_us, dt_us, base_us,
            out, used,
        )  # fmt: skip
        if more < 0:
            break
        c, used = c + 1, more
    return c, used


@kernel
def follow_pixels(
    state, scratch, ordered, n, block, from_s, physics, sparse, start_us, dt_us, base_us, out, used
):
    """All events of some pixels of a block in a frame interval, each pixel in order of time.

    Noise events are handled here only if there is a refractory period: they make the pixel
    blind for it and do not reset it. Any other event makes it dead for it, and at its end
    the reference takes the present value (drive 0). Without a refractory period it moves by
    exactly one threshold. What falls into dead or blind time is lost, as in a real pixel; a
    threshold that is exceeded when blindness ends fires at that moment.

    Returns (out, used).
    """
    c = np.int64(0)
    while True:
        c, used = follow_some(
            state, scratch, ordered, c, n, block, from_s, physics, sparse, start_us, dt_us, base_us,
            out, used,
        )  # fmt: skip
        if c == n:
            return out, used
        out = grown(out, used)
