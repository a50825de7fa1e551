"""What a commit record and the attributes of a dataset must be like: edited ones are refused.

A reader goes by these numbers into arrays, so none of them is taken on trust.
"""

from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import DamagedStoreError
from eventsim.events import MAX_SIDE_PX, Kind
from eventsim.store.layout import EVENTS, Content

MOST_PARTS = 100_000
"""As many as their names have digits for."""
_LARGEST = 2**63 - 1


def damaged(path: str | Path, words: str) -> DamagedStoreError:
    """Say what does not make sense, and what to do."""
    return DamagedStoreError(
        f"{path} is damaged: {words}. Try `eventsim verify`, or convert it again with --overwrite."
    )


def is_count(value: object) -> bool:
    """Whether a JSON value is a whole number from 0 that fits a column."""
    return type(value) is int and 0 <= value <= _LARGEST


def check_attributes(attributes: Mapping[str, Any], path: str | Path) -> None:
    """Refuse attributes of a root that readers could not use.

    Raises
    ------
    DamagedStoreError
        Names the first that is wrong.
    """
    parts = attributes.get("parts")
    if not is_count(parts) or not 0 <= int(str(parts)) <= MOST_PARTS:
        raise damaged(path, "its attributes do not say how many parts it has")
    if not isinstance(attributes.get("finished"), bool):
        raise damaged(path, "its attributes do not say whether it is finished")
    missing = attributes.get("missing_parts", [])
    if not isinstance(missing, list) or not all(map(is_count, missing)):
        raise damaged(path, "its attributes do not say which parts are missing")
    for name in ("settings", "encoding", "geometry", "inputs"):
        if not isinstance(attributes.get(name, {}), dict):
            raise damaged(path, f"{name} in its attributes is no table of names and values")
    if not attributes["finished"]:
        return
    for name in ("recordings", "events"):
        if not is_count(attributes.get(name)):
            raise damaged(path, f"its attributes do not say how many {name} it has")
    check_failures(attributes.get("failures"), path, "its attributes")


def parts_of(attributes: Mapping[str, Any]) -> list[int]:
    """Numbers of the parts that a dataset should have; it may have been finished without some."""
    missing = set(attributes.get("missing_parts", ()))
    return [part for part in range(attributes["parts"]) if part not in missing]


def check_failures(failures: object, path: str | Path, where: str) -> None:
    """Refuse a list of failures that is none.

    Raises
    ------
    DamagedStoreError
    """
    good = isinstance(failures, list) and all(
        isinstance(failure, dict)
        and all(isinstance(failure.get(name), str) for name in ("source", "reason"))
        and is_count(failure.get("sample"))
        for failure in failures
    )
    if not good:
        raise damaged(path, f"{where} hold no list of failed inputs")


def still_failing(
    failures: Iterable[Mapping[str, Any]], done: Container[int]
) -> list[dict[str, Any]]:
    """What failed and was not converted later; of each sample the last word counts.

    Parameters
    ----------
    failures : iterable of mapping
        Of all parts, in order.
    done : container of int
        Samples that were converted.

    Returns
    -------
    list of dict
        By sample.
    """
    last = {failure["sample"]: dict(failure) for failure in failures}
    return [last[sample] for sample in sorted(last) if sample not in done]


def check_record(record: Mapping[str, Any], content: Content, part: int, path: str | Path) -> None:
    """Refuse a commit record that does not hold what one holds.

    Raises
    ------
    DamagedStoreError
        Names the first that is wrong.
    """
    where = f"the commit record of part {part:05d}"
    of_events = content is EVENTS
    for name in ("events", "frames") if of_events else ("events", "on"):
        if not is_count(record.get(name)):
            raise damaged(path, f"{where} does not say how many {name} it has")
    if not isinstance(record.get("files"), dict):
        raise damaged(path, f"{where} lists no files")
    check_failures(record.get("failures"), path, where)
    if of_events:
        rows = record.get("recordings")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise damaged(path, f"{where} lists no recordings")
        columns = _columns_of_rows(rows, content)
        if not all(_is_statistic(row) for row in rows):
            raise damaged(path, f"{where} does not count the events of each kind")
    else:
        given = record.get("columns")
        columns = given if isinstance(given, dict) else {}
    _check_columns(columns, content, where, path)


def _columns_of_rows(rows: list[dict[str, Any]], content: Content) -> dict[str, list[Any]]:
    names = [*content.numbers, *content.strings]
    return {name: [row.get(name) for row in rows] for name in names if name != "part"}


def kinds_of(row: Mapping[str, Any]) -> list[int]:
    """Events of each `Kind` that a row counts; before version 0.9.0 none was unknown."""
    counted: list[int] = row["kinds"]
    return counted + [0] * (len(Kind) - len(counted))


def _is_statistic(row: dict[str, Any]) -> bool:
    kinds = row.get("kinds")
    lengths = (Kind.UNKNOWN, len(Kind))
    counted = isinstance(kinds, list) and len(kinds) in lengths and all(map(is_count, kinds))
    return counted and is_count(row.get("on"))


def _check_columns(
    columns: Mapping[str, Any], content: Content, where: str, path: str | Path
) -> None:
    lengths = set()
    for name in (*content.numbers, *content.strings):
        if name == "part":
            continue
        values = columns.get(name)
        kind = "numbers" if name in content.numbers else "texts"
        if not isinstance(values, list) or not all(_fits(value, name, kind) for value in values):
            raise damaged(path, f"{where} has no {kind} for {name}")
        lengths.add(len(values))
    if len(lengths) != 1:
        raise damaged(path, f"{where} has columns of different lengths")


def _fits(value: object, name: str, kind: str) -> bool:
    if kind == "numbers":
        return is_count(value)
    if name == "notes":
        return isinstance(value, list) and all(isinstance(note, str) for note in value)
    return isinstance(value, str)


def check_numbers(
    numbers: Mapping[str, NDArray[np.int64]], content: Content, parts: int, path: str | Path
) -> None:
    """Refuse columns of the sample table that lead out of the arrays, or hold no sensor.

    Raises
    ------
    DamagedStoreError
        Names the first that is wrong.
    """
    for name, column in numbers.items():
        limit = (
            parts if name == "part" else MAX_SIDE_PX + 1 if name in ("width", "height") else None
        )
        least = 1 if name in ("width", "height") else 0
        if not len(column):
            continue
        if int(column.min()) < least or (limit is not None and int(column.max()) >= limit):
            raise damaged(path, f"{name} in its table of samples is out of range")
    for start, stop in _bounds(content):
        if (numbers[stop] < numbers[start]).any():
            raise damaged(path, f"a sample in its table ends before its {start}")


def _bounds(content: Content) -> Iterable[tuple[str, str]]:
    if content is EVENTS:
        return (("start", "stop"), ("frame_start", "frame_stop"), ("path_start", "path_stop"))
    return ()
