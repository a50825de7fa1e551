"""A part begins empty and exists from its commit record on; the same for every content."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import zarr
from zarr.storage import LocalStore

from eventsim.errors import StoreError
from eventsim.store import layout
from eventsim.store.checksums import files_of, sealed
from eventsim.store.columns import Column
from eventsim.store.dataset import readable, writing
from eventsim.store.layout import Content
from eventsim.store.records import check_record


def begin_part(path: str | Path, part: int) -> zarr.Group:
    """Make the empty group of a part; what an interrupted writer left there is deleted.

    Parameters
    ----------
    path : path
        A dataset made by `eventsim.store.dataset.create_dataset`.
    part : int
        Nobody else may write it.

    Raises
    ------
    StoreError
        If the part is committed already, or cannot be written.
    """
    with writing(path):
        root = zarr.open_group(LocalStore(path), mode="r+", zarr_format=3)
        where = layout.part_path(part)
        if f"{where}/commit" in root:
            raise StoreError(
                f"part {part} of {path} is committed already and is never written twice."
            )
        return root.create_group(where, overwrite=True)


def commit_part(
    group: zarr.Group, folder: Path, record: Mapping[str, Any], columns: Mapping[str, Column]
) -> None:
    """Write the commit record of a part, after everything else. From here on it exists.

    Parameters
    ----------
    group : zarr.Group
    folder : Path
        Of the part.
    record : mapping
        What the part holds; a list of its files is added.
    columns : mapping of str to Column
        Those that are written, whose checksums are known.
    """
    known = {
        f"{name}/{shard}": what
        for name, column in columns.items()
        for shard, what in column.files.items()
    }
    group.create_group("commit", attributes=sealed({**record, "files": files_of(folder, known)}))


def part_folder(path: str | Path, part: int) -> Path:
    """Folder of a part."""
    return Path(path) / layout.part_path(part)


def commit_record(path: str | Path, part: int, content: Content) -> dict[str, Any]:
    """Read the commit record of a part that is whole.

    Raises
    ------
    DamagedStoreError
        If it is not there, or not as one must be.
    """
    with readable(path):
        store = LocalStore(Path(path), read_only=True)
        node = zarr.open_group(store, path=f"{layout.part_path(part)}/commit", mode="r")
        record: dict[str, Any] = node.attrs.asdict()
    check_record(record, content, part, path)
    return record
