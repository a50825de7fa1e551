"""A frame as upsampling sees it: its light, in which it is warped, and a picture to follow."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.frames import Encoding

Plane = NDArray[np.float32]


def luminance_of(values: NDArray[Any], encoding: Encoding) -> Plane:
    """Linear luminance of a frame, DN, with nothing rounded.

    Parameters
    ----------
    values : (H, W) ndarray of any real dtype
    encoding : Encoding

    Returns
    -------
    (H, W) ndarray of float32
        DN, 255 is white; above white stays above white.
    """
    if values.dtype in (np.uint8, np.uint16):
        light: Plane = _table(encoding, values.dtype.itemsize)[values]
        return light
    return encoding.luminance(values)


@lru_cache(maxsize=4)
def _table(encoding: Encoding, size: int) -> Plane:
    return encoding.luminance(np.arange(1 << 8 * size))


def pictures_to_follow(
    values: tuple[NDArray[np.generic], NDArray[np.generic]], light: tuple[Plane, Plane]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Two frames as 8-bit pictures, of which optical flow is taken; nothing else uses them.

    8-bit frames are taken as they are. All others become ``255 ln(1 + I) / ln(1 + I_max)``, with
    the largest luminance of both, so that motion is found in shadows and highlights alike.

    Parameters
    ----------
    values : two (H, W) ndarrays
        The frames.
    light : two (H, W) ndarrays of float32
        Their luminance, DN.
    """
    if values[0].dtype == values[1].dtype == np.uint8:
        return values[0].view(np.uint8), values[1].view(np.uint8)
    most = np.log1p(max(float(light[0].max()), float(light[1].max()), 1.0))
    first, second = (np.rint(np.log1p(plane) * (255 / most)).astype(np.uint8) for plane in light)
    return first, second
