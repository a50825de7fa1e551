"""The ``zarr.json`` of an array: made by Zarr once, then filled in with its length.

To let Zarr create each array takes milliseconds, which short recordings would feel.
"""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.storage import MemoryStore

from eventsim.store.chunks import encode
from eventsim.store.layout import FILL, ArrayForm, column_coding


def describe(folder: Path, form: ArrayForm, rows: int) -> None:
    """Describe an array whose shards are written already.

    Parameters
    ----------
    folder : Path
        Of the array.
    form : ArrayForm
    rows : int
    """
    document = json.loads(_template(form))
    document["shape"][0] = rows
    _write(folder, document)


def write_small(folder: Path, values: NDArray[Any]) -> None:
    """Write a column at once, in one chunk.

    Parameters
    ----------
    folder : Path
        Of the array.
    values : (n,) ndarray
    """
    coding = column_coding(values.dtype.itemsize)
    document = json.loads(_template(ArrayForm(values.dtype.name, 1, 0, coding)))
    document["shape"] = [len(values)]
    document["chunk_grid"]["configuration"]["chunk_shape"] = [max(1, len(values))]
    _write(folder, document)
    if len(values):
        (folder / "c").mkdir()
        (folder / "c" / "0").write_bytes(encode(np.ascontiguousarray(values), coding))


def describe_group(folder: Path, attributes: Mapping[str, Any]) -> None:
    """Describe a group.

    Parameters
    ----------
    folder : Path
        Of the group.
    attributes : mapping
        JSON values.
    """
    _write(folder, {"attributes": dict(attributes), "zarr_format": 3, "node_type": "group"})


def _write(folder: Path, document: dict[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "zarr.json").write_bytes(json.dumps(document, indent=2).encode())


@functools.cache
def _template(form: ArrayForm) -> bytes:
    """``zarr.json`` of an empty array, as Zarr writes it."""
    store: dict[str, Any] = {}
    zarr.create_array(
        MemoryStore(store),
        shape=(0, *form.row_shape),
        chunks=(form.chunk, *form.row_shape),
        shards=(form.shard, *form.row_shape) if form.shard else None,
        dtype=np.dtype(form.dtype),
        compressors=list(form.coding.codecs()),
        fill_value=FILL[form.dtype],
    )
    document: bytes = store["zarr.json"].to_bytes()
    return document
