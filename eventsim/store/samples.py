"""The table of samples of a dataset: gathered from commit records, written once, read whole."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from eventsim.store.layout import Content
from eventsim.store.places import make_group
from eventsim.store.tables import Texts, read_columns, write_columns

_NO_NOTES = "the notes of this sample are damaged: run `eventsim verify`"


@dataclass(frozen=True, eq=False)
class SampleTable:
    """One row per sample.

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

    def by_sample(self) -> "SampleTable":
        """The same rows in the order of `sample`: what was converted later takes its place."""
        samples = self.numbers["sample"]
        if (samples[1:] >= samples[:-1]).all():
            return self
        return self.take(np.argsort(samples, kind="stable"))

    def take(self, rows: NDArray[np.integer]) -> "SampleTable":
        """Some rows, in the order that is asked for."""
        return SampleTable(
            {name: column[rows] for name, column in self.numbers.items()},
            {name: texts.take(rows) for name, texts in self.texts.items()},
        )

    def row(self, index: int) -> dict[str, Any]:
        """Everything that is known of a sample; notes as a tuple."""
        values: dict[str, Any] = {n: int(column[index]) for n, column in self.numbers.items()}
        values |= {name: column[index] for name, column in self.texts.items()}
        values["notes"] = _notes(values["notes"])
        return values


def take_rows(
    table: SampleTable, rows: NDArray[np.integer] | None
) -> tuple[NDArray[np.int64], SampleTable]:
    """Some rows of a table, or all of them, with their numbers."""
    if rows is None:
        return np.arange(len(table)), table
    return rows.astype(np.int64), table.take(rows)


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


def write_table(path: Path, table: SampleTable) -> None:
    """Write the table of the dataset at a path; one that is there is replaced."""
    make_group(path, "samples", overwrite=True)
    write_columns(path / "samples", table.numbers, table.texts)


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
    return SampleTable(*read_columns(group, content.numbers, content.strings, rows=rows))
