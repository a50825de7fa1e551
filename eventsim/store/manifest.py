"""The inputs of a dataset, as they were planned: one batch for each conversion onto it.

A batch is written before its parts and never changed. The first holds the inputs that the dataset
was made of; later ones those that were added, or tried again. What a later batch says of a sample
counts.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from eventsim.store.checksums import files_of, sealed
from eventsim.store.dataset import readable, writing
from eventsim.store.description import describe_group
from eventsim.store.places import GROUP, as_path, is_remote, make_group, making, open_zarr
from eventsim.store.records import damaged, is_count
from eventsim.store.tables import Texts, read_columns, write_columns

MANIFEST = "manifest"
NUMBERS = ("sample", "part", "seed")
TEXTS = ("id", "source", "label", "split", "group", "options", "fingerprint")


@dataclass(frozen=True)
class Entry:
    """One input.

    Attributes
    ----------
    sample : int
        Its place among all inputs, from 0.
    part : int
        That it is converted in.
    seed : int
        That it is simulated with.
    id, label, split, group : str
    source : str
        Where it lies, seen from the folder that the dataset lies in; or a URL.
    options : str
        Start, stop and settings of its own, as a JSON object; "" if it has none.
    fingerprint : str
        Of its files, wherever they lie.
    """

    sample: int
    part: int
    seed: int
    id: str
    source: str
    label: str
    split: str
    group: str
    options: str
    fingerprint: str


def write_batch(path: str | Path, number: int, entries: Sequence[Entry]) -> None:
    """Write a batch; all of it or nothing.

    Parameters
    ----------
    path : path
        Of the dataset.
    number : int
        Of the batch: 0, or after all that are there.
    entries : sequence of Entry

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    home = as_path(path) / MANIFEST
    with writing(path):
        make_group(as_path(path), MANIFEST)
        with making(home / f"{number:05d}", GROUP) as folder:
            _write(folder, entries)


def _write(folder: Path, entries: Sequence[Entry]) -> None:
    numbers = {n: np.array([getattr(e, n) for e in entries], np.int64) for n in NUMBERS}
    texts = {name: Texts.of(getattr(entry, name) for entry in entries) for name in TEXTS}
    write_columns(folder, numbers, texts)
    describe_group(folder, sealed({"rows": len(entries), "files": files_of(folder)}))


def read_batches(path: str | Path) -> list[list[Entry]]:
    """Read all batches, in order; none where a dataset has no manifest.

    Parameters
    ----------
    path : path
        Of the dataset, finished or not.

    Raises
    ------
    DamagedStoreError
        If one cannot be read.
    """
    home = as_path(path) / MANIFEST
    folders = home.iterdir() if home.is_dir() else ()
    names = sorted(e.name for e in folders if e.name.isdigit() and (e / GROUP).is_file())
    batches = []
    with readable(path):
        for number, name in enumerate(names):
            if name != f"{number:05d}":
                raise damaged(path, f"batch {number:05d} of its manifest is missing")
            batches.append(_entries(open_zarr(home / name), path))
    return batches


def latest(batches: Sequence[Sequence[Entry]]) -> list[Entry]:
    """Entries of all samples, in their order; of each the last one that there is."""
    last = {entry.sample: entry for batch in batches for entry in batch}
    return [last[sample] for sample in sorted(last)]


def sweep_batches(path: str | Path) -> None:
    """Delete what killed writes of a batch left.

    Raises
    ------
    StoreError
        If it cannot be deleted.
    """
    if is_remote(path):
        return  # a batch that is not whole has no zarr.json, and is no batch
    with writing(path):
        for entry in (Path(path) / MANIFEST).glob("*.partial"):
            if entry.is_dir():
                shutil.rmtree(entry)


def _entries(group: zarr.Group, path: str | Path) -> list[Entry]:
    rows: Any = group.attrs.get("rows")
    if not is_count(rows):
        raise damaged(path, "its manifest does not say how many rows it has")
    numbers, texts = read_columns(group, NUMBERS, TEXTS, rows=rows)
    if any((column < 0).any() for column in numbers.values()):
        raise damaged(path, "a number in its manifest is negative")
    columns: list[Any] = [*(numbers[n].tolist() for n in NUMBERS), *(texts[n] for n in TEXTS)]
    return [Entry(*row) for row in zip(*columns, strict=True)]
