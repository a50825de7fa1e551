"""Images in idx files: MNIST, Fashion-MNIST, EMNIST, KMNIST."""

import gzip
import math
import re
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.sources.labeled_images import SPLITS, ArrayImages, ArrayPart

_IMAGES = re.compile(r"^(?P<before>.*)images(?P<joint>[-.])idx3-ubyte(?P<gz>\.gz)?$")
_UNSIGNED_BYTES = 8
"""Type code of uint8 in an idx file (Y. LeCun's description of the format)."""


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
    found = [
        int(part.labels.max()) for part in parts if part.labels is not None and len(part.labels)
    ]
    classes = [str(number) for number in range(max(found) + 1)] if found else []
    return ArrayImages(open_idx, path, split, parts, classes, notes)


def read_idx(path: Path, *, dimensions: int) -> NDArray[np.uint8]:
    """Read an idx file of bytes.

    Parameters
    ----------
    path : Path
        May be packed with gzip (.gz).
    dimensions : int
        That it must have: 3 for images, 1 for labels.

    Returns
    -------
    ndarray of uint8

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
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"{path} cannot be read: {error}. Check that it is whole.") from error
    head = 4 + 4 * dimensions
    if data[:4] != bytes((0, 0, _UNSIGNED_BYTES, dimensions)) or len(data) < head:
        raise SourceError(
            f"expected an idx file of bytes with {dimensions} dimensions, but {path} begins with "
            f"{data[:4].hex(' ') or 'nothing'}. Check that it is what it is called."
        )
    shape = tuple(int(n) for n in np.frombuffer(data, ">u4", dimensions, 4))
    if len(data) != head + math.prod(shape):
        raise SourceError(
            f"{path} promises {'x'.join(map(str, shape))} bytes of data, but holds "
            f"{len(data) - head:,}. Copy it again."
        )
    return np.frombuffer(data, np.uint8, offset=head).reshape(shape)


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
