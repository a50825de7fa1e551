"""The ratio of I2E that gives a whole set of images a wanted event density."""

import numpy as np
from numpy.typing import ArrayLike

from eventsim.errors import ConfigError
from eventsim.planes.batches import as_images
from eventsim.planes.directions import PLANES
from eventsim.planes.i2e import i2e_packed
from eventsim.planes.settings import I2ESettings, make_i2e_settings


def solve_ratio(
    images: ArrayLike, rate: float, settings: I2ESettings | None = None, *, steps: int = 20
) -> float:
    """One ratio for a whole set of images that gives it a wanted rate.

    Parameters
    ----------
    images : as in `i2e`
    rate : float
        Share of ones wanted over all images, in (0, 0.5].
    settings : I2ESettings, optional
        Of which `ratio` is not used, and `rate` must not be set.
    steps : int
        Halvings of the interval (0, 1].

    Returns
    -------
    float
        The rate falls as the ratio rises; this is the smallest ratio, to within 2**-steps, that
        does not exceed `rate`.

    Raises
    ------
    ConfigError
        If the rate is out of range.
    """
    if not 0 < rate <= 0.5:
        raise ConfigError(f"rate must be in (0, 0.5], found {rate:g}.")
    values = as_images(images)
    given = (settings or I2ESettings()).model_dump(exclude={"ratio"})
    low, high = 0.0, 1.0
    for _ in range(steps):
        middle = (low + high) / 2
        packed = i2e_packed(values, make_i2e_settings(**given, ratio=middle))
        ones = int(np.bitwise_count(packed).sum(dtype=np.int64))
        if ones > rate * values[:, 0].size * PLANES * 2:
            low = middle
        else:
            high = middle
    return high
