"""What can be seen of single pixels at a moment."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


class Look(NamedTuple):
    """What some pixels have inside, (K,) each.

    Attributes
    ----------
    log : ndarray
        Log luminance, ln of DN.
    photoreceptor : ndarray
        Output of the photoreceptor, which follows it, ln.
    reference : ndarray
        What the comparators compare that with, ln; with what has leaked.
    on_log, off_log : ndarray
        Contrast thresholds, ln.
    shot_hz, leak_hz : ndarray
        Rates of noise events in the present light, Hz.
    """

    log: Values
    photoreceptor: Values
    reference: Values
    on_log: Values
    off_log: Values
    shot_hz: Values
    leak_hz: Values
