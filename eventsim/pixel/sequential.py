"""The sequential solver: one pixel after the other, one event after the other.

`step_pixel` is the whole pixel in one frame interval, as it is written in a book: which of
crossing, shot noise and hot pixel comes next, what it does to the reference and the dead
time, and so on to the end. The other kernels are faster ways to the same events where these do
not depend on each other. With a refractory period they do: the reference is set by what the light
does at its end. And a leak interval draws its own leak. Such pixels go this way.
"""

import numpy as np

from eventsim.packets.compiled import bare, inlined, kernel
from eventsim.packets.packing import HOT, LEAK, SHOT, SIGNAL, grown, microsecond, pack
from eventsim.pixel import layout as at
from eventsim.pixel.circuit import drive_of, lag_of
from eventsim.pixel.draws import leak_draw, uniform_draw
from eventsim.pixel.drive import drift_per_s, keep_drive, load_drive
from eventsim.pixel.noise import after_hot, find_hot, hazard_draw, hot_keys, hot_time, shot_time
from eventsim.pixel.solver import next_crossing, piece_ends

f32 = np.float32
_ZERO, _ONE, _MICRO = f32(0.0), f32(1.0), f32(1e-6)
_ONE32 = np.uint32(1)
_LATER = np.int64(1 << 62)


@kernel
def next_shot(shot, key):
    """Leave a shot event behind, and draw when the next one falls; `shot` as in `shots_from`."""
    reached, total, draws, pixel, factor = shot
    draws += _ONE32
    return reached + hazard_draw(key, pixel, draws, factor), total, draws, pixel, factor


@kernel
def shots_from(earliest, shot, dt_us, key):
    """Pass over the shot events before `earliest`.

    `shot` is (hazard reached, total of the interval, draws, pixel, factor). Returns (time of the
    next or _LATER, shot).
    """
    while shot[0] <= shot[1]:
        t = shot_time(shot[0], shot[1], dt_us)
        if t >= earliest:
            return t, shot
        shot = next_shot(shot, key)
    return _LATER, shot


@kernel
def next_hot(hot, keys):
    """Leave a hot-pixel event behind, and draw when the next one falls; `hot` as in `hots_from`."""
    next_us, draws, pixel, mean_us, go_on, burst = hot
    draws += _ONE32
    next_us, burst = after_hot(next_us, keys, pixel, draws, burst, mean_us, go_on)
    return next_us, draws, pixel, mean_us, go_on, burst


@kernel
def hots_from(earliest, hot, start_us, dt_us, keys):
    """Pass over the hot-pixel events before `earliest`.

    `hot` is (time of the next, draws, pixel, mean time between bursts, probability that one goes
    on, event that it began with). Returns (time of the next or _LATER, hot).
    """
    while hot[0] <= start_us + dt_us:
        t = hot_time(hot[0], start_us, dt_us)
        if t >= earliest:
            return t, hot
        hot = next_hot(hot, keys)
    return _LATER, hot


@inlined
def load_noise(state, scratch, i, pixel, block, physics, sparse, noisy):
    """The noise of a pixel, for `shots_from` and `hots_from`; without any if it is not `noisy`.

    Returns (shot, hot, place among the hot pixels or -1); a process that is off is never due.
    """
    shot = (_ONE, _ZERO, np.uint32(0), pixel, _ONE)
    hot = (np.float64(_LATER), np.uint32(0), pixel, np.float64(0.0), np.float64(0.0), np.uint32(0))
    h = np.int64(-1)
    if noisy:
        if physics.shot_per_us > _ZERO:
            reached = state[at.HAZARD + i]
            total = reached - scratch[at.NEW_HAZARD + i]
            shot = (reached, total, sparse.shot_draws[pixel], pixel, sparse.shot_factor[pixel])
        h = find_hot(sparse.hot_start[block], sparse.hot_start[block + 1], sparse.hot_pixel, pixel)
        if h >= 0:
            hot = (
                sparse.hot_next_us[h], sparse.hot_draws[h], pixel, sparse.hot_mean_us[h],
                sparse.hot_go_on[h], sparse.hot_burst[h],
            )  # fmt: skip
    return shot, hot, h


@inlined
def keep_noise(scratch, i, pixel, h, shot, hot, start_us, dt_us, physics, sparse, noisy):
    """Store where the noise stands after the interval: what is left in it fell into dead time."""
    if noisy and physics.shot_per_us > _ZERO:
        _, shot = shots_from(_LATER, shot, dt_us, physics.key_shot_time)
        sparse.shot_draws[pixel] = shot[2]
        scratch[at.NEW_HAZARD + i] = shot[0] - shot[1]
    if h >= 0:
        _, hot = hots_from(_LATER, hot, start_us, dt_us, hot_keys(physics))
        sparse.hot_next_us[h], sparse.hot_draws[h] = hot[0], hot[1]
        sparse.hot_burst[h] = hot[5]


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
def step_pixel(  # noqa: PLR0915 - the whole pixel, to be read in one piece
    state, scratch, i, block, from_s, physics, sparse, start_us, dt_us, base_us, noisy, out, used
):
    """All events of one pixel in a frame interval, in order of time.

    Noise events make the pixel blind for its refractory period, and do not reset it. Any other
    event makes it dead for it, and at its end the reference takes the present value (drive 0);
    without a refractory period it moves by exactly one threshold. What falls into dead or blind
    time is lost, as in a real pixel; a threshold that is exceeded when blindness ends fires at
    that moment.

    Parameters
    ----------
    state, scratch : ndarray of float32
        Rows of the block at the begin and the end of the interval; NEW_HAZARD is less by
        `circuit.shots_expected`, if there is shot noise.
    i, block : int
        The pixel in its block.
    from_s : float32
        Age of the epoch at the begin, seconds.
    physics : Physics
    sparse : Sparse
    start_us, dt_us, base_us : int64
        Begin of the interval since the first frame, its length, and its begin since that of the
        batch.
    noisy : bool
        Whether shot noise and hot pixels are handled here.
    out : (N,) ndarray of uint64
        Packed events are stored from `used` on.

    Returns
    -------
    int
        The number that is stored then, or -1 if `out` is full: then nothing has changed.
    """
    pixel, dt_s = block * at.BLOCK + i, f32(dt_us) * _MICRO
    on, off, leak_draws = state[at.ON + i], state[at.OFF + i], sparse.leak_draws[pixel]
    start, rise, drift, lag0, x = load_drive(state, scratch, i, from_s, dt_us, physics)
    leak_s = state[at.LEAK + i]
    shot, hot, h = load_noise(state, scratch, i, pixel, block, physics, sparse, noisy)

    free, resets = load_dead(state, i)
    z = _ZERO
    ends = piece_ends(rise, drift, lag0, x)
    while free <= dt_us:
        if free > 0:
            z = max(z, f32(np.float64(free) / np.float64(dt_us)))
        lag = lag_of(lag0, rise, x, z)
        if resets:
            start -= drive_of(start, rise, drift, z, lag)
            resets = False
        zc, direction, leaked = next_crossing(z, lag, ends, start, rise, drift, lag0, x, on, off)
        tc = max(microsecond(zc, dt_us), free) if direction != 0 else _LATER
        ts, shot = shots_from(free, shot, dt_us, physics.key_shot_time)
        th, hot = hots_from(free, hot, start_us, dt_us, hot_keys(physics))
        t = min(tc, min(ts, th))
        if t == _LATER:
            break
        if t == tc:
            kind, rising, z = LEAK if leaked else SIGNAL, direction > 0, zc
            if leaked and physics.leak_jitter > _ZERO:
                leak_s, start = new_leak(leak_s, start, z, dt_s, pixel, physics, sparse)
                drift = drift_per_s(leak_s, physics) * dt_s
                ends = piece_ends(rise, drift, lag0, x)
            resets = physics.refractory_us > 0
            if not resets:
                start -= on if rising else -off
        elif t == ts:
            u = uniform_draw(physics.key_shot_polarity, pixel, shot[2])
            kind, rising = SHOT, u < sparse.shot_on_share[pixel]
            shot = next_shot(shot, physics.key_shot_time)
        else:
            u = uniform_draw(physics.key_hot_polarity, pixel, hot[5])
            kind, rising = HOT, u < sparse.hot_on_share[h]
            hot = next_hot(hot, hot_keys(physics))
        if used == out.size:
            sparse.leak_draws[pixel] = leak_draws
            return np.int64(-1)
        out[used] = pack(base_us + t, pixel, kind, rising)
        used += 1
        if physics.refractory_us > 0:
            free = t + physics.refractory_us

    keep_noise(scratch, i, pixel, h, shot, hot, start_us, dt_us, physics, sparse, noisy)
    keep_drive(state, i, from_s, start, leak_s, physics)
    keep_dead(state, i, free - dt_us, resets)
    return used


@bare
def follow_some(
    state, scratch, ordered, c, n, block, from_s, physics, sparse, start_us, dt_us, base_us, noisy,
    out, used,
):  # fmt: skip
    """Follow the pixels from place c on, until all are or `out` is full; returns (c, used)."""
    while c < n:
        more = step_pixel(
            state, scratch, ordered[c], block, from_s, physics, sparse, start_us, dt_us, base_us,
            noisy, out, used,
        )  # fmt: skip
        if more < 0:
            break
        c, used = c + 1, more
    return c, used


@kernel
def follow_pixels(
    state, scratch, ordered, n, block, from_s, physics, sparse, start_us, dt_us, base_us, noisy,
    out, used,
):  # fmt: skip
    """All events of some pixels of a block in a frame interval, see `step_pixel`.

    Returns (out, used).
    """
    c = np.int64(0)
    while True:
        c, used = follow_some(
            state, scratch, ordered, c, n, block, from_s, physics, sparse, start_us, dt_us,
            base_us, noisy, out, used,
        )  # fmt: skip
        if c == n:
            return out, used
        out = grown(out, used)
