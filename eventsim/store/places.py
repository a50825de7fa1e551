"""Where a dataset lies: a folder of this machine, a prefix of an object store, or an archive.

A place in an object store is a pure path with the methods of `pathlib.Path` that this package uses,
so that all that reads and writes datasets takes the one for the other. What object stores do not
have is a rename: `eventsim.store.attempts` and `publish` do without it.

``s3://BUCKET/...``, ``gs://``, ``az://`` need the extra cloud; addresses and keys are those of the
environment (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, ...). ``memory://NAME/...`` is this process, and
NAME.zarr.zip an archive, which is only read.
"""

import io
import json
import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, cast

import zarr
from zarr.core.buffer import cpu
from zarr.storage import LocalStore, MemoryStore, ObjectStore

from eventsim.store.archives import SUFFIX
from eventsim.store.buckets import (
    STORES,
    ZIP,
    Address,
    Found,
    archive_address,
    connect,
    delete,
    fetch,
    has_any,
    list_below,
    list_level,
    put,
    size_of,
)

_URL = re.compile(rf"({'|'.join(STORES)}):/+([^/]+)(?:/(.*))?")
GROUP = "zarr.json"
"""What makes a group of a folder."""


class Stat(NamedTuple):
    """What is known of an object: its size, bytes."""

    st_size: int


class ObjectPath(PurePosixPath):
    """An object, or a prefix that stands for a folder.

    Notes
    -----
    Its parts are the scheme, the bucket and those of the key: ``s3://bucket/a/b`` has the parts
    ``s3:``, ``bucket``, ``a`` and ``b``.
    """

    def __str__(self) -> str:
        if self.parts and self.parts[0].removesuffix(":") in (*STORES, ZIP):
            return str(self.address)
        return "/".join(self.parts) or "."  # what `relative_to` gives

    def __reduce__(self) -> tuple[Any, ...]:
        return ObjectPath, self.parts

    @property
    def address(self) -> Address:
        """Scheme, bucket and key."""
        scheme, bucket, *key = self.parts
        return Address(scheme.removesuffix(":"), bucket, "/".join(key))

    def absolute(self) -> "ObjectPath":
        """Itself: it has no other name."""
        return self

    def resolve(self) -> "ObjectPath":
        """Itself: there are no links."""
        return self

    def is_symlink(self) -> bool:
        """Never."""
        return False

    def is_file(self) -> bool:
        """Whether there is such an object."""
        try:
            self.stat()
        except FileNotFoundError:
            return False
        return True

    def is_dir(self) -> bool:
        """Whether there are objects below it."""
        return has_any(self.address)

    def exists(self) -> bool:
        """Whether it is one or the other."""
        return self.is_dir() or self.is_file()

    def stat(self) -> Stat:
        """Its size.

        Raises
        ------
        FileNotFoundError
            If there is no such object.
        """
        known = self.__dict__.get("size")  # it came from a list
        return Stat(size_of(self.address) if known is None else known)

    def iterdir(self) -> Iterator["ObjectPath"]:
        """Yield what lies right below it."""
        folders, objects = list_level(self.address)
        for name in folders:
            yield self / name
        for found in objects:
            yield self._listed(found)

    def rglob(self, pattern: str) -> Iterator["ObjectPath"]:
        """Yield all objects below it whose name fits a pattern."""
        for found in list_below(self.address):
            path = self._listed(found)
            if fnmatchcase(path.name, pattern):
                yield path

    def glob(self, pattern: str) -> Iterator["ObjectPath"]:
        """Yield objects below it whose path fits a pattern."""
        wanted = pattern.split("/")
        for path in self.rglob("*"):
            parts = path.parts[len(self.parts) :]
            if len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted)):
                yield path

    def open(self, mode: str = "rb", buffering: int = -1) -> "ObjectFile":
        """Open it to read; only what is read is fetched."""
        if mode != "rb":
            raise ValueError(f"an object is read or written whole, not opened as {mode!r}")
        return ObjectFile(self)

    def read_bytes(self) -> bytes:
        """All of it."""
        return fetch(self.address)

    def read_text(self, encoding: str = "utf-8") -> str:
        """All of it, as text."""
        return self.read_bytes().decode(encoding)

    def write_bytes(self, data: bytes) -> None:
        """Put it in the place of what is there."""
        put(self.address, data)

    def write_text(self, text: str, encoding: str = "utf-8", errors: str = "strict") -> None:
        """Put a text in the place of what is there."""
        self.write_bytes(text.encode(encoding, errors))

    def unlink(self, missing_ok: bool = False) -> None:
        """Delete it; one that is not there is no error to an object store."""
        delete(self.address, [self.address.key])

    def mkdir(self, parents: bool = False, exist_ok: bool = False) -> None:
        """Nothing: there are no folders."""

    def _listed(self, found: Found) -> "ObjectPath":
        path = ObjectPath(*self.parts[:2], *found.key.split("/"))
        path.__dict__["size"] = found.size
        return path


class ObjectFile(io.RawIOBase):
    """An object that is open to read."""

    def __init__(self, path: ObjectPath) -> None:
        self._path = path
        self._place = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where it is, bytes."""
        return self._place

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a byte; only from the end the size must be asked for."""
        start = {0: 0, 1: self._place}.get(whence)
        self._place = (self._path.stat().st_size if start is None else start) + offset
        return self._place

    def read(self, size: int | None = -1) -> bytes:
        """Fetch so many bytes, or all that are left."""
        stop = None if size is None or size < 0 else self._place + size
        if stop == self._place:
            return b""
        try:
            data = fetch(self._path.address, (self._place, stop))
        except FileNotFoundError:
            raise
        except OSError:  # to ask for what lies beyond the end is an error
            if self._place < self._path.stat().st_size:
                raise
            return b""
        self._place += len(data)
        return data


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
