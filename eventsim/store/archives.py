"""A dataset in one .zip: read where it lies, and written from a folder.

Members are stored, not compressed (their chunks are compressed already), so that a chunk is read
with one seek. An archive that somebody else has compressed is read, too, a member at a time.
"""

import functools
import os
import struct
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eventsim.errors import StoreError, StoreExistsError

SUFFIX = ".zarr.zip"
"""Ending of a dataset in an archive."""
ROOT = "zarr.json"
_LOCAL_HEADER = 30
"""Bytes of the header before a member; the lengths of its name and extra field are its last four
(APPNOTE.TXT of PKWARE, 4.3.7)."""
_LOCAL_MAGIC = b"PK\x03\x04"
_DATE = (1980, 1, 1, 0, 0, 0)
"""Of all members: the same dataset gives the same bytes."""


@dataclass(frozen=True, eq=False)
class Archive:
    """An archive that was looked into.

    Attributes
    ----------
    path : Path
    members : dict of str to ZipInfo
        By their place in the dataset.
    """

    path: Path
    members: dict[str, zipfile.ZipInfo]

    def names_below(self, key: str) -> Iterator[str]:
        """Members below a folder."""
        start = f"{key}/" if key else ""
        return (name for name in self.members if name.startswith(start))

    def read(self, key: str, span: tuple[int, int | None] | None) -> bytes:
        """Bytes of a member, ``[start, stop)`` or all.

        Raises
        ------
        FileNotFoundError
            If there is no such member.
        OSError
            If it is damaged.
        """
        info = self.members.get(key)
        if info is None:
            raise FileNotFoundError(key)
        start, stop = (0, None) if span is None else span
        stop = info.file_size if stop is None else min(stop, info.file_size)
        if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
            try:
                with zipfile.ZipFile(self.path) as again:
                    return again.read(info)[start:stop]
            except (zipfile.BadZipFile, RuntimeError, ValueError) as error:
                raise OSError(f"{key} of the archive is damaged: {error}") from None
        # A file of its own for each read: threads and forked processes share no place in it.
        with self.path.open("rb", buffering=0) as file:
            file.seek(info.header_offset)
            head = file.read(_LOCAL_HEADER)
            if len(head) < _LOCAL_HEADER or head[:4] != _LOCAL_MAGIC:
                raise OSError(f"{key} of the archive is not where its list says")
            name, extra = struct.unpack("<HH", head[-4:])
            file.seek(name + extra + start, os.SEEK_CUR)
            return file.read(max(0, stop - start))


def open_archive(path: str) -> Archive:
    """Look into an archive; what it holds is remembered as long as it does not change.

    Raises
    ------
    StoreError
        If it is none, or holds no dataset.
    """
    try:
        found = Path(path).stat()
        return _open(path, found.st_mtime_ns, found.st_size)
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        words = " ".join(str(error).split())
        raise StoreError(f"{path} cannot be read as a .zip: {words}.") from error


@functools.lru_cache(maxsize=16)
def _open(path: str, modified_ns: int, size: int) -> Archive:
    archive = zipfile.ZipFile(path)
    infos = {info.filename: info for info in archive.infolist() if not info.is_dir()}
    # Either the dataset itself was packed, or the folder that it is.
    roots = sorted((name for name in infos if name.split("/")[-1] == ROOT), key=len)
    home = roots[0][: -len(ROOT)] if roots else ""
    members = {n[len(home) :]: info for n, info in infos.items() if n.startswith(home)}
    archive.close()
    return Archive(Path(path), members)


def write_archive(dataset: Path, out: Path) -> int:
    """Pack a finished dataset into an archive.

    Parameters
    ----------
    dataset : Path
        Or a place in an object store.
    out : Path
        Is there when all is written.

    Returns
    -------
    int
        Bytes.

    Raises
    ------
    StoreExistsError
        If something is there.
    OSError
    """
    if out.exists():
        raise StoreExistsError(f"{out} exists already. Choose another output.")
    unfinished = out.with_name(f".{out.name}.{uuid.uuid4().hex[:8]}.partial")
    depth = len(dataset.parts)
    try:
        with zipfile.ZipFile(unfinished, "x", zipfile.ZIP_STORED, allowZip64=True) as archive:
            files = sorted(one for one in dataset.rglob("*") if one.is_file())
            for file in files:
                info = zipfile.ZipInfo("/".join(file.parts[depth:]), _DATE)
                archive.writestr(info, file.read_bytes())
        unfinished.rename(out)
    finally:
        unfinished.unlink(missing_ok=True)
    return out.stat().st_size
