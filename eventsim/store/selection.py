"""Choosing samples by what is known of them, and their table as plain columns."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.store.samples import SampleTable

Wanted = str | Collection[str] | None
"""One value, several of them, or whatever there is."""
_NAMED = 10


def select(table: SampleTable, wanted: Mapping[str, Wanted]) -> NDArray[np.int64]:
    """Rows in which all columns have a value that is wanted.

    Parameters
    ----------
    table : SampleTable
    wanted : mapping of str to str, collection of str or None
        By column.

    Raises
    ------
    ConfigError
        If a value is not there at all: then it is mistyped.
    """
    chosen = np.ones(len(table), bool)
    for name, values in wanted.items():
        if values is None:
            continue
        column = column_of(table, name)
        some = [values] if isinstance(values, str) else list(values)
        there = set(column)
        for value in some:
            if value not in there:
                known = ", ".join(map(repr, sorted(there)[:_NAMED]))
                more = ", ..." if len(there) > _NAMED else ""
                raise ConfigError(f"no sample has the {name} {value!r}. Known: {known}{more}.")
        chosen &= np.isin(np.array(column, object), some)
    return np.flatnonzero(chosen)


def column_of(table: SampleTable, name: str) -> list[str]:
    """All texts of a column."""
    texts = table.texts[name]
    return [texts[i] for i in range(len(texts))]


def label_names(table: SampleTable) -> tuple[str, ...]:
    """Labels that there are, sorted; a number of a label is its place among them."""
    return tuple(sorted(set(column_of(table, "label")) - {""}))


def label_numbers(table: SampleTable, names: tuple[str, ...]) -> NDArray[np.int64]:
    """(n,) int64: number of the label of each sample; -1 where there is none."""
    places = {name: place for place, name in enumerate(names)}
    return np.array([places.get(label, -1) for label in column_of(table, "label")], np.int64)


def columns_of_samples(
    table: SampleTable, indices: NDArray[np.int64], names: tuple[str, ...]
) -> dict[str, NDArray[Any]]:
    """What is known of samples, for people: without where in the arrays they lie.

    Parameters
    ----------
    table : SampleTable
    indices : (n,) ndarray of int64
        In the whole dataset.
    names : tuple of str
        Of the labels, from `label_names`.

    Returns
    -------
    dict of str to (n,) ndarray
        Numbers as int64, texts as objects.
    """
    numbers, texts = table.numbers, table.texts
    columns: dict[str, NDArray[Any]] = {"index": indices, "sample": numbers["sample"]}
    for name in ("id", "label"):
        if name in texts:
            columns[name] = np.array(column_of(table, name), object)
    columns["label_number"] = label_numbers(table, names)
    for name in ("split", "group", "source", "status"):
        columns[name] = np.array(column_of(table, name), object)
    columns |= {name: numbers[name] for name in ("width", "height", "seed")}
    if "stop" in numbers:
        columns["events"] = numbers["stop"] - numbers["start"]
        columns["frames"] = numbers["frame_stop"] - numbers["frame_start"]
        columns["duration_us"] = numbers["duration_us"]
    else:
        columns["ones"] = numbers["ones"]
    return columns
