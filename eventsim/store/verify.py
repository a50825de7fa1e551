"""Check a dataset on disk against every promise of its format.

Written from the description of the format and not from the writer: beyond opening the root it
shares no code and no constants with it, so that a mistake there is not repeated here. Reads
chunk by chunk, in bounded memory.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.store import verify_events, verify_files, verify_planes
from eventsim.store.dataset import content_of, open_root, readable
from eventsim.store.places import as_path
from eventsim.store.verify_events import UNREADABLE

_MOST_BYTES = 1 << 30
_CHECKS: dict[str, ModuleType] = {"events": verify_events, "planes": verify_planes}


@dataclass(frozen=True)
class Report:
    """What `verify` found.

    Attributes
    ----------
    recordings, events, parts : int
        Looked at; of planes, samples and ones.
    failures : int
        Inputs that the dataset lists as not converted.
    problems : tuple of str
        One sentence each; empty if the dataset keeps its promises.
    content : {"events", "planes"}
    """

    recordings: int
    events: int
    parts: int
    failures: int
    problems: tuple[str, ...]
    content: str = "events"


def verify(path: str | Path) -> Report:
    """Check checksums, order, bounds, indices and the sample table of a dataset.

    Parameters
    ----------
    path : path

    Returns
    -------
    Report
        At most one problem of each kind a part: the first, by part, recording and event.

    Raises
    ------
    StoreError
        If it is not an eventsim dataset at all.
    """
    with readable(path):
        return _verify(as_path(path))


def _verify(path: Path) -> Report:
    root = open_root(path)
    attributes: dict[str, Any] = dict(root.attrs.asdict())
    content = content_of(attributes, path).name
    checks = _CHECKS[content]
    problems = list(verify_files.check_node(path / "zarr.json", "The root"))
    if not attributes.get("finished"):
        problems.append("The dataset is not finished: run the same conversion again.")
    planned: int = attributes["parts"]
    table = _Table(root, checks)
    failures: dict[int, dict[str, Any]] = {}  # the last word on each sample
    whole = events = 0
    expected = sorted(set(range(planned)) - set(attributes.get("missing_parts", ())))
    for part in expected:
        try:
            record = _commit_record(path, part)
            columns = None if record is None else checks.columns_of(record)
            if record is None or columns is None:
                problems.append(f"Part {part:05d} has no commit record: it does not count.")
                continue
            folder = path / "parts" / f"{part:05d}"
            name = f"Part {part:05d}"
            node = folder / "commit" / "zarr.json"
            problems.extend(verify_files.check_node(node, f"{name}: its commit record"))
            problems.extend(verify_files.check_files(folder, record["files"], name))
            problems.extend(checks.check_part(path, root, part, record))
            if attributes.get("finished"):
                table.compare(part, columns)
            else:
                table.rows += len(columns["seed"])
            events += checks.count_events(columns)
            failures |= {int(failure["sample"]): failure for failure in record["failures"]}
            whole += 1
        except UNREADABLE as error:
            words = " ".join(str(error).split())[:200]
            problems.append(f"Part {part:05d} makes no sense ({type(error).__name__}: {words}).")
    problems.extend(_strangers(path, expected))
    if planned:
        node = path / "parts" / "zarr.json"
        problems.extend(verify_files.check_node(node, "parts/zarr.json", empty=True))
    problems.extend(_check_manifest(path))
    left = [failures[sample] for sample in sorted(failures) if sample not in table.samples]
    if attributes.get("finished"):
        files = attributes.get("files")
        problems.extend(verify_files.check_files(path / "samples", files, "Sample table"))
        problems.extend(_check_sums(attributes, left, events))
        problems.extend(table.end())
    return Report(table.rows, events, whole, len(left), tuple(problems), content)


def _check_sums(
    attributes: dict[str, Any], failures: list[dict[str, Any]], events: int
) -> Iterator[str]:
    """Hold what the root says of all parts against their records."""
    if attributes.get("failures") != failures:
        yield "The failures in the dataset's attributes are not those of the commit records."
    if attributes.get("events") != events:
        yield f"The attributes say {attributes.get('events')} events; the parts hold others."


def _check_manifest(path: Path) -> Iterator[str]:
    """Hold the batches of the manifest against their checksums."""
    home = path / "manifest"
    if not home.is_dir():
        return
    yield from verify_files.check_node(home / "zarr.json", "manifest/zarr.json", empty=True)
    for folder in sorted(entry for entry in home.iterdir() if entry.is_dir()):
        name = f"Batch {folder.name} of the manifest"
        yield from verify_files.check_node(folder / "zarr.json", name)
        try:
            files = json.loads((folder / "zarr.json").read_text("utf-8"))["attributes"]["files"]
        except UNREADABLE:
            continue  # its node was named above
        yield from verify_files.check_files(folder, files, name)


def _commit_record(path: Path, part: int) -> dict[str, Any] | None:
    node = path / "parts" / f"{part:05d}" / "commit" / "zarr.json"
    try:
        record: dict[str, Any] = json.loads(node.read_text("utf-8"))["attributes"]
    except (OSError, ValueError, KeyError):
        return None
    return record


def _strangers(path: Path, parts: list[int]) -> Iterator[str]:
    """Name files that no part and no table accounts for."""
    known = {f"{part:05d}" for part in parts} | {"zarr.json"}
    folder = path / "parts"
    for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
        if entry.name not in known:
            yield f"parts/{entry.name} is none of its parts."
    for entry in sorted(path.rglob("*.partial")):
        yield f"{entry.relative_to(path)} was left by an interrupted write."


class _Table:
    """The sample table, held against the records of one part after the other."""

    def __init__(self, root: Any, checks: ModuleType) -> None:
        self.rows = 0
        self.samples: set[int] = set()
        self.problems: list[str] = []
        self._root, self._checks = root, checks
        self._columns: dict[str, Any] = {}
        self._wrong: set[str] = set()
        self._unreadable = False

    def compare(self, part: int, columns: dict[str, list[Any]]) -> None:
        """Compare the next rows with what the record of a part says."""
        names = ("part", *self._checks.NUMBERS, *self._checks.STRINGS)
        count = len(columns["seed"])
        columns = {**columns, "part": [part] * count}
        self.rows += count
        self.samples.update(columns["sample"])
        try:
            rows = self._rows(columns["sample"])
            for name in names:
                for row, a, b in zip(rows, self._piece(name, rows), columns[name], strict=False):
                    if a != b and name not in self._wrong:
                        self._wrong.add(name)
                        self.problems.append(
                            f"Sample table, {name}, recording {row}: {a!r}, but its record says "
                            f"{b!r}."
                        )
        except UNREADABLE as error:
            self._fail(error)

    def end(self) -> Iterator[str]:
        """Name all that is wrong with the table, when all parts were compared."""
        if not self._unreadable:
            try:
                for name in ("part", *self._checks.NUMBERS, *self._checks.STRINGS):
                    rows = self._length(name)
                    if rows != self.rows:
                        yield f"Sample table, {name}: {rows} rows for {self.rows} recordings."
            except UNREADABLE as error:
                self._fail(error)
        yield from self.problems

    def _fail(self, error: Exception) -> None:
        if not self._unreadable:
            self._unreadable = True
            words = f"{type(error).__name__}: {error}"
            self.problems.append(f"The sample table cannot be read ({words}).")

    def _column(self, name: str) -> Any:
        if name not in self._columns:
            if name in self._checks.STRINGS:
                offsets = self._read(f"{name}_offsets")
                self._columns[name] = (self._read(name).tobytes(), offsets)
            else:
                self._columns[name] = self._read(name)
        return self._columns[name]

    def _read(self, name: str) -> Any:
        array = self._root["samples"][name]
        if max(array.nbytes, array.chunks[0] * array.dtype.itemsize) > _MOST_BYTES:
            raise ValueError(f"{name} says that it has the shape {array.shape}")
        return np.asarray(array[:])

    def _length(self, name: str) -> int:
        column = self._column(name)
        return len(column[1]) - 1 if isinstance(column, tuple) else len(column)

    def _rows(self, samples: list[int]) -> NDArray[np.int64]:
        """Rows that samples must lie in: the table is in the order of their numbers."""
        there = self._column("sample")
        if (there[1:] <= there[:-1]).any() and "order" not in self._wrong:
            self._wrong.add("order")
            self.problems.append("Sample table, sample: its numbers do not rise.")
        rows = np.searchsorted(there, np.array(samples, np.int64))
        return np.minimum(rows, max(0, len(there) - 1))

    def _piece(self, name: str, rows: NDArray[np.int64]) -> list[Any]:
        column = self._column(name)
        if not isinstance(column, tuple):
            values: list[Any] = column[rows].tolist()
            return values
        data, offsets = column
        bounds = zip(offsets[rows].tolist(), offsets[rows + 1].tolist(), strict=True)
        texts = [data[a:b].decode("utf-8", "surrogateescape") for a, b in bounds]
        return [json.loads(text) for text in texts] if name == "notes" else texts
