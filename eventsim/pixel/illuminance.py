"""What the light of a room does to a pixel: how fast it is, how noisy, and how much it leaks.

The numbers of a sensor card are those of `CARD_LUX`, a lit office. With an illuminance E, a pixel
that sees I of white (255 DN) gets ``e = E (I + VEIL) / 255`` lux, and

- its photoreceptor is as fast as its light, up to the limit of the card, f::

      cutoff = k (e + 1) / (1 + k (e + 1) / f)

- its shot noise falls with the light, and is that of the card at `CARD_LUX`::

      rate = rate_card (161 + e_half) / (e + e_half)

- its leakage rises, with the illuminance of the whole sensor, whose stray light it is::

      leak = leak_card (1 + E / E_leak) / (1 + 161 / E_leak)
"""

from typing import NamedTuple

import numpy as np

from eventsim.frames import WHITE_DN
from eventsim.pixel.circuit import TWO_OFFSETS_DN, bandwidth_per_dn_us, shot_rate_per_us
from eventsim.pixel.settings import PixelSettings

CARD_LUX = 161.0
"""At which the noise of the cards was measured (Joubert et al., "Event camera simulator
improvements via characterized parameters", Front. Neurosci. 15:702765, 2021, and the noise that
comes with their IEBCS)."""

HALF_LUX = 0.063
"""e_half: shot noise of 9.9 Hz at 0.1 lux (5.64 ON, 4.25 OFF) and 0.01 Hz at 161 lux, as IEBCS's
measurements have it, are a factor of ``(161 + e) / (0.1 + e)``."""

LEAK_LUX = 1800.0
"""E_leak: 0.049 Hz at 161 and 0.120 Hz at 3,000 lux (the same measurements: 0.104 and 0.172 Hz of
ON events, without the 53 and 30 % that the top 1 % of the pixels make) are a factor of
``(1 + 3000 / E) / (1 + 161 / E)``."""

CUTOFF_HZ_PER_LUX = 1 / (2 * np.pi * 40e-6 * 1000)
"""k, 3.98 Hz: IEBCS has a time constant of ``40 us * 1000 / (e + 1)``, e in lux (its example)."""

VEIL_DN = 2.55
"""Stray light of a lens, 1 % of white: no pixel of a lit scene is without light. Chosen by eye;
camera lenses have some percent (ISO 9358)."""


class InLight(NamedTuple):
    """Constants of the kernels, for ``s = I0 + I1`` (DN), the light at both ends of an interval.

    Attributes
    ----------
    bandwidth_per_dn_us, light_offset_dn, bandwidth_fall_per_dn : float
        Interval over time constant: ``b dt l / (1 + fall l)`` with ``l = s + offset``.
    shot_per_us, shot_loss_per_dn_us, shot_fall_per_dn : float
        Expected shot noise: ``dt (r - loss min(s, 510)) / (1 + fall s)``.
    """

    bandwidth_per_dn_us: float
    light_offset_dn: float
    bandwidth_fall_per_dn: float
    shot_per_us: float
    shot_loss_per_dn_us: float
    shot_fall_per_dn: float


def in_light(settings: PixelSettings) -> InLight:
    """The constants of some settings; without an illuminance, those of v2e's laws.

    Parameters
    ----------
    settings : PixelSettings
    """
    lux, cutoff_hz = settings.illuminance_lux, settings.photoreceptor_cutoff_hz
    if not lux:
        most, loss = shot_rate_per_us(settings.shot_noise_rate_hz)
        offset = float(TWO_OFFSETS_DN)
        return InLight(bandwidth_per_dn_us(cutoff_hz), offset, 0.0, most, loss, 0.0)
    lux_per_dn = lux / (2 * WHITE_DN)  # of s
    hz_per_dn = CUTOFF_HZ_PER_LUX * lux_per_dn
    dark_lux = HALF_LUX + lux_per_dn * 2 * VEIL_DN
    return InLight(
        bandwidth_per_dn_us=2 * np.pi * 1e-6 * hz_per_dn if cutoff_hz else 0.0,
        light_offset_dn=2 * VEIL_DN + 1 / lux_per_dn,
        bandwidth_fall_per_dn=hz_per_dn / cutoff_hz if cutoff_hz else 0.0,
        shot_per_us=settings.shot_noise_rate_hz * 1e-6 * (CARD_LUX + HALF_LUX) / dark_lux,
        shot_loss_per_dn_us=0.0,
        shot_fall_per_dn=lux_per_dn / dark_lux,
    )


def leak_rate_hz(settings: PixelSettings) -> float:
    """Rate of leak events, Hz, at the illuminance of the settings."""
    if not settings.illuminance_lux:
        return float(settings.leak_rate_hz)
    rise = (1 + settings.illuminance_lux / LEAK_LUX) / (1 + CARD_LUX / LEAK_LUX)
    return float(settings.leak_rate_hz * rise)
