"""The equations of the pixel, against formulas and against numerical integration."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from eventsim.packets.compiled import kernel
from eventsim.pixel.circuit import (
    decay_minus_one,
    drive_of,
    lag_at,
    lag_of,
    lin_log,
    photoreceptor_tau_s,
    shot_noise_rate_hz,
    tolerance,
)

f32 = np.float32
LN = st.floats(-3, 3, width=32)


@kernel
def decays(x, out):
    for k in range(x.size):
        out[k] = decay_minus_one(x[k])


def test_lin_log_known_values():
    # ln I above 20 DN, a straight line through the origin below.
    dn = [0, 5, 10, 20, 100, 255]
    expected = [0, math.log(20) / 4, math.log(20) / 2, math.log(20), math.log(100), math.log(255)]
    assert lin_log(np.array(dn)) == pytest.approx(expected, rel=1e-14)
    assert lin_log(np.array(dn)).dtype == np.float64


def test_lin_log_is_continuous_and_rises():
    dn = np.linspace(0, 255, 100_001)
    steps = np.diff(lin_log(dn))
    assert steps.min() > 0
    # No jump: nowhere steeper than its straight part.
    assert steps.max() < 0.00255 * math.log(20) / 20 * 1.0001


def test_lin_log_keeps_the_shape():
    assert lin_log(np.ones((2, 3))).shape == (2, 3)
    assert float(lin_log(20.0)) == pytest.approx(math.log(20))


@pytest.mark.parametrize(
    ("dn", "share"), [(0, 1 - 0.75 * 20 / 275), (117.5, 1 - 0.75 / 2), (255, 0.25), (1000, 0.25)]
)
def test_shot_noise_rate(dn, share):
    assert shot_noise_rate_hz(dn, 8.0) == pytest.approx(8 * share)


@pytest.mark.parametrize(("dn", "factor"), [(255, 1), (117.5, 2), (0, 13.75)])
def test_photoreceptor_tau(dn, factor):
    # 30 Hz at white is 5.305 ms; at (I + 20) = 137.5 twice, at 20 13.75 times as long.
    assert photoreceptor_tau_s(dn, 30) == pytest.approx(factor * 5.305165e-3, rel=1e-6)
    assert photoreceptor_tau_s(dn, 60) == pytest.approx(photoreceptor_tau_s(dn, 30) / 2)


def test_decay_minus_one_over_its_range():
    x = np.concatenate([[0], np.geomspace(1e-30, 79.9, 40_000)]).astype(f32)
    out = np.empty_like(x)
    decays(x, out)
    exact = np.expm1(-x.astype(np.float64))
    assert out[0] == 0
    assert np.abs(out[1:] / exact[1:] - 1).max() < 4e-7
    assert out.dtype == f32


def test_decay_minus_one_far_out_is_minus_one():
    x = np.array([80, 100, 1e4, 3e38], f32)
    out = np.empty_like(x)
    decays(x, out)
    assert out.tolist() == [-1] * 4


def test_tolerance():
    assert tolerance(f32(0)) == 0
    assert tolerance(f32(0.001)) == tolerance(f32(-0.001)) == pytest.approx(1e-7, rel=1e-6)
    assert tolerance(f32(5)) == tolerance(f32(-0.02)) == pytest.approx(2e-6, rel=1e-6)
    assert tolerance(f32(5)) == pytest.approx(4 * np.spacing(f32(5.5)), rel=0.1)


def integrated_lag(lag0, rise, x, z):
    """w(z) by numerical integration of dV/dz = x (L - V), L = rise z, w = V - L."""
    done = solve_ivp(
        lambda u, v: x * (rise * u - v),
        (0, z),
        [lag0],
        method="LSODA",
        rtol=1e-11,
        atol=1e-13,
    )
    return done.y[0, -1] - rise * z


@pytest.mark.parametrize("lag0", [-1.0, 0.0, 0.7])
@pytest.mark.parametrize("rise", [-2.0, 0.0, 1e-3, 1.5])
@pytest.mark.parametrize("x", [1e-3, 0.1, 1.0, 7.0, 60.0])
@pytest.mark.parametrize("z", [0.25, 1.0])
def test_lag_solves_the_differential_equation(lag0, rise, x, z):
    exact = integrated_lag(f32(lag0).item(), f32(rise).item(), f32(x).item(), z)
    assert lag_at(f32(lag0), f32(rise), f32(x), f32(z)) == pytest.approx(exact, abs=1e-6)


@given(lag0=LN, rise=LN, x=st.floats(2.0**-20, 80, width=32), z=st.floats(0, 1, width=32))
@settings(deadline=None)
def test_lag_against_its_formula(lag0, rise, x, z):
    gone = math.exp(-x * z)
    exact = lag0 * gone - (rise * -math.expm1(-x * z) / x)
    assert lag_at(f32(lag0), f32(rise), f32(x), f32(z)) == pytest.approx(exact, abs=2e-6)


def test_lag_begins_at_lag0_and_settles_behind_a_ramp():
    assert lag_at(f32(0.3), f32(1), f32(5), f32(0)) == f32(0.3)
    # A first-order filter follows a ramp of slope s by s tau.
    assert lag_at(f32(0.3), f32(1), f32(80), f32(1)) == pytest.approx(-1 / 80, rel=1e-5)


def drive_at(start, rise, leak, lag0, x, z):
    return drive_of(start, rise, leak, z, lag_of(lag0, rise, x, z))


def slope_at(rise, leak, lag0, x, z):
    return leak - x * lag_of(lag0, rise, x, z) if x > 0 else rise + leak


def test_drive_without_photoreceptor_is_a_line():
    for z in (0.0, 0.25, 1.0):
        d = drive_at(f32(0.5), f32(2), f32(-0.25), f32(9), f32(0), f32(z))
        assert d == pytest.approx(0.5 + 1.75 * z, rel=1e-6)


def test_drive_is_output_minus_memory_plus_leak():
    # L0 = 3, R = 2.9, V0 = 2.8: the drive begins at V0 - R = -0.1; without light change it decays
    # towards L0 - R = 0.1, plus 0.05 of leak.
    start, lag0, leak = f32(0.1), f32(-0.2), f32(0.05)
    assert drive_at(start, f32(0), leak, lag0, f32(3), f32(0)) == pytest.approx(-0.1)
    expected = 0.1 + 0.05 - 0.2 * math.exp(-3)
    assert drive_at(start, f32(0), leak, lag0, f32(3), f32(1)) == pytest.approx(expected, abs=1e-6)


@given(
    rise=LN,
    leak=st.floats(0, 1, width=32),
    lag0=LN,
    x=st.one_of(st.just(0.0), st.floats(0.0078125, 60, width=32)),
    z=st.floats(0.125, 0.875, width=32),
)
@settings(deadline=None)
def test_slope_is_the_derivative_of_the_drive(rise, leak, lag0, x, z):
    def drive(u):
        """The drive in double precision, for finite differences."""
        if x == 0:
            return (rise + leak) * u
        return (rise + leak) * u + (lag0 + rise / x) * math.exp(-x * u) - rise / x

    h = 1e-5
    finite = (drive(z + h) - drive(z - h)) / (2 * h)
    slope = slope_at(f32(rise), f32(leak), f32(lag0), f32(x), f32(z))
    # x times the error of the lag, and the third derivative's share of the differences.
    assert slope == pytest.approx(finite, abs=1e-5 + 2e-6 * (x + abs(rise) + abs(lag0) * x))
