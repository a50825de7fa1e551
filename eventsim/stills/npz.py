"""Images in a .npz file of NumPy."""

import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import EventSimError, SourceError
from eventsim.sources.limits import check_unpacked
from eventsim.stills.labeled_images import ArrayImages, ArrayPart, number_labels
from eventsim.stills.unpacking import refuse_damaged

_NAMES = (
    ("train", "train_images", "train_labels"),
    ("val", "val_images", "val_labels"),
    ("test", "test_images", "test_labels"),
    ("train", "x_train", "y_train"),
    ("val", "x_val", "y_val"),
    ("test", "x_test", "y_test"),
    ("", "images", "labels"),
)
"""Split, images and labels: the names of MedMNIST and of Keras."""


def open_npz(path: Path, split: str) -> ArrayImages:
    """Open arrays ``train_images``, ``train_labels``, ... or ``x_train``, ``y_train``, ...

    Images may be (N, H, W), (N, H, W, 1), (N, H, W, 3) or (N, 3, H, W); labels numbers from 0, or
    names.

    Raises
    ------
    SourceError
        If it cannot be read or holds no such arrays.
    """
    parts, notes = [], []
    labels_of: list[tuple[str, NDArray[Any] | None]] = []
    try:
        with zipfile.ZipFile(path) as file:
            names = [name.removesuffix(".npy") for name in file.namelist()]
            used: set[str] = set()
            for part_split, images, labels in _NAMES:
                if images in names:
                    used |= {images, labels}
                if images not in names or (split and part_split != split):
                    continue
                found = None
                if labels in names:
                    found = _read_array(file, labels, path).reshape(-1)
                else:
                    notes.append(f"there are no {labels} beside {images}")
                values = _channels_last(_read_array(file, images, path))
                labels_of.append((f"{path.name}:{labels}", found))
                parts.append((f"{path.name}:{images}", part_split, values))
    except EventSimError:
        raise
    except Exception as error:  # the reader of archives raises whatever it likes
        raise refuse_damaged(path, error, "Check that it is whole.") from error
    if not parts:
        expected = ", ".join(images for _, images, _ in _NAMES)
        raise SourceError(
            f"expected an array named {expected} in {path}, found {', '.join(names) or 'none'}"
            f"{f' for the split {split!r}' if split else ''}. Rename them."
        )
    others = sorted(set(names) - used)
    if others:
        notes.append(f"the arrays {', '.join(others[:5])} were left out")
    numbers, classes = _numbered(labels_of, path)
    made = [ArrayPart(*part, some) for part, some in zip(parts, numbers, strict=True)]
    return ArrayImages(open_npz, path, split, made, classes, notes)


def _read_array(file: zipfile.ZipFile, name: str, path: Path) -> NDArray[Any]:
    """Read an array, if it is one of plain numbers or texts and as large as it says."""
    where = f"{name} in {path}"
    member = f"{name}.npy" if f"{name}.npy" in file.namelist() else name
    info = file.getinfo(member)
    check_unpacked(info.file_size, where)
    with file.open(member) as data:
        version = np.lib.format.read_magic(data)
        if version not in ((1, 0), (2, 0)):
            raise SourceError(f"{where} is of version {version} of the format. Save it again.")
        read = np.lib.format.read_array_header_1_0
        if version == (2, 0):
            read = np.lib.format.read_array_header_2_0
        shape, _, dtype = read(data)
    if dtype.hasobject or dtype.kind not in "iubfUS":
        raise SourceError(
            f"arrays must hold plain numbers or texts, but {where} is of {dtype}. Convert it."
        )
    size = math.prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or size > info.file_size:
        raise SourceError(
            f"{where} promises {shape} of {dtype}, which it cannot hold. Save it again."
        )
    with file.open(member) as data:
        return np.lib.format.read_array(data, allow_pickle=False)


def _numbered(
    labels: list[tuple[str, NDArray[Any] | None]], path: Path
) -> tuple[list[NDArray[np.integer] | None], list[str]]:
    """Labels as numbers from 0, and the names of the classes."""
    there = [some for _, some in labels if some is not None and len(some)]
    if there and all(some.dtype.kind in "US" for some in there):
        texts = [None if some is None else some.astype(str) for _, some in labels]
        classes = sorted({str(name) for some in texts if some is not None for name in some})
        place = {name: k for k, name in enumerate(classes)}
        numbers = [
            None if some is None else np.array([place[str(n)] for n in some], np.int64)
            for some in texts
        ]
        return list(numbers), classes
    for some in there:
        if some.dtype.kind not in "iub":
            raise SourceError(
                f"labels in {path} must be whole numbers from 0, or names in all splits, found "
                f"{some.dtype}. Convert them."
            )
    whole = [
        (name, some.astype(np.int64) if some is not None and some.dtype.kind == "b" else some)
        for name, some in labels
    ]
    return [some for _, some in whole], number_labels(whole)


def _channels_last(images: NDArray[np.generic]) -> NDArray[np.generic]:
    if images.ndim == 4 and images.shape[3] == 1:
        return images[..., 0]
    if images.ndim == 4 and images.shape[3] != 3 and images.shape[1] == 3:
        return images.transpose(0, 2, 3, 1)
    return images
