"""Images in idx files: MNIST, Fashion-MNIST, EMNIST, KMNIST."""

import math
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import EventSimError, SourceError
from eventsim.sources.folder_walk import SPLITS
from eventsim.sources.limits import check_unpacked
from eventsim.stills.labeled_images import ArrayImages, ArrayPart, number_labels
from eventsim.stills.unpacking import UNPACKING_ERRORS, read_packed, refuse_damaged

_IMAGES = re.compile(r"^(?P<before>.*)images(?P<joint>[-.])idx3-ubyte(?P<gz>\.gz)?$")
_BYTES = 8
_TYPES = {_BYTES: ">u1", 9: ">i1", 11: ">i2", 12: ">i4"}
"""Type codes of integers in an idx file (Y. LeCun's description of the format)."""


def is_idx(path: Path) -> bool:
    """Whether a path is an idx file of images, or a folder that holds some."""
    if path.is_dir():
        return any(_IMAGES.match(entry.name) for entry in path.iterdir())
    return bool(_IMAGES.match(path.name))


def open_idx(path: Path, split: str) -> ArrayImages:
    """Open idx files of images, with the labels that lie beside them.

    Parameters
    ----------
    path : Path
        A file ``...images-idx3-ubyte`` (or .gz), or a folder of them; t10k is the test split.
    split : str
        "" for all.

    Raises
    ------
    SourceError
        If a file is damaged, or images and labels differ in number.
    """
    files = [path] if path.is_file() else sorted(e for e in path.iterdir() if _IMAGES.match(e.name))
    # A folder may hold a file packed and unpacked: once is enough.
    files = [f for f in files if f.suffix != ".gz" or f.with_suffix("") not in files]
    splits = {file: _split_of(file.name) for file in files}
    files.sort(key=lambda f: (SPLITS.index(splits[f]) if splits[f] else len(SPLITS), f.name))
    parts, notes = [], []
    for file in files:
        if split and splits[file] != split:
            continue
        images = read_idx(file, dimensions=3)
        labels_file = _labels_beside(file)
        labels = None if labels_file is None else read_idx(labels_file, dimensions=1)
        if labels is None:
            notes.append(f"no labels lie beside {file.name}")
        parts.append(ArrayPart(file.name, splits[file], images, labels))
    classes = number_labels([(part.name, part.labels) for part in parts])
    return ArrayImages(open_idx, path, split, parts, classes, notes)


def read_idx(path: Path, *, dimensions: int) -> NDArray[np.integer]:
    """Read an idx file of integers.

    Parameters
    ----------
    path : Path
        May be packed with gzip (.gz).
    dimensions : int
        That it must have: 3 for images, 1 for labels.

    Returns
    -------
    ndarray of uint8, int8, int16 or int32

    Raises
    ------
    SourceError
        If it is damaged, or something else.

    References
    ----------
    .. [1] Y. LeCun, C. Cortes, C. Burges, "The MNIST database", section "File formats": magic 0, 0,
       type, number of dimensions; then their sizes as big-endian 32-bit integers; then the data.
    """
    try:
        packed = path.suffix == ".gz"
        if not packed:
            check_unpacked(path.stat().st_size, str(path))
        data = read_packed(path) if packed else path.read_bytes()
    except UNPACKING_ERRORS as error:
        if isinstance(error, EventSimError):
            raise
        raise refuse_damaged(path, error, "Check that it is whole.") from error
    head = 4 + 4 * dimensions
    known = len(data) >= head and data[:2] == b"\0\0" and data[3] == dimensions
    # Pixels are bytes; labels may be any integers.
    if not known or data[2] not in _TYPES or (dimensions == 3 and data[2] != _BYTES):
        raise SourceError(
            f"expected an idx file of integers with {dimensions} dimensions, but {path} begins "
            f"with {data[:4].hex(' ') or 'nothing'}. Check that it is what it is called."
        )
    dtype = np.dtype(_TYPES[data[2]])
    shape = tuple(int(n) for n in np.frombuffer(data, ">u4", dimensions, 4))
    if len(data) != head + math.prod(shape) * dtype.itemsize:
        raise SourceError(
            f"{path} promises {'x'.join(map(str, shape))} numbers of {dtype.itemsize} bytes, but "
            f"holds {len(data) - head:,} bytes. Copy it again."
        )
    values = np.frombuffer(data, dtype, offset=head).reshape(shape)
    return values.astype(dtype.newbyteorder("="), copy=False)


def _split_of(name: str) -> str:
    if "t10k" in name or "test" in name:
        return "test"
    return "train" if "train" in name else "val" if "val" in name else ""


def _labels_beside(path: Path) -> Path | None:
    match = _IMAGES.match(path.name)
    if match is None:
        return None
    stem = f"{match['before']}labels{match['joint']}idx1-ubyte"
    for name in (stem, f"{stem}.gz"):
        if (path.parent / name).is_file():
            return path.parent / name
    return None
