"""What a place that is no folder can do: list, say a size, fetch, put and delete.

Buckets of object stores speak through obstore; an archive is a bucket that is only read.
"""

import errno
import functools
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from eventsim.errors import ConfigError, EventSimError, StoreError
from eventsim.store.archives import Archive, open_archive

STORES = ("s3", "gs", "az", "memory")
ZIP = "zip"
RETRY_S = 30
"""For so long a request that fails is tried again; chosen by eye."""


class Address(NamedTuple):
    """Where an object lies: ``s3``, the bucket and the key in it.

    The bucket of a `ZIP` is the path of the archive, quoted so that it has no slash.
    """

    scheme: str
    bucket: str
    key: str

    def __str__(self) -> str:
        if self.scheme == ZIP:
            return "/".join(filter(None, (unquote(self.bucket), self.key)))
        return f"{self.scheme}://{'/'.join(filter(None, (self.bucket, self.key)))}"


class Found(NamedTuple):
    """An object: its key and its size, bytes."""

    key: str
    size: int


def archive_address(path: str, key: str = "") -> Address:
    """Address in an archive of this machine."""
    return Address(ZIP, quote(path, safe=""), key)


def list_below(where: Address) -> Iterator[Found]:
    """Yield all objects below a prefix."""
    if where.scheme == ZIP:
        archive = _archive(where)
        for name in archive.names_below(where.key):
            yield Found(name, archive.members[name].file_size)
        return
    import obstore

    with _as_os_errors(where):
        for some in obstore.list(connect(where), where.key):
            for one in some:
                yield Found(str(one["path"]), int(one["size"]))


def list_level(where: Address) -> tuple[list[str], list[Found]]:
    """Names of the folders right below a prefix, and the objects right below it."""
    if where.scheme == ZIP:
        start = len(where.key) + 1 if where.key else 0
        every = list(list_below(where))
        folders = sorted({one.key[start:].split("/")[0] for one in every if "/" in one.key[start:]})
        return folders, [one for one in every if "/" not in one.key[start:]]
    import obstore

    with _as_os_errors(where):
        found = obstore.list_with_delimiter(connect(where), where.key)
    folders = [str(name).rsplit("/", 1)[-1] for name in found["common_prefixes"]]
    return folders, [Found(str(one["path"]), int(one["size"])) for one in found["objects"]]


def has_any(where: Address) -> bool:
    """Whether there are objects below a prefix."""
    if where.scheme == ZIP:
        return any(True for _ in _archive(where).names_below(where.key))
    import obstore

    with _as_os_errors(where):
        return any(len(some) for some in obstore.list(connect(where), where.key, chunk_size=1))


def size_of(where: Address) -> int:
    """Size of an object, bytes.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    if where.scheme == ZIP:
        info = _archive(where).members.get(where.key)
        if info is None:
            raise FileNotFoundError(errno.ENOENT, "there is no such member", str(where))
        return info.file_size
    import obstore

    with _as_os_errors(where):
        return int(obstore.head(connect(where), where.key)["size"])


def fetch(where: Address, span: tuple[int, int | None] | None = None) -> bytes:
    """Bytes of an object, ``[start, stop)`` or all; what is beyond its end is left out."""
    if where.scheme == ZIP:
        with _as_os_errors(where):
            return _archive(where).read(where.key, span)
    import obstore

    options: Any = None
    if span is not None and span[1] is not None:
        options = {"range": (span[0], span[1])}
    elif span is not None and span[0]:
        options = {"range": {"offset": span[0]}}
    with _as_os_errors(where):
        return bytes(obstore.get(connect(where), where.key, options=options).bytes())


def put(where: Address, content: bytes | Path, *, new: bool = False) -> None:
    """Write an object, from bytes or from a file.

    Parameters
    ----------
    where : Address
    content : bytes or Path
    new : bool
        Only if there is none yet: of several who try, one succeeds.

    Raises
    ------
    FileExistsError
        If there is one already, and it must be new.
    OSError
    """
    _refuse_archive(where)
    import obstore

    with _as_os_errors(where):
        mode: Any = "create" if new else "overwrite"
        obstore.put(connect(where), where.key, content, mode=mode)


def delete(where: Address, keys: Sequence[str]) -> None:
    """Delete objects of a bucket; one that is not there is no error."""
    _refuse_archive(where)
    import obstore

    with _as_os_errors(where):
        if keys:
            obstore.delete(connect(where), list(keys))


def connect(where: Address) -> Any:
    """The bucket, of obstore; kept for the life of the process.

    Raises
    ------
    ConfigError
        If obstore is not installed.
    StoreError
        If this process was forked from one that had connected.
    """
    return _connect(where.scheme, where.bucket)


@functools.cache
def _connect(scheme: str, bucket: str) -> Any:
    try:
        from obstore import store
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"datasets in object stores need {error.name}: pip install 'eventsim-dvs[cloud]'."
        ) from None
    if _FORKED[0]:
        raise StoreError(
            "a process that was forked cannot read from an object store. Start workers with "
            "multiprocessing_context='spawn'."
        )
    if scheme == "memory":
        return store.MemoryStore()
    retry: Any = {"max_retries": 5, "retry_timeout": timedelta(seconds=RETRY_S)}
    kinds: dict[str, Any] = {"s3": store.S3Store, "gs": store.GCSStore, "az": store.AzureStore}
    return kinds[scheme](bucket, retry_config=retry)


_FORKED = [False]
"""Whether this process was forked from one that had connected to an object store."""


def _after_fork() -> None:
    # The threads that it speaks through are those of the parent, and would be waited for forever.
    if _connect.cache_info().currsize:
        _FORKED[0] = True
        _connect.cache_clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _archive(where: Address) -> Archive:
    return open_archive(unquote(where.bucket))


def _refuse_archive(where: Address) -> None:
    if where.scheme == ZIP:
        raise StoreError(
            f"{where} lies in an archive, which is only read. Work on the folder, and pack it "
            "again: eventsim export --format zip."
        )


@contextmanager
def _as_os_errors(where: Address) -> Iterator[None]:
    """Turn the errors of an object store into those of files."""
    try:
        yield
    except EventSimError:
        raise
    except Exception as error:
        name = type(error).__name__
        if isinstance(error, FileNotFoundError) or name == "NotFoundError":
            raise FileNotFoundError(errno.ENOENT, "there is no such object", str(where)) from None
        if name == "AlreadyExistsError":
            raise FileExistsError(errno.EEXIST, "there is one already", str(where)) from None
        if type(error).__module__.startswith("obstore") or isinstance(error, OSError):
            words = " ".join(str(error).split("\n\n")[0].split())[:300]
            raise OSError(f"{where}: {words}") from error
        raise
