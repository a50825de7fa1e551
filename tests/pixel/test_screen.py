"""The screen leaves no pixel out that does something."""

import numpy as np
import pytest

from eventsim import Encoding, SensorSize
from eventsim.pixel import layout as at
from eventsim.pixel.array import PixelArray
from eventsim.pixel.circuit import lag_at, lag_of
from eventsim.pixel.physics import make_physics
from eventsim.pixel.screen import (
    CROSSED,
    NOISE,
    compare,
    flagged,
    follow_light,
    run_hazard,
    wake_dead,
)
from eventsim.pixel.settings import PixelSettings
from eventsim.pixel.solver import next_crossing, piece_ends

f32 = np.float32
N = at.BLOCK
DT_US = np.int64(20_000)


def random_block(seed=0):
    """State and scratch of a block at the end of an interval, as after a busy scene."""
    rng = np.random.default_rng(seed)
    state = np.zeros(at.ROWS * at.BLOCK, f32)
    scratch = np.zeros(at.SCRATCH_ROWS * at.BLOCK, f32)
    log0, log1 = rng.uniform(1, 5.5, (2, N))
    log1 = np.where(rng.random(N) < 0.5, log0 + rng.normal(0, 0.1, N), log1)
    for rows, start, values in (
        (state, at.LOG, log0),
        (state, at.LUMINANCE, np.exp(log0)),
        (state, at.LAG, rng.normal(0, 0.3, N)),
        (state, at.ON, rng.uniform(0.1, 0.3, N)),
        (state, at.OFF, rng.uniform(0.1, 0.3, N)),
        (state, at.LEAK, rng.uniform(0, 0.5, N)),
        (scratch, at.LOG, log1),
        (scratch, at.LUMINANCE, np.exp(log1)),
    ):
        rows[start : start + N] = values
    # Within the thresholds at the start, as a pixel is that has fired what it had to.
    drive = rng.uniform(-1, 1, N)
    drive *= np.where(drive > 0, state[at.ON : at.ON + N], state[at.OFF : at.OFF + N])
    state[at.REFERENCE : at.REFERENCE + N] = (
        state[at.LOG : at.LOG + N] + state[at.LAG : at.LAG + N] - drive.astype(f32)
    )
    return state, scratch


def row(rows, start):
    return rows[start : start + N]


def test_a_drive_that_the_leak_turns_back_is_flagged():
    # 0.21 down within 1 us, then still for 1 s: the output is 0.2 down after some 10 ms, and the
    # leak of 0.1 ln/s has it back within the threshold long before the next frame.
    settings = PixelSettings(photoreceptor_cutoff_hz=300, leak_rate_hz=0.5)
    counts = []
    for t_us in ([0, 1, 1_000_001], [0, 1, *range(1001, 1_000_002, 1000)]):
        p = PixelArray(SensorSize(1, 1), settings, Encoding("log"), threads=1)
        logs = np.full((len(t_us), 1, 1), 2.79, f32)
        logs[0] = 3
        counts.append(len(p.push(logs, np.array(t_us)).events))
    assert counts == [1, 1]


@pytest.mark.parametrize(
    ("cutoff_hz", "leak_hz"),
    [(0, 0), (0, 1), (40, 0), (40, 1), (4000, 1)],
)
def test_every_pixel_that_crosses_is_flagged(cutoff_hz, leak_hz):
    physics = make_physics(
        PixelSettings(photoreceptor_cutoff_hz=cutoff_hz, leak_rate_hz=leak_hz), 1
    )
    state, scratch = random_block()
    if not leak_hz:
        row(state, at.LEAK)[:] = 0
    if not cutoff_hz:
        row(state, at.REFERENCE)[:] += row(state, at.LAG) * -1
        row(state, at.LAG)[:] = 0
    flags = np.zeros(N, np.uint8)
    bandwidth = f32(physics.bandwidth_per_dn_us * f32(DT_US))
    to_s = f32(DT_US * 1e-6)
    follow_light(state, scratch, N, physics, DT_US)
    compare(state, scratch, flags, N, physics, f32(0), DT_US)
    missed = crossing = 0
    for i in range(N):
        x = bandwidth * (state[at.LUMINANCE + i] + scratch[at.LUMINANCE + i] + f32(40))
        rise = scratch[at.LOG + i] - state[at.LOG + i]
        leak, lag0, x = state[at.LEAK + i] * to_s, state[at.LAG + i], f32(x)
        _, direction, _ = next_crossing(
            f32(0),
            lag_of(lag0, rise, x, f32(0)),
            piece_ends(rise, leak, lag0, x),
            state[at.LOG + i] - state[at.REFERENCE + i],
            rise,
            leak,
            lag0,
            x,
            state[at.ON + i],
            state[at.OFF + i],
        )
        crossing += direction != 0
        missed += direction != 0 and not flags[i] & CROSSED
    assert crossing > 500
    assert missed == 0
    # And it is worth its while: few are flagged in vain.
    assert np.count_nonzero(flags) < 1.2 * crossing


def test_follow_light_is_the_lag_at_the_end():
    state, scratch = random_block(1)
    physics = make_physics(PixelSettings(photoreceptor_cutoff_hz=13), 1)
    bandwidth = physics.bandwidth_per_dn_us * f32(DT_US)
    follow_light(state, scratch, N, physics, DT_US)
    for i in range(0, N, 97):
        x = bandwidth * (state[at.LUMINANCE + i] + scratch[at.LUMINANCE + i] + f32(40))
        rise = scratch[at.LOG + i] - state[at.LOG + i]
        expected = lag_at(state[at.LAG + i], rise, f32(x), f32(1))
        assert scratch[at.NEW_LAG + i] == pytest.approx(expected, abs=1e-6)


def test_hazard_falls_by_the_expected_number_of_events():
    # 10 Hz nominal for 20 ms at 100 DN: 0.2 (1 - 0.75 * 120 / 275) events.
    physics = make_physics(PixelSettings(shot_noise_rate_hz=10), 1)
    state, scratch = random_block(2)
    for rows in (state, scratch):
        row(rows, at.LUMINANCE)[:] = 100
    row(state, at.HAZARD)[:] = np.linspace(0.01, 1, N)
    flags = np.zeros(N, np.uint8)
    run_hazard(state, scratch, flags, N, physics, DT_US)
    used = 0.2 * (1 - 0.75 * 120 / 275)
    expected = row(state, at.HAZARD) - used
    assert row(scratch, at.NEW_HAZARD) == pytest.approx(expected, abs=1e-6)
    assert np.array_equal(flags == NOISE, row(scratch, at.NEW_HAZARD) <= 0)


def test_without_shot_noise_nothing_is_noisy():
    state, scratch = random_block(3)
    flags = np.zeros(N, np.uint8)
    run_hazard(state, scratch, flags, N, make_physics(PixelSettings(), 1), DT_US)
    assert not flags.any()


def test_dead_and_blind_pixels_are_looked_at():
    state, _ = random_block(4)
    row(state, at.DEAD)[[3, 700]] = [5.0, -5.0]
    flags = np.zeros(N, np.uint8)
    wake_dead(state, flags, N)
    assert np.flatnonzero(flags).tolist() == [3, 700]


@pytest.mark.parametrize("n", [1, 7, 8, 9, 1000, N])
@pytest.mark.parametrize("share", [0.0, 0.01, 1.0])
def test_flagged_lists_the_pixels_of_a_mask_in_order(n, share):
    rng = np.random.default_rng(n)
    flags = np.zeros(N, np.uint8)
    flags[:n] = np.where(rng.random(n) < share, rng.integers(1, 4, n), 0)
    chosen = np.empty(N + 8, np.int64)
    for mask in (CROSSED, NOISE, np.uint8(CROSSED | NOISE)):
        count = flagged(flags, flags.view(np.uint64), n, mask, chosen)
        assert chosen[:count].tolist() == np.flatnonzero(flags & mask).tolist()
