"""A part begins empty and exists once its commit record is there; the same for every content."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eventsim.store import layout
from eventsim.store.attempts import Attempt, begin_attempt
from eventsim.store.checksums import files_of, sealed
from eventsim.store.columns import Column
from eventsim.store.dataset import readable, writing
from eventsim.store.description import describe_group
from eventsim.store.layout import Content
from eventsim.store.places import as_path, open_zarr
from eventsim.store.records import check_record


def begin_part(path: str | Path, part: int, run: str = "") -> Attempt:
    """Begin an attempt at a part, in a folder of its own.

    Parameters
    ----------
    path : path
        A dataset made by `eventsim.store.dataset.create_dataset`.
    part : int
    run : str
        From `eventsim.store.attempts.begin_run`; "" for a writer that is the only one.

    Raises
    ------
    PartTakenError
        If the part is committed already.
    StoreError
        If it cannot be written, or the run has ended.
    """
    with writing(path):
        return begin_attempt(path, part, run)


def commit_part(attempt: Attempt, record: Mapping[str, Any], columns: Mapping[str, Column]) -> None:
    """Write the commit record, after everything else, and put the part in its place.

    Parameters
    ----------
    attempt : Attempt
    record : mapping
        What the part holds; a list of its files is added.
    columns : mapping of str to Column
        Those that are written, whose checksums are known.

    Raises
    ------
    PartTakenError
        If another attempt has put its own there; this one is deleted.
    OSError
        If it cannot be written.
    """
    known = {
        f"{name}/{shard}": what
        for name, column in columns.items()
        for shard, what in column.files.items()
    }
    whole = sealed({**record, "files": files_of(attempt.folder, known)})
    describe_group(attempt.folder / "commit", whole)
    attempt.commit()


def commit_record(path: str | Path, part: int, content: Content) -> dict[str, Any]:
    """Read the commit record of a part that is whole.

    Raises
    ------
    DamagedStoreError
        If it is not there, or not as one must be.
    """
    with readable(path):
        node = open_zarr(as_path(path), f"{layout.part_path(part)}/commit")
        record: dict[str, Any] = node.attrs.asdict()
    check_record(record, content, part, path)
    return record
