"""The table of samples of a dataset: gathered from commit records, written once, read whole.

Text stays as bytes until it is asked for: a million samples are then a few hundred MB, and forked
workers share them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from eventsim.store import layout
from eventsim.store.description import write_small
from eventsim.store.layout import Content

_NO_NOTES = "the notes of this sample are damaged: run `eventsim verify`"


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

    @classmethod
    def joined(cls, pieces: Sequence["Texts"]) -> "Texts":
        """One after the other."""
        lengths = [np.diff(piece.offsets) for piece in pieces]
        offsets = np.cumsum(np.concatenate([np.zeros(1, np.int64), *lengths]))
        return cls(b"".join(piece.data for piece in pieces), offsets)


@dataclass(frozen=True, eq=False)
class SampleTable:
    """One row a sample.

    Attributes
    ----------
    numbers : dict of str to (n,) ndarray of int64
    texts : dict of str to Texts
        Notes are lists as JSON.
    """

    numbers: dict[str, NDArray[np.int64]]
    texts: dict[str, Texts]

    def __len__(self) -> int:
        return len(self.numbers["part"])

    def row(self, index: int) -> dict[str, Any]:
        """Everything that is known of a sample; notes as a tuple."""
        values: dict[str, Any] = {n: int(column[index]) for n, column in self.numbers.items()}
        values |= {name: column[index] for name, column in self.texts.items()}
        values["notes"] = _notes(values["notes"])
        return values


def _notes(text: str) -> tuple[str, ...]:
    """Notes of a sample; a damaged list is said as the only one."""
    try:
        notes = json.loads(text)
    except (ValueError, RecursionError):
        notes = None
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        return (_NO_NOTES,)
    return tuple(notes)


def columns_of(record: Mapping[str, Any], content: Content) -> dict[str, list[Any]]:
    """Properties of the samples of a part, from its commit record.

    Parameters
    ----------
    record : mapping
    content : Content

    Returns
    -------
    dict of str to list
        All columns of the table but ``part``; notes are lists.
    """
    if "columns" in record:
        columns: dict[str, list[Any]] = record["columns"]
        return columns
    names = [name for name in (*content.numbers, *content.strings) if name != "part"]
    rows = record["recordings"]
    return {name: [row[name] for row in rows] for name in names}


def part_table(record: Mapping[str, Any], part: int, content: Content) -> SampleTable:
    """Make the rows of a part from its commit record."""
    columns = columns_of(record, content)
    notes = [json.dumps(some, ensure_ascii=False) for some in columns["notes"]]
    columns = {**columns, "part": [part] * len(notes), "notes": notes}
    return SampleTable(
        {name: np.array(columns[name], np.int64) for name in content.numbers},
        {name: Texts.of(columns[name]) for name in content.strings},
    )


def join_tables(pieces: Sequence[SampleTable], content: Content) -> SampleTable:
    """One table of those of the parts, in order."""
    empty = np.empty(0, np.int64)
    return SampleTable(
        {n: np.concatenate([empty, *(p.numbers[n] for p in pieces)]) for n in content.numbers},
        {n: Texts.joined([p.texts[n] for p in pieces]) for n in content.strings},
    )


def write_table(path: Path, root: zarr.Group, table: SampleTable) -> None:
    """Write the table of the dataset at a path; one that is there is replaced."""
    root.create_group("samples", overwrite=True)
    folder = path / "samples"
    for name, numbers in table.numbers.items():
        write_small(folder / name, numbers)
    for name, texts in table.texts.items():
        write_small(folder / name, np.frombuffer(texts.data, np.uint8))
        write_small(folder / f"{name}_offsets", texts.offsets)


def read_table(root: zarr.Group, content: Content, *, rows: int) -> SampleTable:
    """Read the table of a finished dataset.

    Parameters
    ----------
    root : zarr.Group
    content : Content
    rows : int
        As the attributes of the root say.

    Raises
    ------
    ValueError, KeyError, ...
        If it is not as one must be; the caller says where.
    """
    group: Any = root["samples"]
    _column(group, "part", np.dtype(np.int64), rows)  # so there are as many as that
    numbers = {name: _column(group, name, np.dtype(np.int64), rows) for name in content.numbers}
    texts = {}
    for name in content.strings:
        offsets = _column(group, f"{name}_offsets", np.dtype(np.int64), rows + 1)
        data = _column(group, name, np.dtype(np.uint8), None)
        if offsets[0] != 0 or offsets[-1] != len(data) or (np.diff(offsets) < 0).any():
            raise ValueError(f"the offsets of {name} do not fit its texts")
        texts[name] = Texts(data.tobytes(), offsets)
    return SampleTable(numbers, texts)


def _column(group: Any, name: str, dtype: np.dtype[Any], rows: int | None) -> NDArray[Any]:
    """Read a column of the table, if it is one, and of the length that the attributes say."""
    array = group[name]
    if not isinstance(array, zarr.Array) or array.ndim != 1 or array.dtype != dtype:
        raise ValueError(f"{name} is no column of {dtype}")
    if rows is not None and array.shape[0] != rows:
        raise ValueError(f"{name} has {array.shape[0]} rows, and there are {rows}")
    if max(array.nbytes, dtype.itemsize * int(array.chunks[0])) > layout.MOST_CHUNK_BYTES:
        raise ValueError(f"{name} is too large")
    return np.asarray(array[:])
