"""Pixels whose events depend on each other: one event after the other.

With a refractory period the memory is set by what the light does at the end of the
dead time; a leak interval draws its own leak; a drive that turns inside the interval
may cross one threshold and then the other. Such pixels are followed in order of time.
"""

import numpy as np

from eventsim.pixel import layout as at
from eventsim.pixel.circuit import drive_at
from eventsim.pixel.compiled import kernel
from eventsim.pixel.draws import exponential_draw, leak_draw, uniform_draw
from eventsim.pixel.noise import find_hot, hazard_draw, hot_time, shot_time
from eventsim.pixel.packing import HOT, LEAK, SHOT, SIGNAL, grown, microsecond, pack
from eventsim.pixel.solver import next_crossing

f32 = np.float32
_ZERO, _ONE, _MICRO = f32(0.0), f32(1.0), f32(1e-6)
_OFFSET2 = f32(40.0)  # twice circuit.DARK_OFFSET_DN
_ONE32 = np.uint32(1)
_LATER = np.int64(1 << 62)


@kernel
def shots_from(earliest, reached, total, draws, dt_us, key, pixel, factor):  # type: ignore[no-untyped-def]
    """Pass over the shot events before `earliest`; returns (time or _LATER, reached, draws)."""
    while reached <= total:
        t = shot_time(reached, total, dt_us)
        if t >= earliest:
            return t, reached, draws
        draws += _ONE32
        reached += hazard_draw(key, pixel, draws, factor)
    return _LATER, reached, draws


@kernel
def hots_from(earliest, next_us, draws, start_us, dt_us, key, pixel, mean_us):  # type: ignore[no-untyped-def]
    """Pass over the hot-pixel events before `earliest`; returns (time or _LATER, next, draws)."""
    while next_us <= start_us + dt_us:
        t = hot_time(next_us, start_us, dt_us)
        if t >= earliest:
            return t, next_us, draws
        draws += _ONE32
        next_us += mean_us * exponential_draw(key, pixel, draws)
    return _LATER, next_us, draws


@kernel
def follow_pixels(state, scratch, ordered, n, block, from_s, physics, rare, start_us, dt_us, base_us, out, used):  # type: ignore[no-untyped-def]
    """All events of some pixels in a frame interval, each pixel in order of time.

    Noise events are handled here only if there is a refractory period: they make the pixel
    blind for it and leave its memory alone. Any other event makes it dead for it, and at its end
    the memory takes the present value (drive 0). Without a refractory period the memory moves by
    exactly one threshold. What falls into dead or blind time is lost, as in a real pixel; a
    threshold that is exceeded when blindness ends fires at that moment.

    Returns (out, used).
    """
    refractory = physics.refractory_us
    noisy = refractory > 0
    shot = noisy and physics.shot_per_us > _ZERO
    dt_s = f32(dt_us) * _MICRO
    hot_first, hot_last = rare.hot_start[block], rare.hot_start[block + 1]
    for c in range(n):
        i = ordered[c]
        pixel = block * at.BLOCK + i
        on, off = state[at.ON + i], state[at.OFF + i]
        rise = scratch[at.LOG + i] - state[at.LOG + i]
        light = state[at.LUMINANCE + i] + scratch[at.LUMINANCE + i] + _OFFSET2
        x = physics.bandwidth_per_dn_us * f32(dt_us) * light
        lag0 = state[at.LAG + i]
        leak_s = state[at.LEAK + i]
        start = state[at.LOG + i] - state[at.MEMORY + i] + leak_s * from_s
        leak_draws = rare.leak_draws[pixel]

        shot_draws, factor, reached, total = np.uint32(0), _ONE, _ONE, _ZERO
        if shot:
            shot_draws, factor = rare.shot_draws[pixel], rare.shot_factor[pixel]
            reached = state[at.HAZARD + i]
            total = reached - scratch[at.NEW_HAZARD + i]
        h = find_hot(hot_first, hot_last, rare.hot_pixel, pixel) if noisy else np.int64(-1)
        hot_next, hot_draws = np.float64(_LATER), np.uint32(0)
        if h >= 0:
            hot_next, hot_draws = rare.hot_next_us[h], rare.hot_draws[h]

        # `free` is the first microsecond at which the pixel may fire; what is left of it at the
        # end of the interval is kept in DEAD, negative if the memory is not to be reset.
        dead = np.int64(state[at.DEAD + i])
        free = abs(dead)
        resets = dead > 0
        z = _ZERO
        while free <= dt_us:
            if free > 0:
                z = max(z, f32(np.float64(free) / np.float64(dt_us)))
            if resets:
                start -= drive_at(start, rise, leak_s * dt_s, lag0, x, z)
                resets = False
            zc, direction, leaked = next_crossing(z, start, rise, leak_s * dt_s, lag0, x, on, off)
            tc = max(microsecond(zc, dt_us), free) if direction != 0 else _LATER
            ts, reached, shot_draws = shots_from(
                free, reached, total, shot_draws, dt_us, physics.key_shot_time, pixel, factor
            )
            th, hot_next, hot_draws = hots_from(
                free, hot_next, hot_draws, start_us, dt_us, physics.key_hot_time, pixel,
                physics.hot_mean_us,
            )  # fmt: skip
            t = min(tc, min(ts, th))
            if t == _LATER:
                break
            kind, rising = SIGNAL, True
            if t == tc:
                kind = LEAK if leaked else SIGNAL
                rising = direction > 0
                z = zc
                if leaked and physics.leak_jitter > _ZERO:
                    leak_draws += _ONE32
                    drawn = leak_draw(
                        physics.key_leak_jitter, pixel, leak_draws, rare.leak_log_s[pixel],
                        physics.leak_jitter,
                    )  # fmt: skip
                    start += (leak_s - drawn) * dt_s * z
                    leak_s = drawn
                if noisy:
                    resets = True
                else:
                    start -= on if rising else -off
            elif t == ts:
                kind = SHOT
                share = rare.shot_on_share[pixel]
                rising = uniform_draw(physics.key_shot_polarity, pixel, shot_draws) < share
            else:
                kind = HOT
            if used == out.size:
                out = grown(out, used)
            out[used] = pack(base_us + t, pixel, kind, rising)
            used += 1
            if noisy:
                free = t + refractory

        if shot:  # the noise that is left in the interval falls into dead time
            _, reached, shot_draws = shots_from(
                _LATER, reached, total, shot_draws, dt_us, physics.key_shot_time, pixel, factor
            )
            rare.shot_draws[pixel] = shot_draws
            scratch[at.NEW_HAZARD + i] = reached - total
        if h >= 0:
            _, hot_next, hot_draws = hots_from(
                _LATER, hot_next, hot_draws, start_us, dt_us, physics.key_hot_time, pixel,
                physics.hot_mean_us,
            )  # fmt: skip
            rare.hot_next_us[h], rare.hot_draws[h] = hot_next, hot_draws
        left = max(free - dt_us, np.int64(0))
        state[at.DEAD + i] = f32(left if resets else -left)
        rare.leak_draws[pixel] = leak_draws
        state[at.LEAK + i] = leak_s
        state[at.MEMORY + i] = state[at.LOG + i] + leak_s * from_s - start
    return out, used
