"""Noise events: shot noise and hot pixels.

A noise event costs a random number; a pixel and frame without one costs none. Each
pixel carries what is left of its *hazard*, an exponential draw from which the
expected number of events is subtracted; where it runs out, the event falls. That is
an exact Poisson process for any course of the rate.

Noise events do not reset the pixel: taking them away from a stream leaves
the clean stream (without a refractory period), and leak and shot noise keep the rates
that were asked for when both are on.
"""

from typing import NamedTuple

import numpy as np

from eventsim.packets.compiled import bare, kernel
from eventsim.packets.packing import HOT, SHOT, grown, microsecond, pack
from eventsim.pixel import layout as at
from eventsim.pixel.draws import exponential_draw, minus_log, mix64, uniform_draw, unit
from eventsim.pixel.screen import NOISE
from eventsim.pixel.settings import BURST_US
from eventsim.random import GOLDEN

f32 = np.float32
_ONE32, _ONE64 = np.uint32(1), np.uint64(1)
_PIXEL, _S12 = np.uint64(32), np.uint64(12)

# Rows of the noisy pixels of a block.
N_Z, N_NEXT, N_ON, N_SHARE, N_FACTOR, N_REACHED, N_LEFT, N_TOTAL = (
    k * (at.BLOCK + at.PAD) for k in range(8)
)
NOISY_BITS = 2 * (at.BLOCK + at.PAD)
"""Numbers of 64 bits: first those of the polarity, from `N_NEXT` on those of the next event."""


class Shots(NamedTuple):
    """Of each pixel: probability of ON, rate over mean rate, and draws so far."""

    on_share: np.ndarray
    factor: np.ndarray
    draws: np.ndarray


@kernel
def hazard_draw(key, pixel, draws, factor):
    """Hazard of a pixel until its next shot event, in expected events of a mean pixel."""
    return f32(exponential_draw(key, pixel, draws)) / factor


@kernel
def shot_time(reached, total, dt_us):
    """When a hazard that falls evenly by `total` over the interval has fallen by `reached`."""
    return microsecond(reached / total, dt_us)


@kernel
def hot_time(next_us, start_us, dt_us):
    """When an event that is due falls in the interval that begins at `start_us`."""
    return microsecond((next_us - np.float64(start_us)) / np.float64(dt_us), dt_us)


@kernel
def gather_shots(state, scratch, noisy, n, first_pixel, shots, rows, bits):
    """Collect what decides about the noisy pixels of a block, and count their draws on."""
    for c in range(n):
        i = noisy[c]
        pixel = first_pixel + i
        draws = shots.draws[pixel]
        shots.draws[pixel] = draws + _ONE32
        bits[c] = (np.uint64(pixel) << _PIXEL) | np.uint64(draws)
        rows[N_SHARE + c] = shots.on_share[pixel]
        rows[N_FACTOR + c] = shots.factor[pixel]
        rows[N_REACHED + c] = state[at.HAZARD + i]
        rows[N_LEFT + c] = scratch[at.NEW_HAZARD + i]


@kernel
def draw_shots(n, keys, rows, bits):
    """The first shot event of each noisy pixel: moment, polarity, and the hazard after it.

    The draws are those of `uniform_draw` and `hazard_draw`, side by side in vectors.
    """
    for c in range(n):
        bits[N_NEXT + c] = mix64(keys[0] + (bits[c] + _ONE64) * GOLDEN)
        bits[c] = mix64(keys[1] + bits[c] * GOLDEN)
    for c in range(n):
        u = (np.float64(np.int64(bits[c] >> _S12)) + 0.5) * 2.0**-52
        rows[N_ON + c] = f32(u < np.float64(rows[N_SHARE + c]))
    for c in range(n):
        u = unit(bits[N_NEXT + c])
        rows[N_NEXT + c] = rows[N_REACHED + c] + minus_log(u) / rows[N_FACTOR + c]
        # What is left is negative: the hazard has fallen by more than there was.
        rows[N_TOTAL + c] = rows[N_REACHED + c] - rows[N_LEFT + c]
        rows[N_Z + c] = rows[N_REACHED + c] / rows[N_TOTAL + c]


@kernel
def shot_events(
    state, scratch, noisy, n, first_pixel, keys, shots, rows, bits, dt_us, base_us, out, used
):
    """Store the shot events of the noisy pixels of a block without refractory period.

    `draws` of the pixels are advanced; returns (out, used).
    """
    gather_shots(state, scratch, noisy, n, first_pixel, shots, rows, bits)
    draw_shots(n, keys, rows, bits)
    while used + n > out.size:
        out = grown(out, used)
    for c in range(n):
        t = base_us + microsecond(rows[N_Z + c], dt_us)
        out[used + c] = pack(t, first_pixel + noisy[c], SHOT, rows[N_ON + c] != f32(0.0))
    used += n
    for c in range(n):
        i = noisy[c]
        total, reached = rows[N_TOTAL + c], rows[N_NEXT + c]
        while reached <= total:
            if used == out.size:
                out = grown(out, used)
            pixel = first_pixel + i
            draws = shots.draws[pixel]
            on = uniform_draw(keys[1], pixel, draws) < shots.on_share[pixel]
            out[used] = pack(base_us + shot_time(reached, total, dt_us), pixel, SHOT, on)
            used += 1
            draws += _ONE32
            shots.draws[pixel] = draws
            reached += hazard_draw(keys[0], pixel, draws, shots.factor[pixel])
        scratch[at.NEW_HAZARD + i] = reached - total
    return out, used


@kernel
def hot_keys(physics):
    """Keys of the times, polarities and bursts of hot pixels."""
    return physics.key_hot_time, physics.key_hot_polarity, physics.key_hot_burst


@kernel
def after_hot(next_us, keys, pixel, draws, burst, mean_us, go_on):
    """When a hot pixel fires after event number `draws - 1`, and the event its burst began with."""
    if go_on > 0.0 and uniform_draw(keys[2], pixel, draws) < go_on:
        return next_us + BURST_US, burst
    return next_us + mean_us * exponential_draw(keys[0], pixel, draws), draws


@kernel
def hot_events(
    first,
    last,
    sparse,
    keys,
    start_us,
    dt_us,
    base_us,
    out,
    used,
):
    """Store the events of hot pixels first..last without refractory period.

    `keys` are those of the times, the polarities and the bursts.
    """
    for h in range(first, last):
        pixel = sparse.hot_pixel[h]
        while sparse.hot_next_us[h] <= start_us + dt_us:
            if used == out.size:
                out = grown(out, used)
            t = base_us + hot_time(sparse.hot_next_us[h], start_us, dt_us)
            on = uniform_draw(keys[1], pixel, sparse.hot_burst[h]) < sparse.hot_on_share[h]
            out[used] = pack(t, pixel, HOT, on)
            used += 1
            sparse.hot_draws[h] += _ONE32
            sparse.hot_next_us[h], sparse.hot_burst[h] = after_hot(
                sparse.hot_next_us[h], keys, pixel, sparse.hot_draws[h], sparse.hot_burst[h],
                sparse.hot_mean_us[h], sparse.hot_go_on[h],
            )  # fmt: skip
    return out, used


@kernel
def flag_hot(flags, first, last, hot_pixel, hot_next_us, first_pixel, end_us):
    """Flag the hot pixels first..last that fire up to `end_us`."""
    for h in range(first, last):
        if hot_next_us[h] <= end_us:
            flags[hot_pixel[h] - first_pixel] |= NOISE


@bare
def find_hot(first, last, hot_pixel, pixel):
    """Index of a pixel among the hot ones first..last, which are sorted, or -1."""
    end = last
    while first < last:
        middle = (first + last) >> 1
        if hot_pixel[middle] < pixel:
            first = middle + 1
        else:
            last = middle
    return first if first < end and hot_pixel[first] == pixel else np.int64(-1)
