"""Still images to one size, as the authors of image sets for spiking networks did it."""

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from eventsim.errors import ConfigError
from eventsim.sources.checks import WHITE_UINT16
from eventsim.sources.geometry import Geometry

StillFit = Literal["stretch", "crop"]


def resize_image(
    values: NDArray[np.generic], size: tuple[int, int], *, fit: StillFit = "stretch"
) -> NDArray[np.generic]:
    """Bring an image to a size with an antialiased bicubic filter.

    Parameters
    ----------
    values : (H, W) or (H, W, 3) ndarray of uint8 or uint16
    size : (width, height)
    fit : {"stretch", "crop"}
        ``stretch`` scales both axes on their own; ``crop`` scales to cover the size (the longer
        side rounded to the nearest pixel) and cuts out the center.

    Returns
    -------
    (height, width) or (height, width, 3) ndarray
        Of the same type, rounded and clamped; `values` itself if there is nothing to do.

    Raises
    ------
    ConfigError
        For an unknown fit or an empty size.

    Notes
    -----
    Keys' cubic with a = -0.5, widened by the factor of an axis that shrinks [1]_, as Pillow has it.

    References
    ----------
    .. [1] R. Keys, "Cubic convolution interpolation for digital image processing", IEEE TASSP
       29(6), 1981.
    """
    if fit not in get_args(StillFit):
        raise ConfigError(f"fit must be one of {', '.join(get_args(StillFit))}, found {fit!r}.")
    height, width = values.shape[:2]
    geometry = Geometry.of((width, height), size, fit=fit)
    if geometry.is_identity:
        return values
    left = (geometry.scaled.width - geometry.size.width) // 2
    top = (geometry.scaled.height - geometry.size.height) // 2
    scaled = _bicubic(values, geometry.scaled)
    return np.ascontiguousarray(
        scaled[top : top + geometry.size.height, left : left + geometry.size.width]
    )


def _bicubic(values: NDArray[np.generic], size: tuple[int, int]) -> NDArray[np.generic]:
    if values.dtype == np.uint8:
        return np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BICUBIC))
    # Pillow has no color of 16 bits: channel by channel, as floats.
    channels = values[:, :, None] if values.ndim == 2 else values
    planes = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(channels[:, :, c], np.float32)).resize(
                size, Image.Resampling.BICUBIC
            )
        )
        for c in range(channels.shape[2])
    ]
    rounded = np.rint(np.stack(planes, axis=-1))
    clamped: NDArray[np.generic] = np.clip(rounded, 0, WHITE_UINT16).astype(np.uint16)
    return clamped[:, :, 0] if values.ndim == 2 else clamped
