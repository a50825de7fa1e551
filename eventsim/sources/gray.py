"""Gray of color, and black behind transparency."""

import numpy as np
from numpy.typing import NDArray

from eventsim.frames import WHITE_DN
from eventsim.sources.checks import WHITE_UINT16

CLEAR_NOTE = "transparency became black"

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Weights of red, green and blue: ITU-R BT.601-7."""


def to_gray(values: NDArray[np.generic]) -> tuple[NDArray[np.generic], list[str]]:
    """Luma of a picture.

    Parameters
    ----------
    values : (H, W) or (H, W, C) ndarray of uint8, uint16 or float32
        C is 1 (gray), 2 (gray, alpha), 3 (red, green, blue) or 4 (and alpha).

    Returns
    -------
    gray : (H, W) ndarray
        Of the same type; ``0.299 R + 0.587 G + 0.114 B``, rounded for integers, on black where it
        is transparent.
    notes : list of str
        What was done to it.

    References
    ----------
    .. [1] ITU-R BT.601-7.
    """
    notes = []
    if values.ndim == 3 and values.shape[2] in (2, 4):
        values = on_black(values)
        notes.append(CLEAR_NOTE)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    if values.ndim != 3 or values.shape[2] != 3:
        return values, notes
    notes.append("color was converted to luma (BT.601)")
    gray = values.astype(np.float32) @ _LUMA
    if values.dtype.kind in "iu":
        gray = np.rint(gray)
    return gray.astype(values.dtype), notes


def on_black(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """Colors times alpha.

    Parameters
    ----------
    values : (H, W, 2) or (H, W, 4) ndarray of uint8, uint16 or float32
        Alpha is the last channel, and solid at 255; of 16 bits at 65535.

    Returns
    -------
    (H, W) or (H, W, 3) ndarray
        Of the same type.
    """
    white = WHITE_UINT16 if values.dtype == np.uint16 else WHITE_DN
    numbers = values.astype(np.float64)
    mixed: NDArray[np.generic] = numbers[:, :, :-1] * numbers[:, :, -1:] / white
    if values.dtype.kind in "iu":
        mixed = np.rint(mixed)
    mixed = mixed.astype(values.dtype)
    return mixed[:, :, 0] if mixed.shape[2] == 1 else mixed
