"""A dataset as plain columns that Zarr alone reads, without the decoder of this format.

A Zarr v3 group: ``t`` (int64, microseconds), ``x``, ``y`` (uint16), ``p`` (bool) and ``kind``
(uint8) of all events, one recording after the other; ``offsets`` (int64), so that recording i has
the events ``offsets[i]:offsets[i + 1]``; and a column for each thing that is known of a recording.
"""

import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from zarr.codecs import BloscCodec
from zarr.storage import LocalStore

from eventsim.errors import StoreError, StoreExistsError
from eventsim.events import COLUMNS, Kind
from eventsim.store.dataset import writing
from eventsim.store.reader import Dataset

FORMAT = "eventsim-columns"
CHUNK_EVENTS = 1 << 17
SHARD_EVENTS = 1 << 22
"""Events of a chunk and of a file: chosen by measurement of reading and writing speed."""
_OF_FILES = ("files", "crc32", "format", "finished", "parts", "failures")
"""Attributes of the dataset that say nothing of its columns."""
KNOWN = ("width", "height", "label", "split", "group", "id", "sample", "duration_us", "seed")
"""Columns of the table of recordings that are written."""


def write_plain(
    dataset: Dataset, out: Path, progress: Callable[[int, int], None] | None = None
) -> int:
    """Write a copy of a dataset in plain columns.

    Parameters
    ----------
    dataset : Dataset
    out : Path
        Must not exist; is there when all is written.
    progress : callable, optional
        Called with the recordings that are done and their events, since the last call.

    Returns
    -------
    int
        Events.

    Raises
    ------
    StoreExistsError
        If something is there.
    StoreError
        If it cannot be written.
    """
    if out.exists():
        raise StoreExistsError(f"{out} exists already. Choose another output.")
    unfinished = out.with_name(f".{out.name}.{uuid.uuid4().hex[:8]}.partial")
    total = sum(len(recording) for recording in dataset)
    try:
        with writing(out):
            _write(dataset, unfinished, total, progress)
            unfinished.rename(out)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return total


def _write(
    dataset: Dataset, out: Path, total: int, progress: Callable[[int, int], None] | None
) -> None:
    about = {
        "format": FORMAT,
        "kinds": {kind.name.lower(): int(kind) for kind in Kind},
        "made_from": {k: v for k, v in dataset.attributes.items() if k not in _OF_FILES},
    }
    root = zarr.create_group(LocalStore(out), zarr_format=3, attributes=about)
    arrays = {name: _array(root, name, total, dtype) for name, dtype in COLUMNS.items()}
    waiting: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    filled = written = 0
    offsets = [0]
    for recording in dataset:
        for first in range(0, len(recording), CHUNK_EVENTS * 8):
            events = recording.events_between(first, first + CHUNK_EVENTS * 8)
            for name in COLUMNS:
                waiting[name].append(getattr(events, name))
            filled += len(events)
            # Whole files: a file that is written twice is read and compressed twice.
            while filled >= SHARD_EVENTS:
                written = _flush(arrays, waiting, written, SHARD_EVENTS)
                filled -= SHARD_EVENTS
        offsets.append(offsets[-1] + len(recording))
        if progress:
            progress(1, len(recording))
    written = _flush(arrays, waiting, written, filled)
    if written != total:
        raise StoreError(f"{dataset.path} has {written} events, and says {total}.")
    root.create_array("offsets", data=np.array(offsets, np.int64))
    _write_table(root, dataset)


def _array(root: zarr.Group, name: str, total: int, dtype: Any) -> Any:
    shard = min(SHARD_EVENTS, max(1, -(-total // CHUNK_EVENTS)) * CHUNK_EVENTS)
    return root.create_array(
        name,
        shape=(total,),
        chunks=(CHUNK_EVENTS,),
        shards=(shard,),
        dtype=np.dtype(dtype),
        compressors=[BloscCodec(cname="zstd", clevel=5, shuffle="bitshuffle")],
    )


def _flush(arrays: dict[str, Any], waiting: dict[str, list[Any]], start: int, count: int) -> int:
    """Write so many events that wait; returns where the next ones go."""
    for name, array in arrays.items():
        whole = np.concatenate([*waiting[name], np.empty(0, array.dtype)])
        array[start : start + count] = whole[:count].astype(array.dtype, copy=False)
        waiting[name] = [whole[count:]]
    return start + count


def _write_table(root: zarr.Group, dataset: Dataset) -> None:
    table = dataset.table()
    for name in KNOWN:
        values = table[name]
        if values.dtype.kind in "iuf":
            root.create_array(name, data=values.astype(np.int64))
            continue
        texts = values.astype(str)
        array = root.create_array(
            name, shape=texts.shape, chunks=(max(1, len(texts)),), dtype="string"
        )
        array[:] = texts
