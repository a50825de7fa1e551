"""One array of a part while it is written: rows in, compressed chunks out as they fill."""

import uuid
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.store.chunks import decode, encode
from eventsim.store.layout import FILL, ArrayForm
from eventsim.store.shards import index_bytes, read_index, shard_path


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

    @property
    def _chunks_a_shard(self) -> int:
        return self.form.shard // self.form.chunk

    def _path(self, shard: int) -> Path:
        return shard_path(self.folder, shard, 1 + len(self.form.row_shape))

    def _flush_chunk(self) -> None:
        if self._torn is None:
            path = self._path(self._flushed // self.form.shard)
            # Never the folder of the part: it is gone when the run has ended.
            for folder in reversed(path.relative_to(self.folder.parent).parents[:-1]):
                (self.folder.parent / folder).mkdir(exist_ok=True)
            self._torn = _torn(path)
        self._write(self._torn, encode(self.buffer, self.form.coding))
        self._flushed += len(self.buffer)
        self._filled = 0
        if len(self._lengths) == self._chunks_a_shard:
            self._close_shard(self._torn)

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


def _torn(path: Path) -> Path:
    """Name of a file that is not whole, as Zarr has it."""
    return path.with_name(f"{path.name}.{uuid.uuid4().hex}.partial")
