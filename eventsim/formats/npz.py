"""NumPy's files: .npz with a column each, or a structured array; .npy with one.

Columns may have any name of `eventsim.formats.columns`; an array of four columns has the order of
`Layout.columns`. Whole numbers are microseconds, fractions are seconds, unless the unit is given
(vid2e: ns). A .npz is read into memory.
"""

import math
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.events import STRUCTURED, Events, SensorSize, checked_size
from eventsim.formats.columns import as_block, find_columns, order_of
from eventsim.formats.file import BLOCK_EVENTS, Block, EventFile, Layout, broken

_SIZE = "sensor_size"
"""Key of a .npz under which we keep the size of the sensor, width then height."""


def open_npz(path: Path, layout: Layout) -> EventFile:
    """Open a .npz or .npy file.

    Raises
    ------
    SourceError
        If it cannot be read, or holds no events.
    """
    size: SensorSize | None = None
    arrays: dict[str, NDArray[Any]] = {}
    try:
        arrays = _load(path)
        if _SIZE in arrays:
            width, height = arrays.pop(_SIZE).tolist()
            size = checked_size((width, height))
    except Exception as error:  # NumPy reads headers with Python's own parser, which raises any
        if isinstance(error, FileNotFoundError | PermissionError):
            raise
        words = " ".join(str(error).split())
        raise broken(path, "NumPy file", f"{words or type(error).__name__}.") from None
    columns = _columns_of(path, arrays, layout)
    count = len(columns["t"])
    width_bytes = path.stat().st_size / max(1, count)

    def blocks() -> Iterator[Block]:
        for first in range(0, count, BLOCK_EVENTS):
            some = {k: np.asarray(v[first : first + BLOCK_EVENTS]) for k, v in columns.items()}
            used = int(len(some["t"]) * width_bytes)
            yield as_block(some, path, layout.time_unit, used)

    return EventFile(path, path.suffix.lower()[1:], layout.size or size, blocks)


def _load(path: Path) -> dict[str, NDArray[Any]]:
    """All arrays of a file, none of them larger than what the file holds for it."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as stream:
            _check(stream, path.stat().st_size)
        return {"": np.load(path, mmap_mode="r")}
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            with archive.open(member) as stream:
                _check(stream, member.file_size)
    with np.load(path) as loaded:
        return {name: loaded[name] for name in loaded.files}


def _check(stream: IO[bytes], total_bytes: int) -> None:
    """Hold the size that a header says against that of the file: it would all be allocated."""
    version = np.lib.format.read_magic(stream)
    read = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    if version not in read:
        raise ValueError(f"version {version} of the format is not known")
    shape, _, dtype = read[version](stream)
    if math.prod(shape) * dtype.itemsize > total_bytes:
        raise ValueError(f"an array of {shape} does not fit into the file")


def _columns_of(
    path: Path, arrays: dict[str, NDArray[Any]], layout: Layout
) -> dict[str, NDArray[Any]]:
    """Columns t, x, y, p and kind, of one length."""
    named = find_columns(list(arrays))
    if named is not None:
        columns = {column: arrays[name] for column, name in named.items()}
    else:
        columns = next(
            (found for array in arrays.values() if (found := _of_one(array, layout))), {}
        )
    lengths = {column.shape for column in columns.values()}
    if not columns or len(lengths) != 1 or len(next(iter(lengths))) != 1:
        there = ", ".join(f"{k or 'one array'} {v.dtype} {v.shape}" for k, v in arrays.items())
        raise SourceError(
            f"{path} must hold columns t, x, y and p of one length, a structured array of these, "
            f"or an array of four columns, found {there or 'nothing'}."
        )
    return columns


def _of_one(array: NDArray[Any], layout: Layout) -> dict[str, NDArray[Any]]:
    """Columns of one array; nothing if it has none."""
    if array.dtype.names is not None and array.ndim == 1:
        named = find_columns(array.dtype.names)
        return {} if named is None else {column: array[name] for column, name in named.items()}
    if array.ndim == 2 and array.shape[1] == 4 and array.dtype.kind in "iuf":
        return {column: array[:, k] for k, column in enumerate(order_of(layout)[:4])}
    return {}


def write_npz(file: BinaryIO, pieces: Iterable[Events], size: SensorSize) -> list[str]:
    """Write the columns t, x, y, p, kind, uncompressed, and the size; nothing is lost."""
    whole = Events.concatenate(list(pieces), size)
    columns = {name: getattr(whole, name) for name in ("t", "x", "y", "p", "kind")}
    np.savez(file, allow_pickle=False, **columns | {_SIZE: np.array(size, np.int64)})
    return []


def write_npy(file: BinaryIO, pieces: Iterable[Events], size: SensorSize) -> list[str]:
    """Write one structured array of the field (tonic's): x, y, t, p; the size is lost."""
    whole = Events.concatenate(list(pieces), size).to_structured()
    np.lib.format.write_array(file, np.ascontiguousarray(whole, STRUCTURED), allow_pickle=False)
    return [f"the file does not say its size, {size}"]
