"""A place in an object store or an archive, as a path: what `eventsim.store.places` gives.

Names are those of a pure path; listing, reading and writing are those of `pathlib.Path` that this
package uses.
"""

import io
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from eventsim.store.buckets import (
    STORES,
    ZIP,
    Address,
    Found,
    delete,
    fetch,
    has_any,
    list_below,
    list_level,
    put,
    size_of,
)


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
