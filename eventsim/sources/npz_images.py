"""Images in a .npz file of NumPy."""

import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.sources.labeled_images import ArrayImages, ArrayPart

_NAMES = (
    ("train", "train_images", "train_labels"),
    ("test", "test_images", "test_labels"),
    ("train", "x_train", "y_train"),
    ("test", "x_test", "y_test"),
    ("", "images", "labels"),
)
"""Split, images and labels; x_train and so on are the names of Keras."""


def open_npz(path: Path, split: str) -> ArrayImages:
    """Open arrays ``train_images``, ``train_labels``, ... or ``x_train``, ``y_train``, ...

    Images may be (N, H, W), (N, H, W, 1), (N, H, W, 3) or (N, 3, H, W).

    Raises
    ------
    SourceError
        If it cannot be read or holds no such arrays.
    """
    parts, notes = [], []
    try:
        with np.load(path, allow_pickle=False) as arrays:
            names = list(arrays)
            for part_split, images, labels in _NAMES:
                if images not in names or (split and part_split != split):
                    continue
                found = arrays[labels].reshape(-1) if labels in names else None
                if found is None:
                    notes.append(f"there are no {labels} beside {images}")
                values = _channels_last(arrays[images])
                parts.append(ArrayPart(f"{path.name}:{images}", part_split, values, found))
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        if isinstance(error, SourceError):
            raise
        reason = str(error).splitlines()[0]
        raise SourceError(f"{path} cannot be read: {reason}. Check that it is whole.") from error
    if not parts:
        expected = ", ".join(images for _, images, _ in _NAMES)
        raise SourceError(
            f"expected an array named {expected} in {path}, found {', '.join(names) or 'none'}"
            f"{f' for the split {split!r}' if split else ''}. Rename them."
        )
    labeled = [part.labels for part in parts if part.labels is not None and len(part.labels)]
    for part_labels in labeled:
        if part_labels.dtype.kind not in "iu" or part_labels.min() < 0:
            raise SourceError(
                f"labels in {path} must be whole numbers from 0, found {part_labels.dtype}. "
                "Convert them."
            )
    most = max((int(part_labels.max()) for part_labels in labeled), default=-1)
    return ArrayImages(open_npz, path, split, parts, [str(k) for k in range(most + 1)], notes)


def _channels_last(images: NDArray[np.generic]) -> NDArray[np.generic]:
    if images.ndim == 4 and images.shape[3] == 1:
        return images[..., 0]
    if images.ndim == 4 and images.shape[3] != 3 and images.shape[1] == 3:
        return images.transpose(0, 2, 3, 1)
    return images
