"""Noise without any memory: what filters do with it is known in closed form."""

import numpy as np

from eventsim.events import Events, Kind, checked_size
from eventsim.random import Draws


def poisson_noise(
    rate_hz: float,
    *,
    size: tuple[int, int] = (60, 50),
    seconds: float = 1.0,
    on_share: float = 0.5,
    seed: int = 0,
) -> Events:
    """Events of pixels that fire independently of each other and of their past.

    Parameters
    ----------
    rate_hz : float
        Of a pixel, both polarities together.
    size : (width, height)
    seconds : float
    on_share : float
        How many of them are ON.
    seed : int

    Returns
    -------
    Events
        Kind shot. Waiting times are exponential, places uniform.

    Examples
    --------
    >>> noise = poisson_noise(5.0, size=(100, 80), seconds=2.0, seed=1)
    >>> round(len(noise) / (100 * 80 * 2.0), 1)
    5.0
    """
    width, height = checked_size(size)
    rng = Draws.of(seed)
    mean = rate_hz * seconds * width * height
    # So many exponential times that their sum is too short in one stream of 10^15.
    enough = int(mean + 8 * np.sqrt(mean) + 32)
    t_us = np.cumsum(-np.log(rng.uniforms(0, enough))) * (seconds * 1e6 / mean if mean else np.inf)
    n = int(np.searchsorted(t_us, seconds * 1e6))
    return Events.of(
        t_us[:n].astype(np.int64),
        (rng.uniforms(1, enough)[:n] * width).astype(np.int64),
        (rng.uniforms(2, enough)[:n] * height).astype(np.int64),
        rng.uniforms(3, enough)[:n] < on_share,
        np.full(n, Kind.SHOT),
        size=(width, height),
    )
