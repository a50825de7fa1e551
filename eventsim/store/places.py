"""Where a dataset lies: a folder of this machine, a prefix of an object store, or an archive.

A place in an object store is a pure path with the methods of `pathlib.Path` that this package uses,
so that all that reads and writes datasets takes the one for the other. What object stores do not
have is a rename: `eventsim.store.attempts` and `publish` do without it.

``s3://BUCKET/...``, ``gs://``, ``az://`` need the extra cloud; addresses and keys are those of the
environment (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, ...). ``memory://NAME/...`` is this process, and
NAME.zarr.zip an archive, which is only read.
"""

import json
import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import zarr
from zarr.core.buffer import cpu
from zarr.storage import LocalStore, MemoryStore, ObjectStore

from eventsim.store.archives import SUFFIX
from eventsim.store.buckets import (
    STORES,
    ZIP,
    Address,
    archive_address,
    connect,
    delete,
    fetch,
    list_below,
    put,
)
from eventsim.store.object_path import ObjectPath

_URL = re.compile(rf"({'|'.join(STORES)}):/+([^/]+)(?:/(.*))?")
GROUP = "zarr.json"
"""What makes a group of a folder."""


def as_path(path: str | os.PathLike[str]) -> Path:
    """A path of this machine, or a place in an object store or archive with the same methods.

    ``pathlib`` makes one slash of the two in ``s3://``: that is understood, too. A file whose name
    ends with ``.zarr.zip`` is an archive.
    """
    if isinstance(path, ObjectPath):
        return cast("Path", path)
    name = os.fspath(path)
    found = _URL.fullmatch(name)
    if found is not None:
        scheme, bucket, key = found.groups()
        return cast("Path", ObjectPath(f"{scheme}:", bucket, *filter(None, (key or "").split("/"))))
    if name.endswith(SUFFIX) and Path(name).is_file():
        inside = archive_address(str(Path(name).absolute()))
        return cast("Path", ObjectPath(f"{inside.scheme}:", inside.bucket))
    return Path(path)


def is_remote(path: str | os.PathLike[str]) -> bool:
    """Whether a path is a place in an object store or archive."""
    return isinstance(as_path(path), ObjectPath)


def remove_tree(path: Path) -> None:
    """Delete a folder and all in it, or all objects below a prefix; no error if it is not there."""
    place: Any = path
    if not isinstance(place, ObjectPath):
        shutil.rmtree(path, ignore_errors=True)
        return
    delete(place.address, [found.key for found in list_below(place.address)])


def publish(folder: Path, target: Path, last: str) -> None:
    """Upload all files of a folder below a prefix, one of them at the end: then it is whole.

    Raises
    ------
    FileExistsError
        If the last one is there already: somebody else has published it.
    OSError
    """
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    final = folder / last
    for file in files:
        if file != final:
            put(_address(target, file, folder), file)
    put(_address(target, final, folder), final, new=True)


@contextmanager
def making(target: Path, last: str) -> Iterator[Path]:
    """A folder to fill, which becomes `target` whole or not at all.

    Parameters
    ----------
    target : Path
    last : str
        The file without which it is nothing.
    """
    if is_remote(target):
        with tempfile.TemporaryDirectory(prefix="eventsim-") as name:
            yield Path(name)
            publish(Path(name), target, last)
        return
    folder = target.with_name(f"{target.name}.{uuid.uuid4().hex}.partial")
    folder.mkdir()
    yield folder
    folder.rename(target)


def _address(target: Path, file: Path, folder: Path) -> Address:
    place: Any = target / file.relative_to(folder).as_posix()
    address: Address = place.address
    return address


def open_zarr(path: Path, inside: str = "") -> zarr.Group:
    """Open the Zarr group at a path, or one inside of it, to read."""
    place: Any = path
    if not isinstance(place, ObjectPath):
        store: Any = LocalStore(path, read_only=True)
        return zarr.open_group(store, path=inside or None, mode="r", zarr_format=3)
    where = place.address
    name = "/".join(filter(None, (where.key, inside)))
    if where.scheme == ZIP:
        # Zarr's own store of archives knows no folder around the dataset.
        store = MemoryStore(_Members(where.bucket), read_only=True)
        return zarr.open_group(store, path=name or None, mode="r")
    return zarr.open_group(ObjectStore(connect(where), read_only=True), path=name, mode="r")


class _Members(MutableMapping[str, Any]):
    """Members of an archive as Zarr asks for them, each read when it is."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def __getitem__(self, key: str) -> Any:
        try:
            return cpu.Buffer.from_bytes(fetch(Address(ZIP, self._bucket, key)))
        except FileNotFoundError:
            raise KeyError(key) from None

    def __iter__(self) -> Iterator[str]:
        return (found.key for found in list_below(Address(ZIP, self._bucket, "")))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __setitem__(self, key: str, value: Any) -> None:
        put(Address(ZIP, self._bucket, key), b"")  # which says why it is refused

    def __delitem__(self, key: str) -> None:
        delete(Address(ZIP, self._bucket, key), [key])


def create_group(path: Path, attributes: Mapping[str, Any]) -> None:
    """Create the group of a dataset where nothing is."""
    if is_remote(path):
        _put_group(path, attributes)
    else:
        zarr.create_group(LocalStore(path), zarr_format=3, attributes=dict(attributes))


def put_attributes(path: Path, attributes: Mapping[str, Any]) -> None:
    """Replace the attributes of a group."""
    if is_remote(path):
        _put_group(path, attributes)
    else:
        zarr.open_group(LocalStore(path), mode="r+", zarr_format=3).attrs.put(dict(attributes))


def make_group(path: Path, inside: str, *, overwrite: bool = False) -> None:
    """Make a group inside of one, empty or as it is there."""
    if is_remote(path):
        if overwrite:
            remove_tree(path / inside)
        if overwrite or not (path / inside / GROUP).is_file():
            _put_group(path / inside, {})
    elif overwrite:
        zarr.open_group(LocalStore(path), mode="r+").create_group(inside, overwrite=True)
    else:
        zarr.open_group(LocalStore(path), path=inside, mode="a", zarr_format=3)


def _put_group(path: Path, attributes: Mapping[str, Any]) -> None:
    # Not by Zarr, which would make groups of all that is above it in the bucket.
    document = {"attributes": dict(attributes), "zarr_format": 3, "node_type": "group"}
    (path / GROUP).write_bytes(json.dumps(document, indent=2).encode())
