"""Packed files, unpacked up to a limit: a bomb of a few kilobytes must not fill the memory."""

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from eventsim.errors import SourceError
from eventsim.sources.limits import check_unpacked, most_bytes, read_head

_PIECE = 1 << 20
_OPENERS: tuple[tuple[bytes, Any], ...] = (
    (b"\x1f\x8b", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ\0", lzma.open),
)
UNPACKING_ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError)
"""What the unpackers raise on damaged files."""


def read_packed(path: Path) -> bytes:
    """Read a file that is packed with gzip.

    Raises
    ------
    SourceError
        If it unpacks to more than the limit of `eventsim.sources.limits`.
    OSError, EOFError, zlib.error
        If it is damaged.
    """
    pieces = []
    with gzip.open(path) as file:
        limited = _Limited(file, str(path))
        while piece := limited.read(_PIECE):
            pieces.append(piece)
    return b"".join(pieces)


def read_archive(path: Path, wanted: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of some files of a tar archive, packed or not, in one pass.

    Parameters
    ----------
    path : Path
    wanted : frozenset of str
        Names of files, in whatever folder they lie.

    Raises
    ------
    SourceError
        If all that has to be unpacked is more than the limit.
    OSError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError, ValueError
        If it is damaged.
    """
    head = read_head(path)
    opener = next((found for magic, found in _OPENERS if head.startswith(magic)), None)
    with path.open("rb") if opener is None else opener(path) as file:
        limited = _Limited(file, str(path))
        with tarfile.open(fileobj=limited, mode="r|") as archive:
            for member in archive:
                name = PurePosixPath(member.name).name
                if name in wanted and member.isfile():
                    check_unpacked(member.size, f"{member.name} in {path}")
                    content = archive.extractfile(member)
                    if content is not None:
                        yield name, content.read()


class _Limited(io.RawIOBase):
    """A file of which no more than the limit can be read."""

    def __init__(self, file: Any, what: str) -> None:
        self._file, self._what = file, what
        self._left = most_bytes()

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            size = self._left + 1
        # Piece by piece: a header may ask for more at once than there is memory.
        data = b"".join(self._pieces(size))
        self._left -= len(data)
        if self._left < 0:
            check_unpacked(most_bytes() - self._left, self._what)
        return data

    def _pieces(self, size: int) -> Iterator[bytes]:
        left = min(size, self._left + 1)
        while left > 0:
            piece = self._file.read(min(left, _PIECE))
            if not piece:
                return
            left -= len(piece)
            yield piece


def one_line_of(error: BaseException) -> str:
    """The first line of what an error says, or its name."""
    lines = str(error).splitlines()
    return lines[0] if lines and lines[0] else type(error).__name__


def refuse_damaged(path: Path, error: BaseException, advice: str) -> SourceError:
    """Say in one line that a file is damaged."""
    return SourceError(f"{path} cannot be read: {one_line_of(error)}. {advice}")
