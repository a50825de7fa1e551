"""Crossings of a threshold, against root finding in double precision."""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from eventsim.pixel.circuit import drive_of, lag_of
from eventsim.pixel.solver import (
    NEVER,
    first_guess,
    newton_step,
    next_crossing,
    piece_ends,
    root_on_piece,
    turning_point,
)

f32 = np.float32
LN = st.floats(-3, 3, width=32)
X = st.one_of(st.just(0.0), st.floats(0.0078125, 80, width=32))
THRESHOLD = st.floats(0.015625, 1, width=32)
GRID = np.linspace(0, 1, 4001)
NOISE = 1e-5
"""Rounding of a float32 drive of a few ln, with room: ten times its spacing, and the tolerance."""


def lag(rise, lag0, x, z):
    return lag0 * np.exp(-x * z) + rise * np.expm1(-x * z) / x if x > 0 else 0.0 * z


def drive(start, rise, leak, lag0, x, z):
    """The drive in double precision."""
    return start + (rise + leak) * z + lag(rise, lag0, x, z)


def slope(rise, leak, lag0, x, z):
    return leak - x * lag(rise, lag0, x, z) if x > 0 else rise + leak


def first_crossing(z0, args, on, off):
    """First crossing at or after z0 by dense search and brentq: (z, direction) or None."""
    z = np.concatenate([[z0], GRID[GRID > z0]])
    d = drive(*args, z)
    over = np.flatnonzero((d >= on) | (d <= -off))
    if not over.size:
        return None
    k = int(over[0])
    direction = 1 if d[k] >= on else -1
    if k == 0:
        return z0, direction
    level = on if direction > 0 else -off
    root = brentq(lambda u: drive(*args, u) - level, z[k - 1], z[k], xtol=1e-13)
    return root, direction


def solve(z0, args, on, off):
    start, rise, leak, lag0, x = (f32(a) for a in args)
    here, ends = lag_of(lag0, rise, x, f32(z0)), piece_ends(rise, leak, lag0, x)
    z, direction, leaked = next_crossing(
        f32(z0), here, ends, start, rise, leak, lag0, x, f32(on), f32(off)
    )
    return float(z), direction, leaked


def clearance(z0, args, on, off):
    """How far the extrema of the drive are from the thresholds: below NOISE rounding decides."""
    _, rise, leak, lag0, x = args
    ends = [z0, 1.0]
    below = x * lag0 + rise
    if x > 0 and below != 0 and 0 < (leak + rise) / below < 1:
        ends.append(-math.log((leak + rise) / below) / x)
    d = drive(*args, np.array([e for e in ends if z0 <= e <= 1]))
    return min(np.abs(d - on).min(), np.abs(d + off).min())


@given(start=LN, rise=LN, leak=st.floats(0, 1, width=32), lag0=LN, x=X, on=THRESHOLD, off=THRESHOLD)
@example(start=0.0, rise=0.0, leak=0.0, lag0=0.5, x=80.0, on=0.25, off=0.25)
@example(start=0.1, rise=-1.0, leak=0.0, lag0=1.0, x=2.0, on=0.5, off=0.5)
@example(start=0.0, rise=1.0, leak=0.0, lag0=-1.0, x=20.0, on=0.25, off=0.25)
@settings(max_examples=1500, deadline=None)
def test_first_crossing_against_double_precision(start, rise, leak, lag0, x, on, off):
    args = (start, rise, leak, lag0, x)
    assume(clearance(0.0, args, on, off) > NOISE)
    expected = first_crossing(0.0, args, on, off)
    z, direction, _ = solve(0.0, args, on, off)
    if expected is None:
        assert (z, direction) == (NEVER, 0)
        return
    assert direction == expected[1]
    # Rounding of the drive moves the root by its share of the slope.
    steep = abs(slope(rise, leak, lag0, x, expected[0]))
    curved = x * abs(x * lag(rise, lag0, x, expected[0]) + rise)
    shift = min(2e-6 / max(steep, 1e-12), math.sqrt(4e-6 / max(curved, 1e-12)))
    assert abs(z - expected[0]) <= 1e-5 + shift


@given(
    rise=st.floats(0.25, 3, width=32),
    x=X,
    on=THRESHOLD,
    z0=st.floats(0, 0.875, width=32),
    up=st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_it_begins_at_z0(rise, x, on, z0, up):
    args = (0.0, rise if up else -rise, 0.0, 0.0, x)
    assume(clearance(z0, args, on, on) > NOISE)
    expected = first_crossing(z0, args, on, on)
    z, direction, _ = solve(z0, args, on, on)
    if expected is None:
        assert direction == 0
    else:
        assert z >= f32(z0)
        assert direction == expected[1] == (1 if up else -1)
        assert abs(z - expected[0]) <= 1e-5 + 2e-6 / max(
            abs(slope(args[1], 0, 0, x, expected[0])), 1e-9
        )


def test_a_line_by_hand():
    # From -0.1 rising by 1: reaches 0.2 at 0.3.
    assert solve(0, (-0.1, 1, 0, 0, 0), 0.2, 0.2) == (pytest.approx(0.3, abs=1e-6), 1, False)
    assert solve(0, (0.1, -1, 0, 0, 0), 0.2, 0.2) == (pytest.approx(0.3, abs=1e-6), -1, False)


def test_a_step_response_by_hand():
    # D = 1 - exp(-4 z) crosses 0.6 at -ln(0.4) / 4.
    z, direction, _ = solve(0, (1, 0, 0, -1, 4), 0.6, 0.6)
    assert z == pytest.approx(-math.log(0.4) / 4, abs=1e-6)
    assert direction == 1


def test_still_is_never():
    assert solve(0, (0, 0, 0, 0, 0), 0.2, 0.2)[:2] == (NEVER, 0)
    assert solve(0, (0, 0, 0, 0, 5), 0.2, 0.2)[:2] == (NEVER, 0)


def test_there_and_back_gives_the_first_of_two():
    # Up from 0 to about 0.2 and down to -0.4: with 0.1 ON comes first; 0.5 is not reached, OFF is.
    args = (1.0, -2.0, 0.0, -1.0, 3.0)
    d = drive(*args, GRID)
    assert d.max() > 0.15
    assert d[-1] < -0.4
    top = float(GRID[d.argmax()])
    z, direction, _ = solve(0, args, 0.1, 0.3)
    assert direction == 1
    assert z < top
    z, direction, _ = solve(0, args, 0.5, 0.3)
    assert direction == -1
    assert z > top


def test_beyond_a_threshold_already_fires_at_once():
    assert solve(0.25, (0.5, 0, 0, 0, 0), 0.2, 0.2)[:2] == (0.25, 1)
    assert solve(0.25, (-0.5, 0, 0, 0, 0), 0.2, 0.2)[:2] == (0.25, -1)


def test_leak_is_blamed_if_it_did_more_than_the_light():
    # Up to the end of the interval leak adds 0.3, light 0.2 or 0.4.
    assert solve(0, (0, 0.2, 0.3, 0, 0), 0.4, 0.4)[1:] == (1, True)
    assert solve(0, (0, 0.4, 0.3, 0, 0), 0.4, 0.4)[1:] == (1, False)


def test_an_end_short_of_the_threshold_by_rounding_counts():
    short = f32(0.2) - f32(1e-6)
    assert solve(0, (0, short, 0, 0, 0), 0.2, 0.2)[:2] == (1.0, 1)
    assert solve(0, (0, -short, 0, 0, 0), 0.2, 0.2)[:2] == (1.0, -1)
    assert solve(0, (0, 0.2 - 1e-5, 0, 0, 0), 0.2, 0.2)[1] == 0


@given(rise=LN, leak=st.floats(0, 1, width=32), lag0=LN, x=X)
@settings(max_examples=500, deadline=None)
def test_turning_point(rise, leak, lag0, x):
    turn = float(turning_point(f32(rise), f32(leak), f32(lag0), f32(x)))
    s0, s1 = slope(rise, leak, lag0, x, 0.0), slope(rise, leak, lag0, x, 1.0)
    scale = 1e-5 * (1 + x * abs(lag0) + abs(rise))
    if turn != NEVER:
        assert 0 < turn < 1
        assert slope(rise, leak, lag0, x, turn) == pytest.approx(0, abs=scale)
    elif min(abs(s0), abs(s1)) > scale:
        assert (s0 > 0) == (s1 > 0)


def test_first_guess():
    # A line is guessed exactly; a root at an end is that end.
    assert first_guess(f32(-0.25), f32(0.75), f32(1), f32(1)) == pytest.approx(0.25, abs=1e-6)
    assert first_guess(f32(0), f32(1), f32(1), f32(1)) == 0
    assert first_guess(f32(-1), f32(0), f32(1), f32(1)) == 1
    # Steep at its start: the root comes earlier than on the line.
    assert 0 < first_guess(f32(-0.5), f32(0.5), f32(5), f32(0.1)) < 0.5


def test_a_newton_step_stays_in_its_bracket():
    # D = 0.95 - exp(-40 z): flat beyond 0.1, root at 0.00128.
    args = [f32(a) for a in (0.95, 0, 0, -1, 40)]
    z, low, high = newton_step(f32(1), f32(0), f32(1), *args)
    assert low == 0
    assert high == 1
    assert z == 0.5  # the step along the flat end would leave the bracket: its middle
    z, low, high = newton_step(f32(0), f32(0), f32(1), *args)
    assert low == 0
    assert z == pytest.approx(0.05 / 40, rel=1e-3)


@pytest.mark.parametrize("sign", [1, -1])
def test_root_on_piece(sign):
    args = [f32(sign * a) for a in (0, 1, 0, -0.5)]  # start, rise, leak, lag0
    ends = [(f32(z), lag_of(args[3], args[1], f32(6), f32(z))) for z in (0, 1)]
    z = root_on_piece(*ends, f32(sign * 0.2), f32(sign), *args, f32(6))
    assert drive(*(float(a) for a in args), 6.0, float(z)) == pytest.approx(sign * 0.2, abs=1e-6)


def test_oracle_and_kernels_are_of_the_same_drive():
    rng = np.random.default_rng(0)
    for start, rise, lag0 in rng.uniform(-2, 2, (20, 3)):
        leak, x, z = rng.uniform(0, [0.5, 20, 1])
        args = [f32(a) for a in (start, rise, leak, lag0, x)]
        here = lag_of(args[3], args[1], args[4], f32(z))
        found = drive_of(*args[:3], f32(z), here)
        assert found == pytest.approx(drive(*map(float, args), z), abs=3e-6)
        assert args[2] - args[4] * here == pytest.approx(slope(*map(float, args[1:]), z), abs=6e-5)


def test_pieces_of_a_drive_end_where_it_turns_and_with_the_interval():
    turn, lag_turn, lag_end = piece_ends(f32(1), f32(0), f32(1.5), f32(4))
    assert turn == pytest.approx(math.log(7) / 4, abs=1e-6)
    assert lag_turn == pytest.approx(0, abs=1e-6)  # output and light cross there
    assert lag_end == pytest.approx(1.5 * math.exp(-4) - (1 - math.exp(-4)) / 4, abs=1e-6)
    assert piece_ends(f32(1), f32(0), f32(0), f32(0)) == (NEVER, 0, 0)
