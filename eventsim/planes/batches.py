"""What users pass as a batch of images, in the form of the kernels."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eventsim.errors import ConfigError
from eventsim.events import MAX_SIDE_PX
from eventsim.planes.kernels import fill_value


def as_images(images: ArrayLike) -> NDArray[Any]:
    """Images in the form of the kernels.

    Parameters
    ----------
    images : (B, 3, H, W), (B, 1, H, W) or (B, H, W) array of uint8, uint16 or float

    Returns
    -------
    (B, C, H, W) contiguous ndarray of uint8 or float32
        Only the maximum over the channels where those came last in memory.

    Raises
    ------
    ConfigError
        For another shape or type.
    """
    values = np.asarray(images)
    if values.dtype not in (np.uint8, np.uint16, np.float16, np.float32, np.float64):
        raise ConfigError(
            f"images must be uint8, uint16 or float, found {values.dtype}. Convert them."
        )
    if values.ndim == 3:
        values = values[:, None]
    if values.ndim != 4 or values.shape[1] not in (1, 3):
        hint = "Move the channels first." if values.shape[-1:] in ((1,), (3,)) else "Reshape them."
        if values.ndim == 4 and values.shape[1] in (2, 4):
            hint = "Composite or drop the alpha channel."
        raise ConfigError(
            f"images must be (B, 3, H, W), (B, 1, H, W) or (B, H, W), found {values.shape}. {hint}"
        )
    height, width = values.shape[2:]
    if not (0 < height <= MAX_SIDE_PX and 0 < width <= MAX_SIDE_PX):
        raise ConfigError(f"images must have 1 to {MAX_SIDE_PX} px per side, found {values.shape}.")
    if values.dtype != np.uint8:
        return np.ascontiguousarray(values, np.float32)
    last = values.transpose(0, 2, 3, 1)
    if values.shape[1] == 3 and last.flags.c_contiguous:
        # Channels that lie side by side are not moved apart: their maximum is all that counts.
        value = np.empty((len(values), 1, height, width), np.uint8)
        fill_value(last, value)
        return value
    return np.ascontiguousarray(values)


def as_samples(samples: ArrayLike | None, n: int) -> NDArray[np.uint64]:
    """Numbers of the samples, checked; 0, 1, 2, ... by default."""
    if samples is None:
        return np.arange(n, dtype=np.uint64)
    numbers = np.asarray(samples)
    if numbers.shape != (n,) or numbers.dtype.kind not in "iu":
        raise ConfigError(
            f"samples must be {n} integers, one per image, found {numbers.dtype} {numbers.shape}."
        )
    if n and not (0 <= int(numbers.min()) and int(numbers.max()) < 1 << 32):
        raise ConfigError(
            f"samples must lie in [0, 2**32), found {numbers.min()} to {numbers.max()}."
        )
    return numbers.astype(np.uint64)
