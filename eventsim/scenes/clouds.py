"""Soft pictures without an edge, made of a seed: clouds."""

import numpy as np
from numpy.typing import NDArray

from eventsim.events import checked_size
from eventsim.random import Draws


def clouds(
    size: tuple[int, int],
    *,
    seed: int = 0,
    exponent: float = 1.0,
    darkest_dn: float = 15.0,
    brightest_dn: float = 240.0,
) -> NDArray[np.float32]:
    """Waves of all lengths and directions, with random phases; the picture goes on at its border.

    Parameters
    ----------
    size : (width, height)
    seed : int
    exponent : float
        The amplitude falls as ``1 / frequency^exponent``; about 1 in natural images [1]_, and the
        higher, the softer.
    darkest_dn, brightest_dn : float
        The logarithm of the luminance is two standard deviations below and above its middle there,
        and cut at three.

    Returns
    -------
    (H, W) ndarray of float32
        Luminance, DN, linear.

    References
    ----------
    .. [1] D. Field, "Relations between the statistics of natural images and the response properties
       of cortical cells", J. Optical Society of America A 4(12), 1987.
    """
    width, height = checked_size(size)
    rng = Draws.of(seed)
    white = rng.normals(0, width * height).reshape(height, width)
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    frequency[0, 0] = np.inf  # no mean
    waves = np.fft.irfft2(np.fft.rfft2(white) / frequency**exponent, s=(height, width))
    spread = waves.std()
    unit = np.clip(waves / spread, -3, 3) if spread > 0 else np.zeros_like(waves)
    middle, step = np.log(darkest_dn * brightest_dn) / 2, np.log(brightest_dn / darkest_dn) / 4
    return np.asarray(np.exp(middle + step * unit), np.float32)
