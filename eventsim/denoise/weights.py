"""Weights of learned filters, read and checked."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError


def load_weights(
    path: Path, shapes: Mapping[str, tuple[int, ...]]
) -> tuple[NDArray[np.float32], ...]:
    """Arrays of a file of weights, in the order of `shapes`.

    Parameters
    ----------
    path : Path
        An .npz, as ``train_denoiser.py`` writes it.
    shapes : mapping
        Shape of each array, by name.

    Raises
    ------
    ConfigError
        If it cannot be read, an array is missing, or it has another shape or is not finite.
    """
    try:
        with np.load(path) as file:
            arrays = {name: np.asarray(file[name], np.float32) for name in file.files}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise ConfigError(
            f"weights {path} cannot be read ({error}). They are an .npz of `train_denoiser.py`."
        ) from error
    for name, shape in shapes.items():
        found = arrays[name].shape if name in arrays else "none"
        if found != shape:
            raise ConfigError(
                f"weights {path} are of another network: expected {name} {shape}, found {found}."
            )
        if not np.isfinite(arrays[name]).all():
            raise ConfigError(f"weights {path} hold numbers that are not finite, in {name}.")
    return tuple(np.ascontiguousarray(arrays[name]) for name in shapes)
