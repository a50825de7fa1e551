"""One array of a part while it is written: rows in, compressed chunks out as they fill."""

import shutil
import uuid
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.store.chunks import decode, encode
from eventsim.store.layout import FILL, ArrayForm
from eventsim.store.shards import index_bytes, read_index, shard_path

TORN = "torn"
"""Name, among what is kept of a column, of the shard that is being written."""


class Column:
    """Gathers a chunk, compresses it, and knows the files it has written.

    A shard is written chunk by chunk under a name that marks it as torn, and gets its own when it
    is whole.

    Parameters
    ----------
    folder : Path
        Of the array.
    form : ArrayForm

    Attributes
    ----------
    buffer : ndarray
        Rows of the chunk that is being filled.
    files : dict of str to (bytes, crc32)
        Of the shards that are whole, by their names under the folder.
    """

    def __init__(self, folder: Path, form: ArrayForm) -> None:
        self.folder, self.form = folder, form
        self.buffer: NDArray[Any] = np.empty((form.chunk, *form.row_shape), form.dtype)
        self.files: dict[str, tuple[int, int]] = {}
        self._filled = 0
        self._flushed = 0
        self._lengths: list[int] = []  # of the chunks in the shard that is open
        self._crc = 0  # of its bytes
        self._torn: Path | None = None  # the shard that is being written

    @property
    def length(self) -> int:
        """Rows so far."""
        return self._flushed + self._filled

    @property
    def at_chunk(self) -> bool:
        """Whether the next row is the first of a chunk."""
        return self._filled == 0

    @property
    def room(self) -> NDArray[Any]:
        """Rows of the buffer that are free, never none: fill some, then `advance`."""
        return self.buffer[self._filled :]

    def advance(self, rows: int) -> None:
        """Take over rows that were filled in `room`."""
        self._filled += rows
        if self._filled == len(self.buffer):
            self._flush_chunk()

    def append(self, values: NDArray[Any]) -> None:
        """Add rows at the end."""
        while len(values):
            room = self.room
            taken = min(len(room), len(values))
            room[:taken] = values[:taken]
            self.advance(taken)
            values = values[taken:]

    def close(self) -> None:
        """Write what is gathered, and end the last shard."""
        if self._filled:
            kept = self._filled
            # Zarr has chunks of one size only: what is beyond the end is filled up.
            self.buffer[kept:] = FILL[self.form.dtype]
            self._flush_chunk()
        else:
            kept = len(self.buffer)
        if self._torn is not None:
            self._close_shard(self._torn)
        self._flushed -= len(self.buffer) - kept

    def cut(self, length: int) -> None:
        """Take back every row from `length` on, also of shards that are written."""
        if length < self._flushed:
            self._reopen(length // self.form.chunk)
        self._filled = length - self._flushed

    def save(self, folder: Path) -> tuple[dict[str, Any], NDArray[Any]]:
        """Keep what is written so far, in a way that what is written later leaves untouched.

        Parameters
        ----------
        folder : Path
            Is made, if anything is written; gets links to the files.

        Returns
        -------
        state : dict
            JSON values.
        rows : (n, ...) ndarray
            Of the chunk that is being filled.
        """
        paths = [self.folder / name for name in self.files]
        names = list(self.files)
        if self._torn is not None:
            paths, names = [*paths, self._torn], [*names, TORN]
        for path, name in zip(paths, names, strict=True):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            link_or_copy(path, folder / name)
        state = {
            "flushed": self._flushed,
            "lengths": self._lengths,
            "crc": self._crc,
            "files": self.files,
        }
        return state, self.buffer[: self._filled].copy()

    def restore(self, state: Mapping[str, Any], rows: NDArray[Any], folder: Path) -> None:
        """Go on from what `save` kept; the column must be empty.

        Raises
        ------
        OSError, ValueError
            If a file of it is missing or has changed.
        """
        files = {str(name): (int(size), int(crc)) for name, (size, crc) in state["files"].items()}
        for name, what in files.items():
            source, path = folder / name, self.folder / name
            if (source.stat().st_size, zlib.crc32(source.read_bytes())) != what:
                raise ValueError(f"{source} has changed")
            self._make_folders(path)
            link_or_copy(source, path)
        lengths = [int(length) for length in state["lengths"]]
        flushed = int(state["flushed"])
        if lengths:
            with (folder / TORN).open("rb") as file:
                data = file.read(sum(lengths))  # it may have gone on since
            if len(data) != sum(lengths) or zlib.crc32(data) != int(state["crc"]):
                raise ValueError(f"{folder / TORN} has changed")
            path = self._path(flushed // self.form.shard)
            self._make_folders(path)
            self._torn = _torn(path)
            self._torn.write_bytes(data)
        self.files, self._lengths, self._flushed = files, lengths, flushed
        self._crc = int(state["crc"])
        self._filled = len(rows)
        self.buffer[: self._filled] = rows

    @property
    def _chunks_a_shard(self) -> int:
        return self.form.shard // self.form.chunk

    def _path(self, shard: int) -> Path:
        return shard_path(self.folder, shard, 1 + len(self.form.row_shape))

    def _flush_chunk(self) -> None:
        if self._torn is None:
            path = self._path(self._flushed // self.form.shard)
            self._make_folders(path)
            self._torn = _torn(path)
        self._write(self._torn, encode(self.buffer, self.form.coding))
        self._flushed += len(self.buffer)
        self._filled = 0
        if len(self._lengths) == self._chunks_a_shard:
            self._close_shard(self._torn)

    def _make_folders(self, path: Path) -> None:
        """Make the folders of a file; not that of the part, which goes when its run ends."""
        for folder in reversed(path.relative_to(self.folder.parent).parents[:-1]):
            (self.folder.parent / folder).mkdir(exist_ok=True)

    def _write(self, torn: Path, data: bytes) -> None:
        # Opened for each chunk: so nobody has to close it when a conversion ends early.
        with torn.open("ab") as file:
            file.write(data)
        self._crc = zlib.crc32(data, self._crc)
        self._lengths.append(len(data))

    def _close_shard(self, torn: Path) -> None:
        self._write(torn, index_bytes(self._lengths, self._chunks_a_shard))
        path = self._path((self._flushed - 1) // self.form.shard)
        torn.replace(path)
        self.files[path.relative_to(self.folder).as_posix()] = sum(self._lengths), self._crc
        self._torn, self._lengths, self._crc = None, [], 0

    def _reopen(self, chunk: int) -> None:
        """Go back to the start of a chunk that is written; its rows are in the buffer again."""
        shard, place = divmod(chunk, self._chunks_a_shard)
        last = (self._flushed - 1) // self.form.shard
        lengths, torn = self._lengths, self._torn
        for number in range(last, shard - 1, -1):
            if torn is None:  # this one is whole
                path = self._path(number)
                del self.files[path.relative_to(self.folder).as_posix()]
                lengths = read_index(path, self._chunks_a_shard)[:, 1].tolist()
                torn = path.replace(_torn(path))
            if number > shard:
                torn.unlink()
                torn = None
        assert torn is not None  # noqa: S101 - the loop ends with the one that is cut
        start = sum(lengths[:place])
        with torn.open("r+b") as file:
            head = file.read(start)
            decode(file.read(lengths[place]), self.buffer)
            file.truncate(start)
        if not start:
            torn.unlink()
            torn = None
        self._torn, self._lengths, self._crc = torn, lengths[:place], zlib.crc32(head)
        self._flushed = chunk * self.form.chunk


def link_or_copy(source: Path, target: Path) -> None:
    """Give a file a second name; where the system has no such thing, copy it."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def _torn(path: Path) -> Path:
    """Name of a file that is not whole, as Zarr has it."""
    return path.with_name(f"{path.name}.{uuid.uuid4().hex}.partial")
