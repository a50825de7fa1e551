"""Share of each pixel that a shape covers, exactly: scenes without a jagged edge.

Pixel (row y, column x) is the unit square from (x, y) to (x + 1, y + 1).
"""

import numpy as np
from numpy.typing import NDArray

from eventsim.events import SensorSize


def strip_coverage(left: float, right: float, width: int) -> NDArray[np.float64]:
    """Share of each column between two vertical lines.

    Parameters
    ----------
    left, right : float
        Positions of the lines, px, ``left <= right``.
    width : int
        Number of columns.

    Returns
    -------
    (width,) ndarray of float64
        In [0, 1].

    Examples
    --------
    >>> strip_coverage(0.5, 2.25, 4).tolist()
    [0.5, 1.0, 0.25, 0.0]
    """
    x = np.arange(width)
    covered = np.minimum(x + 1, right) - np.maximum(x, left)
    return np.asarray(np.clip(covered, 0.0, 1.0), np.float64)


def disk_coverage(
    center: tuple[float, float], radius: float, size: SensorSize
) -> NDArray[np.float64]:
    """Share of each pixel inside a circle.

    Parameters
    ----------
    center : (x, y)
        Px.
    radius : float
        Px, > 0.
    size : SensorSize

    Returns
    -------
    (H, W) ndarray of float64
        In [0, 1].

    Notes
    -----
    Let Q(x, y) be the area of the disk left of x and above y. A pixel covers
    ``Q(x1, y1) - Q(x0, y1) - Q(x1, y0) + Q(x0, y0)``. With
    ``P(s) = (s sqrt(r^2 - s^2) + r^2 asin(s / r)) / 2`` it is, for (x, y) in the disk,
    ``Q = pi r^2 / 4 + P(x) + P(y) + x y``. Outside, one or both lines cut a cap off, whose area is
    ``H(s) = pi r^2 / 2 + 2 P(s)``: Q is H(x) + H(y) - pi r^2 for a corner to the lower right
    of the disk, H(x) to the lower left, H(y) to the upper right, and 0 to the upper left.
    """
    r2 = radius * radius
    x = np.clip(np.arange(size.width + 1) - center[0], -radius, radius)[np.newaxis, :]
    y = np.clip(np.arange(size.height + 1) - center[1], -radius, radius)[:, np.newaxis]
    px, py = _segment(x, radius), _segment(y, radius)
    cap_x, cap_y = np.pi * r2 / 2 + 2 * px, np.pi * r2 / 2 + 2 * py
    outside = np.where(
        x > 0,
        np.where(y > 0, cap_x + cap_y - np.pi * r2, cap_y),
        np.where(y > 0, cap_x, 0.0),
    )
    inside = np.pi * r2 / 4 + px + py + x * y
    corner = np.where(x * x + y * y < r2, inside, outside)
    return np.clip(np.diff(np.diff(corner, axis=0), axis=1), 0.0, 1.0)


def _segment(s: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
    """Area under the circle's upper half from 0 to s."""
    area: NDArray[np.float64] = (
        s * np.sqrt(radius * radius - s * s) + radius * radius * np.arcsin(s / radius)
    ) / 2
    return area


def shifted(
    image: NDArray[np.float32], dx: float, dy: float, size: SensorSize, *, cubic: bool
) -> NDArray[np.float32]:
    """Move an image by any part of a pixel; beyond its edge, the edge goes on.

    Parameters
    ----------
    image : (H, W) ndarray of float32
    dx, dy : float
        To the right and down, px.
    size : SensorSize
        Of the result, which shows the upper left part.
    cubic : bool
        Keys' cubic interpolation instead of linear: sharper, and may overshoot.

    Returns
    -------
    (size.height, size.width) ndarray of float32

    Notes
    -----
    A shift has the same weights at every pixel, so these are applied as they are: a general
    warp of OpenCV 4 rounds the shift to 1/32 px, and slow motion then comes in jumps.

    References
    ----------
    .. [1] R. Keys, "Cubic convolution interpolation for digital image processing", IEEE Trans.
       ASSP 29(6), 1981, with a = -1/2.
    """
    rows, down = _taps(size.height, dy, image.shape[0], cubic)
    columns, right = _taps(size.width, dx, image.shape[1], cubic)
    vertical = sum(w * image[r] for r, w in zip(rows, down, strict=True))
    result = sum(w * np.asarray(vertical)[:, c] for c, w in zip(columns, right, strict=True))
    return np.asarray(result, np.float32)


def _taps(
    count: int, shift: float, limit: int, cubic: bool
) -> tuple[list[NDArray[np.intp]], list[float]]:
    """Find indices and weights of the neighbors that make each line of the result."""
    whole = int(np.floor(-shift))
    f = -shift - whole
    first, weights = (0, [1 - f, f])
    if cubic:
        first = -1
        weights = [
            -0.5 * f + f**2 - 0.5 * f**3,
            1 - 2.5 * f**2 + 1.5 * f**3,
            0.5 * f + 2 * f**2 - 1.5 * f**3,
            -0.5 * f**2 + 0.5 * f**3,
        ]
    base = np.arange(count) + whole
    indices = [np.clip(base + first + k, 0, limit - 1) for k in range(len(weights))]
    return indices, weights
