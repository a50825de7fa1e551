"""Images of CIFAR-10 and CIFAR-100, as they are distributed: python or binary, folder or archive.

References
----------
.. [1] A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009, and the
   description of the files at https://www.cs.toronto.edu/~kriz/cifar.html.
"""

import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import EventSimError, SourceError
from eventsim.stills.labeled_images import ArrayImages, ArrayPart, number_labels
from eventsim.stills.plain_pickle import PickleRefused, read_plain_pickle
from eventsim.stills.unpacking import UNPACKING_ERRORS, read_archive, refuse_damaged

SIDE_PX = 32
BYTES = 3 * SIDE_PX**2
"""Of an image: 1,024 red, 1,024 green and 1,024 blue [1]_."""

_TRAIN10 = [f"data_batch_{k}" for k in range(1, 6)]
_FILES = {
    **{name: "train" for name in _TRAIN10},
    **{f"{name}.bin": "train" for name in _TRAIN10},
    "test_batch": "test",
    "test_batch.bin": "test",
    "train": "train",
    "train.bin": "train",
    "test": "test",
    "test.bin": "test",
}
"""The files of both sets, and their splits."""
_NAMES = ("batches.meta", "meta", "batches.meta.txt", "fine_label_names.txt")
_PLAIN = ("train", "test")
"""Names that any folder may use; they mean CIFAR-100 only beside a file `meta`."""

Files = dict[str, Callable[[], bytes]]


def is_cifar(path: Path) -> bool:
    """Whether a path is a folder or an archive of one of the two sets."""
    if path.is_dir():
        return bool(_wanted(_folder_files(path)))
    return path.name.startswith("cifar-10") and ".tar" in path.name


def open_cifar(path: Path, split: str) -> ArrayImages:
    """Open CIFAR-10 or CIFAR-100 (fine labels).

    Parameters
    ----------
    path : Path
        The folder (or the one above it) or the .tar.gz, of the python or the binary version.
    split : str
        "" for all.

    Raises
    ------
    SourceError
        If a file is damaged.
    """
    files = _folder_files(path) if path.is_dir() else _archive_files(path)
    parts, notes = [], []
    for name in _wanted(files):
        if split and _FILES[name] != split:
            continue
        data = files[name]()
        images, labels = _binary(data, name) if name.endswith(".bin") else _python(data, name)
        parts.append(ArrayPart(name, _FILES[name], images, labels))
    classes = _class_names(files)
    numbered = number_labels([(part.name, part.labels) for part in parts])
    if len(numbered) > len(classes):
        classes = numbered
        notes.append("the names of the classes are not there: labels are numbers")
    notes += _missing(files, split)
    return ArrayImages(open_cifar, path, split, parts, classes, notes)


def _missing(files: Files, split: str) -> list[str]:
    """Say which batches of CIFAR-10 are not there."""
    for ending in ("", ".bin"):
        all_of_it = [f"{name}{ending}" for name in (*_TRAIN10, "test_batch")]
        there = [name for name in all_of_it if name in files]
        missing = [
            name for name in all_of_it if name not in files and (not split or _FILES[name] == split)
        ]
        if there and missing:
            return [f"of CIFAR-10, {', '.join(missing)} are not there"]
    return []


def _wanted(files: Files) -> list[str]:
    """Files of images, train first; the plain names only where they can be CIFAR's."""
    names = [name for name in _FILES if name in files]
    if "meta" not in files:
        names = [name for name in names if name not in _PLAIN]
    return names


def _folder_files(path: Path) -> Files:
    """Files of a folder, or of the one folder in it."""
    inside = [entry for entry in path.iterdir() if entry.name.startswith("cifar-10")]
    folders = [path, *(entry for entry in inside if entry.is_dir())]
    return {
        entry.name: entry.read_bytes
        for folder in reversed(folders)
        for entry in folder.iterdir()
        if entry.name in (*_FILES, *_NAMES) and entry.is_file()
    }


def _archive_files(path: Path) -> Files:
    """Files of an archive, unpacked into memory in one pass (180 MB)."""
    try:
        files = dict(read_archive(path, frozenset((*_FILES, *_NAMES))))
    except (*UNPACKING_ERRORS, tarfile.TarError, ValueError) as error:
        if isinstance(error, EventSimError):
            raise
        raise refuse_damaged(path, error, "Download it again.") from error
    return {name: (lambda data=data: data) for name, data in files.items()}  # type: ignore[misc]


def _binary(data: bytes, name: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images and labels of the binary version: one label byte per image, two in CIFAR-100."""
    coarse = int(name in ("train.bin", "test.bin"))
    row = coarse + 1 + BYTES
    if not data or len(data) % row:
        raise SourceError(
            f"{name} must hold rows of {row} bytes, found {len(data):,} bytes. Download it again."
        )
    rows = np.frombuffer(data, np.uint8).reshape(-1, row)
    return _channels_last(rows[:, coarse + 1 :]), rows[:, coarse]


def _python(data: bytes, name: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Images and labels of the python version."""
    content = _unpickle(data, name)
    images = content.get("data")
    labels = content.get("fine_labels", content.get("labels"))
    if not isinstance(images, np.ndarray) or images.dtype != np.uint8 or labels is None:
        raise SourceError(
            f"{name} must hold data of bytes and labels, found {', '.join(content)[:200]}."
        )
    whole = isinstance(labels, np.ndarray) or (
        isinstance(labels, list) and all(type(k) is int and -(2**63) <= k < 2**63 for k in labels)
    )
    if not whole:
        raise SourceError(f"labels in {name} must be whole numbers. Download it again.")
    if images.ndim != 2 or images.shape[1] != BYTES:
        raise SourceError(f"data in {name} must be (N, {BYTES}), found {images.shape}.")
    return _channels_last(images), np.asarray(labels, np.int64)


def _channels_last(rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(rows.reshape(-1, 3, SIDE_PX, SIDE_PX).transpose(0, 2, 3, 1))


def _class_names(files: Files) -> list[str]:
    for name in _NAMES:
        if name not in files:
            continue
        if name.endswith(".txt"):
            return files[name]().decode("utf-8", "replace").split()
        content = _unpickle(files[name](), name)
        names = content.get("fine_label_names", content.get("label_names"))
        if isinstance(names, list) and all(isinstance(n, bytes | str) for n in names):
            return [n.decode("utf-8", "replace") if isinstance(n, bytes) else str(n) for n in names]
    return []


def _unpickle(data: bytes, name: str) -> dict[str, Any]:
    """Content of a pickle of Python 2 or 3, with its names as text."""
    try:
        content = read_plain_pickle(data)
    except PickleRefused as error:
        raise SourceError(f"{name} is no file of CIFAR: {error}. Download it again.") from error
    if not isinstance(content, dict):
        raise SourceError(f"{name} must hold a dictionary, found {type(content).__name__}.")
    return dict(_text_keys(content))


def _text_keys(content: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in content.items():
        yield (key.decode("utf-8", "replace") if isinstance(key, bytes) else str(key)), value
