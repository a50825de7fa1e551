"""Weights of learned filters, read and checked."""

import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError

Shape = tuple[int, ...]


def load_weights(path: Path, shapes: Mapping[str, Shape]) -> tuple[NDArray[np.float32], ...]:
    """Arrays of a file of weights, in the order of `shapes`; read once, and again if it changes.

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
        seen, place = path.stat(), path.resolve()
        return _load(place, seen.st_mtime_ns, seen.st_size, path, tuple(shapes.items()))
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise ConfigError(
            f"weights {path} cannot be read ({error}). They are an .npz of `train_denoiser.py`."
        ) from error


@lru_cache(maxsize=16)
def _load(
    place: Path, changed_ns: int, size: int, path: Path, shapes: tuple[tuple[str, Shape], ...]
) -> tuple[NDArray[np.float32], ...]:
    """Arrays of a file as it is now; `path` is what its user calls it."""
    with np.load(place) as file:
        arrays = {name: np.asarray(file[name], np.float32) for name in file.files}
    for name, shape in shapes:
        found = arrays[name].shape if name in arrays else "none"
        if found != shape:
            raise ConfigError(
                f"weights {path} are of another network: expected {name} {shape}, found {found}."
            )
        if not np.isfinite(arrays[name]).all():
            raise ConfigError(f"weights {path} hold numbers that are not finite, in {name}.")
    return tuple(np.ascontiguousarray(arrays[name]) for name, _ in shapes)
