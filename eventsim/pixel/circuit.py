"""The equations of the pixel, one small function each.

Between two frames log luminance is a ramp, the photoreceptor follows it with one
pole, the reference leaks, and noise events fall at a rate that depends on the light.
All of that has a closed form, which is what stands here; ``solver`` finds the
moments at which it crosses a threshold and ``step`` applies it to many pixels.

Symbols: ``z`` is time inside a frame interval as a fraction of it, 0 < z <= 1;
``x = dt / tau`` the length of the interval in photoreceptor time constants; the
*lag* ``w = V - L`` how far the photoreceptor output V is from log luminance L.
All numbers are float32, and every function is made of additions, multiplications
and divisions alone, so a compiler gives the same bits on any number of lanes.
"""

import numpy as np

from eventsim.packets.compiled import kernel

f32 = np.float32

LINEAR_BELOW_DN = 20.0
"""Luminance below which the response is linear instead of logarithmic (v2e ``lin_log``)."""

DARK_OFFSET_DN = 20.0
WHITE_PLUS_OFFSET_DN = 275.0
"""Bandwidth and shot noise depend on (I + 20) / 275, which is 0.073 in the dark and 1 at white
(v2e ``rescale_intensity_frame``)."""

TWO_OFFSETS_DN = f32(2 * DARK_OFFSET_DN)
"""Added to the sum of the luminance at both ends of an interval, whose mean decides."""

SHOT_RATE_AT_WHITE = 0.25
"""Shot noise rate at white as a share of the nominal one (v2e ``SHOT_NOISE_INTEN_FACTOR``)."""

_TWICE_WHITE_DN = f32(510.0)  # of both ends of an interval; white is 255

_TOLERANCE = f32(2e-6)
_TOLERANCE_SHARE = f32(1e-4)

_LOG2E = f32(1.4426950408889634)
_HALF = f32(0.5)
_ONE = f32(1.0)
_ZERO = f32(0.0)
# Taylor coefficients ln(2)**k / k! of 2**r - 1; for |r| <= 1/2 the first one left out is 2e-9.
_C1, _C2, _C3 = f32(0.6931471805599453), f32(0.2402265069591007), f32(0.05550410866482158)
_C4, _C5, _C6 = f32(0.009618129107628477), f32(0.0013333558146428443), f32(0.00015403530393381608)
_C7 = f32(1.5252733804059841e-05)
_LONGEST = f32(80.0)  # exp(-80) is far below the resolution of float32 log luminance


def lin_log(luminance_dn: np.ndarray) -> np.ndarray:
    """Response of the photoreceptor: logarithmic, linear near black.

    Parameters
    ----------
    luminance_dn : (...) ndarray
        Luminance, DN, 255 is white, >= 0.

    Returns
    -------
    (...) ndarray of float64
        ln I for I > 20 DN, ``I ln(20) / 20`` below; continuous.

    References
    ----------
    .. [1] Hu, Liu and Delbruck, "v2e: from video frames to realistic DVS events", CVPRW 2021,
       section 3; v2e ``v2ecore/emulator_utils.py: lin_log``, commit cac6384.
    """
    value = np.asarray(luminance_dn, np.float64)
    slope = np.log(LINEAR_BELOW_DN) / LINEAR_BELOW_DN
    with np.errstate(divide="ignore"):
        return np.where(value <= LINEAR_BELOW_DN, value * slope, np.log(value))


def shot_noise_rate_hz(luminance_dn: float, nominal_hz: float) -> float:
    """Rate of shot noise events of a pixel (ON and OFF together) in constant light.

    Parameters
    ----------
    luminance_dn : float
        Luminance, DN; above 255 counts as 255.
    nominal_hz : float
        The setting ``shot_noise_rate_hz``.

    Returns
    -------
    float
        ``nominal (1 - 0.75 (I + 20) / 275)``, Hz: 0.945 of the nominal rate at black, a quarter
        of it at white.

    References
    ----------
    .. [1] v2e ``v2ecore/emulator_utils.py: generate_shot_noise``, commit cac6384.
    """
    light = (min(luminance_dn, 255.0) + DARK_OFFSET_DN) / WHITE_PLUS_OFFSET_DN
    return nominal_hz * (1.0 - (1.0 - SHOT_RATE_AT_WHITE) * light)


def photoreceptor_tau_s(luminance_dn: float, cutoff_hz: float) -> float:
    """Time constant of the photoreceptor: inverse to the light, finite in the dark.

    Parameters
    ----------
    luminance_dn : float
        Luminance, DN.
    cutoff_hz : float
        The setting ``photoreceptor_cutoff_hz``, > 0.

    Returns
    -------
    float
        ``275 / (2 pi cutoff (I + 20))``, seconds.

    References
    ----------
    .. [1] v2e ``v2ecore/emulator_utils.py: low_pass_filter``, commit cac6384.
    """
    light = (luminance_dn + DARK_OFFSET_DN) / WHITE_PLUS_OFFSET_DN
    return 1.0 / (2.0 * np.pi * cutoff_hz * light)


def bandwidth_per_dn_us(cutoff_hz: float) -> float:
    """Interval length over time constant, per microsecond and DN of ``I0 + I1 + 40``.

    From `photoreceptor_tau_s` with I the mean of the light at both ends: ``pi cutoff / 275``.
    """
    return float(np.pi * cutoff_hz * 1e-6 / WHITE_PLUS_OFFSET_DN)


def shot_rate_per_us(nominal_hz: float) -> tuple[float, float]:
    """`shot_noise_rate_hz` per microsecond: in the dark, and what it loses for each DN of I0 + I1.

    With I the mean of the light at both ends of an interval.
    """
    per_us = nominal_hz * 1e-6
    loss = (1.0 - SHOT_RATE_AT_WHITE) / WHITE_PLUS_OFFSET_DN
    return per_us * (1.0 - loss * DARK_OFFSET_DN), per_us * loss / 2.0


@kernel
def constants_passed(before_dn, after_dn, per_dn, offset_dn, fall_per_dn):
    """Length of an interval in time constants of the photoreceptor, by the light at both ends.

    ``per_dn l / (1 + fall l)`` with ``l = I0 + I1 + offset``; `per_dn` is that of
    `illuminance.InLight`, times the length of the interval. Without an illuminance the fall is 0
    and the offset 40 DN, which is v2e's law.
    """
    light = before_dn + after_dn + offset_dn
    passed = per_dn * light
    if fall_per_dn > _ZERO:  # no division where it is by 1
        passed /= _ONE + fall_per_dn * light
    return passed


@kernel
def shots_expected(before_dn, after_dn, per_dark, per_dn, fall_per_dn):
    """Shot noise events of a mean pixel in an interval; see `illuminance.InLight`.

    `per_dark` and `per_dn` are times the length of the interval. Without an illuminance, light
    above white counts as white.
    """
    light = before_dn + after_dn
    expected = per_dark - per_dn * min(light, _TWICE_WHITE_DN)
    if fall_per_dn > _ZERO:
        expected /= _ONE + fall_per_dn * light
    return expected


@kernel
def decay_minus_one(x):
    """``exp(-x) - 1`` for x >= 0, to a few parts in 1e7 of its value however small x is."""
    y = min(x, _LONGEST) * -_LOG2E
    whole = np.int32(y - _HALF)
    r = y - f32(whole)
    p = r * (_C1 + r * (_C2 + r * (_C3 + r * (_C4 + r * (_C5 + r * (_C6 + r * _C7))))))
    scale = np.int32((whole + np.int32(127)) << np.int32(23)).view(np.float32)
    return scale * p + (scale - _ONE)


@kernel
def tolerance(rise):
    """By how much a threshold may be missed at the end of an interval and still count, ln.

    So that a step of k thresholds makes k events: four times the spacing of float32 numbers
    near ln 255, but at most 1e-4 of the rise of log luminance in the interval, so that nothing
    fires earlier by more than that share of it; zero for a still scene.
    """
    return min(abs(rise) * _TOLERANCE_SHARE, _TOLERANCE)


@kernel
def lag_at(lag0, rise, x, z):
    """Lag of the photoreceptor behind a ramp of log luminance.

    With L(z) = L0 + rise z and dV/dt = (L - V) / tau::

        w(z) = w0 exp(-x z) - rise (1 - exp(-x z)) / x

    Parameters
    ----------
    lag0 : float32
        Lag at z = 0, ln.
    rise : float32
        Rise of log luminance over the whole interval, ln.
    x : float32
        Interval length over time constant, > 0.
    z : float32
        Moment in the interval, 0..1.
    """
    gone = decay_minus_one(x * z)
    return lag0 + gone * (lag0 + rise / x)


@kernel
def lag_of(lag0, rise, x, z):
    """As `lag_at`; 0 without a photoreceptor, which ``x = 0`` means."""
    return lag_at(lag0, rise, x, z) if x > _ZERO else _ZERO


@kernel
def drive_of(start, rise, drift, z, lag):
    """What the comparators see: photoreceptor output minus reference, plus what has drifted.

    ``D(z) = start + (rise + drift) z + w(z)``, with ``start = L0 - R`` (what drifted up to z = 0
    included in R) and `drift` that of the whole interval, all ln; `lag` is w(z). Its derivative is
    `slope_of`.
    """
    return start + (rise + drift) * z + lag


@kernel
def slope_of(drift, x, lag):
    """Slope of the drive behind a photoreceptor: ``drift - x w(z)``."""
    return drift - x * lag


@kernel
def settled_lag(drift, x):
    """Lag at which the drive turns: where its slope is 0."""
    return drift / x


@kernel
def mostly_drifted(drift, gained):
    """Whether what drifted raised a drive more than the light did: then the event is a leak."""
    return drift > gained - drift


@kernel
def beyond(drive, on, off, near):
    """Whether a drive has reached a threshold, up to a tolerance."""
    return (drive >= on - near) | (drive <= near - off)


@kernel
def turns_beyond(start, drift, lag0, lag1, x, on, off):
    """Whether a drive may turn inside the interval, and that beyond a threshold; x > 0.

    It turns where the lag passes `settled_lag`. One that turns down turns below ``start`` plus that
    lag, and one that turns up above ``start``: a cheap bound.
    """
    settled = settled_lag(drift, x)
    turns = (lag0 < settled) != (lag1 < settled)
    return turns & ((start + settled >= on) | (start <= -off))
