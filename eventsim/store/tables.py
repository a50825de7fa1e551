"""Columns of numbers and of texts that are written once and read whole.

Text stays as bytes until it is asked for: a million samples are then a few hundred MB, and forked
workers share them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from eventsim.store import layout
from eventsim.store.description import write_small


@dataclass(frozen=True, eq=False)
class Texts:
    """A column of texts.

    Attributes
    ----------
    data : bytes
        All of them as UTF-8, one after the other.
    offsets : (n + 1,) ndarray of int64
    """

    data: bytes
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> str:
        a, b = self.offsets[index], self.offsets[index + 1]
        return self.data[a:b].decode("utf-8", "surrogateescape")

    @classmethod
    def of(cls, values: Iterable[str]) -> "Texts":
        """From texts; file names that are not UTF-8 survive."""
        encoded = [value.encode("utf-8", "surrogateescape") for value in values]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(text) for text in encoded], out=offsets[1:])
        return cls(b"".join(encoded), offsets)

    def take(self, rows: NDArray[np.integer]) -> "Texts":
        """Some texts, in the order that is asked for."""
        starts, stops = self.offsets[rows], self.offsets[rows + 1]
        pieces = [self.data[a:b] for a, b in zip(starts.tolist(), stops.tolist(), strict=True)]
        offsets = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(stops - starts, out=offsets[1:])
        return Texts(b"".join(pieces), offsets)

    @classmethod
    def joined(cls, pieces: Sequence["Texts"]) -> "Texts":
        """One after the other."""
        lengths = [np.diff(piece.offsets) for piece in pieces]
        offsets = np.cumsum(np.concatenate([np.zeros(1, np.int64), *lengths]))
        return cls(b"".join(piece.data for piece in pieces), offsets)


def write_columns(
    folder: Path, numbers: Mapping[str, NDArray[np.int64]], texts: Mapping[str, Texts]
) -> None:
    """Write columns into a group that is there and empty.

    Parameters
    ----------
    folder : Path
        Of the group.
    numbers : mapping of str to (n,) ndarray of int64
    texts : mapping of str to Texts
        Each as an array of bytes and one of offsets.

    Raises
    ------
    OSError
    """
    for name, column in numbers.items():
        write_small(folder / name, column)
    for name, some in texts.items():
        write_small(folder / name, np.frombuffer(some.data, np.uint8))
        write_small(folder / f"{name}_offsets", some.offsets)


def read_columns(
    group: zarr.Group, numbers: Sequence[str], texts: Sequence[str], *, rows: int
) -> tuple[dict[str, NDArray[np.int64]], dict[str, Texts]]:
    """Read columns, and hold each against the number of rows.

    Parameters
    ----------
    group : zarr.Group
    numbers, texts : sequence of str
        Names of the columns; there must be one of numbers.
    rows : int

    Returns
    -------
    numbers : dict of str to (rows,) ndarray of int64
    texts : dict of str to Texts

    Raises
    ------
    ValueError, KeyError, ...
        If they are not as they must be; the caller says where.
    """
    found = {name: _column(group, name, np.dtype(np.int64), rows) for name in numbers}
    read = {}
    for name in texts:
        offsets = _column(group, f"{name}_offsets", np.dtype(np.int64), rows + 1)
        data = _column(group, name, np.dtype(np.uint8), None)
        if offsets[0] != 0 or offsets[-1] != len(data) or (np.diff(offsets) < 0).any():
            raise ValueError(f"the offsets of {name} do not fit its texts")
        read[name] = Texts(data.tobytes(), offsets)
    return found, read


def _column(group: Any, name: str, dtype: np.dtype[Any], rows: int | None) -> NDArray[Any]:
    """Read a column, if it is one, and of the length that it must have."""
    array = group[name]
    if not isinstance(array, zarr.Array) or array.ndim != 1 or array.dtype != dtype:
        raise ValueError(f"{name} is no column of {dtype}")
    if rows is not None and array.shape[0] != rows:
        raise ValueError(f"{name} has {array.shape[0]} rows, and there are {rows}")
    if max(array.nbytes, dtype.itemsize * int(array.chunks[0])) > layout.MOST_CHUNK_BYTES:
        raise ValueError(f"{name} is too large")
    return np.asarray(array[:])
