"""How the pixels of a sensor are born: thresholds and noise of each, drawn in vectors.

The draws are those of `eventsim.random`, whose logarithms and cosines are made here of additions,
multiplications and divisions: so they are vector instructions, and the same bits on any processor.
"""

import math

import numpy as np

from eventsim.packets.compiled import kernel
from eventsim.pixel import layout as at
from eventsim.pixel.draws import SHORTEST_LEAK_INTERVAL, mix64
from eventsim.random import GOLDEN

_S12, _S32, _S52 = np.uint64(12), np.uint64(32), np.uint64(52)
_TO_52_BITS = np.uint64(0x4330000000000000)  # of float64 2**52: or-ing 52 bits adds them to it
_2_TO_52 = 2.0**52
_SQRT_HALF_BITS = np.uint64(0x3FE6A09E667F3BCD)  # of float64 sqrt(1/2)
_ONE_BITS = np.uint64(0x3FF0000000000000)  # of float64 1
_FRACTION = np.uint64(0x000FFFFFFFFFFFFF)
_LN2 = 0.6931471805599453
_TWO_PI = 2.0 * np.pi
_F3, _F5, _F7, _F9, _F11, _F13, _F15, _F17, _F19, _F21 = (
    1.0 / math.factorial(k) for k in range(3, 22, 2)
)
FACTORS_GIVEN = -1.0
"""In the place of a spread of noise rates: the rates of the pixels are not drawn, but given."""
_SHORTEST = np.float64(SHORTEST_LEAK_INTERVAL)
_E3, _E4, _E5, _E6, _E7, _E8, _E9, _E10, _E11, _E12, _E13 = (
    1.0 / math.factorial(k) for k in range(3, 14)
)
_PER_LN2 = 1.0 / _LN2
_LN2_HIGH, _LN2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10
"""ln 2 in two parts, of which the first has zeros at its end (fdlibm ``e_exp.c``)."""
_TO_WHOLE = 1.5 * 2.0**52  # adding it leaves whole numbers in the lowest bits


@kernel
def uniforms(key, n, first, count, out):
    """Fill `out` with the n-th uniform draw of some pixels, as `eventsim.random.uniform`."""
    bits = out.view(np.uint64)
    for i in range(count):
        counter = (np.uint64(first + i) << _S32) | n
        bits[i] = (mix64(key + counter * GOLDEN) >> _S12) | _TO_52_BITS
    for i in range(count):
        out[i] = (out[i] - _2_TO_52 + 0.5) * 2.0**-52


@kernel
def logarithms(values, count):
    """Put natural logarithms in the place of positive numbers, to 1e-16 of 1 or of their value.

    With u = m 2**e and m in [1/sqrt 2, sqrt 2), ``ln m = 2 atanh(s)``, s = (m - 1) / (m + 1), by
    its series: |s| < 0.172, and the first term left out is below 1e-17.
    """
    bits = values.view(np.uint64)
    for i in range(count):
        above = bits[i] - _SQRT_HALF_BITS + _ONE_BITS  # its exponent is that of m 2**e, plus bias
        exponent = np.uint64((above >> _S52) | _TO_52_BITS).view(np.float64) - _2_TO_52 - 1023.0
        m = np.uint64((above & _FRACTION) + _SQRT_HALF_BITS).view(np.float64)
        s = (m - 1.0) / (m + 1.0)
        q = s * s
        series = 1 / 15 + q * (1 / 17 + q * (1 / 19))
        series = 1 / 7 + q * (1 / 9 + q * (1 / 11 + q * (1 / 13 + q * series)))
        series = 1.0 + q * (1 / 3 + q * (1 / 5 + q * series))
        values[i] = exponent * _LN2 + 2.0 * s * series


@kernel
def normals(key, first, count, other, out):
    """Fill `out` with the first normal draw of each pixel, as `random.normal`; uses `other`.

    The cosine of 2 pi u is the sine of 2 pi (|u - 1/2| - 1/4), whose series is taken to the
    21st power: the first term left out is below 2e-18.
    """
    uniforms(key, np.uint64(0), first, count, out)
    uniforms(key, np.uint64(1), first, count, other)
    logarithms(out, count)
    for i in range(count):
        y = _TWO_PI * (abs(other[i] - 0.5) - 0.25)
        q = y * y
        series = _F15 - q * (_F17 - q * (_F19 - q * _F21))
        series = _F7 - q * (_F9 - q * (_F11 - q * (_F13 - q * series)))
        series = 1.0 - q * (_F3 - q * (_F5 - q * series))
        out[i] = np.sqrt(-2.0 * out[i]) * (y * series)


@kernel
def draw_thresholds(blocks, pixels, nominal, mismatch, keys, least):
    """Contrast thresholds of all pixels: ``max(nominal + mismatch N(0, 1), least)``, ln.

    Parameters
    ----------
    blocks : (blocks, ROWS * BLOCK) ndarray of float32
        The rows ON and OFF are filled.
    pixels : int
    nominal : (on, off), ln
    mismatch, least : float, ln
    keys : (on, off), uint64
    """
    work = np.empty((2, at.BLOCK))
    drawn, other = work[0], work[1]
    for b in range(blocks.shape[0]):
        first = b * at.BLOCK
        count = min(at.BLOCK, pixels - first)
        for k in range(2):
            row = (
                blocks[b, at.ON : at.ON + at.BLOCK]
                if k == 0
                else blocks[b, at.OFF : at.OFF + at.BLOCK]
            )
            if mismatch == 0.0:
                row[:count] = np.float32(nominal[k])
                continue
            normals(keys[k], first, count, other, drawn)
            for i in range(count):
                row[i] = np.float32(max(nominal[k] + mismatch * drawn[i], least))


@kernel
def draw_factors(pixels, sigma, key, factor):
    """Noise rate of each pixel over its median: log-normal, ``exp(sigma N(0, 1))``.

    ``exp(x) = 2**k exp(r)``, k the whole number next to x / ln 2, with |r| < 0.35 and the series of
    exp(r) up to the 13th power: the first term left out is below 5e-18.
    """
    work = np.empty((2, at.BLOCK))
    drawn, other = work[0], work[1]
    for first in range(0, pixels, at.BLOCK):
        count = min(at.BLOCK, pixels - first)
        normals(key, first, count, other, drawn)
        for i in range(count):
            x = sigma * drawn[i]
            shifted = x * _PER_LN2 + _TO_WHOLE
            whole = shifted - _TO_WHOLE
            r = (x - whole * _LN2_HIGH) - whole * _LN2_LOW
            series = _E9 + r * (_E10 + r * (_E11 + r * (_E12 + r * _E13)))
            series = _E5 + r * (_E6 + r * (_E7 + r * (_E8 + r * series)))
            series = 1.0 + r * (1.0 + r * (0.5 + r * (_E3 + r * (_E4 + r * series))))
            bits = np.float64(shifted).view(np.uint64) << _S52  # whole, in the exponent
            factor[first + i] = np.uint64(bits + _ONE_BITS).view(np.float64) * series


@kernel
def share_noise(blocks, pixels, nominal, leak_hz, factor, shot_factor, shot_on_share, leak_log_s):
    """Shot noise rate of each pixel over their mean, the share of ON in it, and its mean leak.

    A pixel fires by noise as often as its thresholds are low: in proportion to
    ``factor (nominal_on / on + nominal_off / off)``. Over the mean of that: the rate asked for is
    the mean rate of this sensor, not of all that might be.

    Parameters
    ----------
    blocks : (blocks, ROWS * BLOCK) ndarray of float32
        With thresholds.
    pixels : int
    nominal : (on, off), ln
    leak_hz : float
    factor : (pixels,) ndarray of float64
    shot_factor, shot_on_share, leak_log_s : (pixels,) ndarray of float32
        Filled.
    """
    shots, factors = 0.0, 0.0
    for b in range(blocks.shape[0]):
        first = b * at.BLOCK
        count = min(at.BLOCK, pixels - first)
        on = blocks[b, at.ON : at.ON + at.BLOCK]
        off = blocks[b, at.OFF : at.OFF + at.BLOCK]
        # Block by block: the rounding of a sum grows with its length.
        of_block, factors_of_block = 0.0, 0.0
        for i in range(count):
            relative = nominal[0] / np.float64(on[i]) + nominal[1] / np.float64(off[i])
            of_block += factor[first + i] * relative
            factors_of_block += factor[first + i]
        shots += of_block
        factors += factors_of_block
    per_shot, per_factor = pixels / shots, pixels / factors * leak_hz
    for b in range(blocks.shape[0]):
        first = b * at.BLOCK
        count = min(at.BLOCK, pixels - first)
        on = blocks[b, at.ON : at.ON + at.BLOCK]
        off = blocks[b, at.OFF : at.OFF + at.BLOCK]
        for i in range(count):
            relative_on = nominal[0] / np.float64(on[i])
            relative = relative_on + nominal[1] / np.float64(off[i])
            shot_on_share[first + i] = np.float32(relative_on / relative)
            shot_factor[first + i] = np.float32(factor[first + i] * relative * per_shot)
        for i in range(count):
            leak_log_s[first + i] = np.float32(factor[first + i] * per_factor * np.float64(on[i]))


@kernel
def draw_hazards(blocks, pixels, key, shot_factor):
    """What is left of each pixel until its first shot noise event: exponential, over its factor."""
    drawn = np.empty(at.BLOCK)
    for b in range(blocks.shape[0]):
        first = b * at.BLOCK
        count = min(at.BLOCK, pixels - first)
        uniforms(key, np.uint64(0), first, count, drawn)
        logarithms(drawn, count)
        row = blocks[b, at.HAZARD : at.HAZARD + at.BLOCK]
        for i in range(count):
            row[i] = np.float32(-drawn[i] / np.float64(shot_factor[first + i]))


@kernel
def draw_leaks(blocks, pixels, jitter, keys, nominal):
    """First leak of each pixel, and how far it has leaked before the first frame.

    As if the pixels had been running for long: they are at random moments of their leak interval,
    which is ``max(1 + jitter N(0, 1), SHORTEST_LEAK_INTERVAL)`` times its mean.

    Parameters
    ----------
    blocks : (blocks, ROWS * BLOCK) ndarray of float32
        The row LEAK is filled, and REFERENCE lowered by the share of the ON threshold.
    pixels : int
    jitter : float
    keys : (jitter, phase), uint64
    nominal : (pixels,) ndarray of float32
        ln per second.
    """
    work = np.empty((3, at.BLOCK))
    drawn, other, phase = work[0], work[1], work[2]
    for b in range(blocks.shape[0]):
        first = b * at.BLOCK
        count = min(at.BLOCK, pixels - first)
        normals(keys[0], first, count, other, drawn)
        uniforms(keys[1], np.uint64(0), first, count, phase)
        leak = blocks[b, at.LEAK : at.LEAK + at.BLOCK]
        reference = blocks[b, at.REFERENCE : at.REFERENCE + at.BLOCK]
        on = blocks[b, at.ON : at.ON + at.BLOCK]
        for i in range(count):
            interval = max(1.0 + jitter * drawn[i], _SHORTEST)
            leak[i] = np.float32(np.float64(nominal[first + i]) / interval)
            reference[i] = np.float32(np.float64(reference[i]) - phase[i] * np.float64(on[i]))


@kernel
def begin_noise(blocks, pixels, nominal, rates, keys, factor, sparse):
    """What the noise of all pixels begins with, once they have thresholds.

    Parameters
    ----------
    blocks : (blocks, ROWS * BLOCK) ndarray of float32
        The rows HAZARD and LEAK are filled where there is such noise; REFERENCE is lowered.
    pixels : int
    nominal : (on, off), ln
    rates : (shot noise Hz, leak Hz, leak jitter, sigma of the rates in ln)
    keys : (rate spread, shot time, leak jitter, leak phase), uint64
    factor : (pixels,) ndarray of float64
        Filled, unless sigma is `FACTORS_GIVEN`.
    sparse : (shot_factor, shot_on_share, leak_log_s)
        (pixels,) float32 each, filled.
    """
    shot_hz, leak_hz, jitter, sigma = rates
    shot_factor, shot_on_share, leak_log_s = sparse
    if sigma > 0.0:
        draw_factors(pixels, sigma, keys[0], factor)
    elif sigma == 0.0:
        factor[:] = 1.0
    share_noise(blocks, pixels, nominal, leak_hz, factor, shot_factor, shot_on_share, leak_log_s)
    if shot_hz > 0.0:
        draw_hazards(blocks, pixels, keys[1], shot_factor)
    if leak_hz > 0.0 and jitter > 0.0:
        draw_leaks(blocks, pixels, jitter, (keys[2], keys[3]), leak_log_s)
    elif leak_hz > 0.0:
        for b in range(blocks.shape[0]):
            first = b * at.BLOCK
            count = min(at.BLOCK, pixels - first)
            blocks[b, at.LEAK : at.LEAK + count] = leak_log_s[first : first + count]
