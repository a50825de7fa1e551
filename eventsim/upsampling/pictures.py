"""A frame as optical flow sees it."""

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]


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
