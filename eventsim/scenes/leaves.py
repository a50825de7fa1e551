"""Pictures that look natural to a sensor, made of a seed: dead leaves."""

import numpy as np
from numpy.typing import NDArray

from eventsim.events import checked_size
from eventsim.random import Draws

_SMALLEST_PX = 2.0
_COVERED = 3.0
"""Areas of leaves over the area of the picture: of what lies below, a twentieth shows. Both chosen
by eye."""


def dead_leaves(
    size: tuple[int, int], *, seed: int = 0, darkest_dn: float = 15.0, brightest_dn: float = 240.0
) -> NDArray[np.float32]:
    """Disks that fell on each other, until little below is seen: edges and areas of all sizes.

    Parameters
    ----------
    size : (width, height)
    seed : int
    darkest_dn, brightest_dn : float
        Luminance of a leaf, log-uniform between them. Chosen by eye: a contrast of 16, as of most
        outdoor scenes.

    Returns
    -------
    (H, W) ndarray of float32
        Luminance, DN, linear.

    Notes
    -----
    The radius r has a density of ``1 / r^3`` from 2 px to a third of the longer side, which makes
    the statistics of natural images at every scale [1]_. Edges are one pixel wide.

    References
    ----------
    .. [1] A. Lee, D. Mumford and J. Huang, "Occlusion models for natural images: a statistical
       study of a scale-invariant dead leaves model", Intl. Journal of Computer Vision 41, 2001.
    """
    width, height = checked_size(size)
    rng = Draws.of(seed)
    largest = max(width, height) / 3
    most = int(_COVERED * width * height / (np.pi * _SMALLEST_PX**2)) + 1  # if all were smallest
    # Inverse of the distribution function of 1 / r^3 between two radii.
    low, high = _SMALLEST_PX**-2.0, max(largest, 2 * _SMALLEST_PX) ** -2.0
    radius = (low - rng.uniforms(0, most) * (low - high)) ** -0.5
    # Reached over the border: leaves lie there too.
    x = rng.uniforms(1, most) * (width + 2 * radius) - radius
    y = rng.uniforms(2, most) * (height + 2 * radius) - radius
    ratio = np.log(brightest_dn / darkest_dn)
    gray = darkest_dn * np.exp(rng.uniforms(3, most) * ratio)
    area = np.cumsum(np.pi * radius**2)
    count = min(most, int(np.searchsorted(area, _COVERED * width * height)) + 1)
    picture = np.full((height, width), np.sqrt(darkest_dn * brightest_dn))
    for k in range(count):
        paint_disk(picture, (x[k], y[k]), radius[k], gray[k])
    return picture.astype(np.float32)


def paint_disk(
    picture: NDArray[np.float64], center: tuple[float, float], radius: float, luminance_dn: float
) -> None:
    """Paint a disk on a picture, **in place**; its edge is one pixel wide.

    Parameters
    ----------
    picture : (H, W) ndarray of float64
        Luminance, DN.
    center : (x, y)
        Px, from the corner of the first pixel.
    radius : float
        Px.
    luminance_dn : float
    """
    height, width = picture.shape
    x0, x1 = (int(np.clip(center[0] + s * (radius + 1), 0, width)) for s in (-1, 1))
    y0, y1 = (int(np.clip(center[1] + s * (radius + 1), 0, height)) for s in (-1, 1))
    x1, y1 = min(x1 + 1, width), min(y1 + 1, height)
    if x0 >= x1 or y0 >= y1:
        return
    dx = np.arange(x0, x1) + 0.5 - center[0]
    dy = np.arange(y0, y1) + 0.5 - center[1]
    distance = np.sqrt(dx[None, :] ** 2 + dy[:, None] ** 2)
    cover = np.clip(radius + 0.5 - distance, 0.0, 1.0)
    part = picture[y0:y1, x0:x1]
    part += cover * (luminance_dn - part)
