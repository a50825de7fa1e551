"""Gray of color, and black behind transparency."""

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError, SourceError
from eventsim.frames import WHITE_DN
from eventsim.sources.checks import WHITE_UINT16

Color = Literal["rgb", "bgr"]
"""Order of the channels: red first, as imageio, Pillow and PyTorch have it, or blue, as OpenCV."""

CLEAR_NOTE = "transparency became black"
LUMA_NOTE = "color was converted to luma (BT.601)"

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
    notes.append(LUMA_NOTE)
    gray = values.astype(np.float32) @ _LUMA
    if values.dtype.kind in "iu":
        gray = np.rint(gray)
    return gray.astype(values.dtype), notes


def check_color(color: Color | None) -> None:
    """Refuse what is no order of channels.

    Raises
    ------
    ConfigError
        If it is neither None nor one of `Color`.
    """
    if color is not None and color not in get_args(Color):
        raise ConfigError(f"color must be one of {', '.join(get_args(Color))}, found {color!r}.")


def gray_frame(values: NDArray[np.generic], color: Color | None, where: str) -> NDArray[np.generic]:
    """Gray of a frame from Python, whose channels only the caller knows.

    Parameters
    ----------
    values : (H, W) or (H, W, 3) ndarray
    color : {"rgb", "bgr"} or None
        Order of the channels; None if the frame is gray already.
    where : str
        Which frame it is, for messages.

    Returns
    -------
    (H, W) ndarray
        Of the same type; see `to_gray`.

    Raises
    ------
    SourceError
        If the shape is another than `color` says.
    """
    if color is None and values.ndim == 2:
        return values
    if values.ndim != 3 or values.shape[2] != 3 or color is None:
        raise SourceError(f"{where} {_wrong_shape(values.shape, color)}")
    ordered = values if color == "rgb" else values[:, :, ::-1]
    return to_gray(ordered)[0]


def _wrong_shape(shape: tuple[int, ...], color: Color | None) -> str:
    """Say what to do about a frame that is no (H, W), or not of the color that was said."""
    said = f"has the shape {shape}"
    if len(shape) == 3 and shape[2] == 3:
        return f"{said}. If it is color, give color='rgb', or color='bgr' as OpenCV reads it."
    if len(shape) == 3 and shape[0] == 3:
        return f"{said}: channels come last here. Move them, as in frames.permute(0, 2, 3, 1)."
    if color is not None:
        return f"{said}, but color={color!r} needs (H, W, 3). Leave color out for gray frames."
    return f"{said}, but a frame must be (H, W). Pass one gray image per frame."


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
