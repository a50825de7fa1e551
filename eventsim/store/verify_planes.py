"""Check the planes of a part: shape, counts and bits. See `eventsim.store.verify`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from eventsim.store.verify_events import UNREADABLE

NUMBERS = ("row", "width", "height", "ones", "seed", "sample")
STRINGS = ("label", "split", "group", "source", "status", "notes")
NEEDED = {"events", "on", "files", "columns", "failures"}
_STEP_BYTES = 16 << 20
_MOST_BYTES = 1 << 30


def columns_of(record: dict[str, Any]) -> dict[str, list[Any]] | None:
    """Properties of the samples of a part, or None if the record lacks some."""
    names = (*NUMBERS, *STRINGS)
    if not NEEDED <= set(record) or not set(names) <= set(record["columns"]):
        return None
    columns = {name: record["columns"][name] for name in names}
    return columns if len({len(column) for column in columns.values()}) == 1 else None


def count_events(columns: dict[str, list[Any]]) -> int:
    """Ones of the samples."""
    return int(sum(columns["ones"]))


def check_part(path: Path, root: zarr.Group, part: int, record: dict[str, Any]) -> Iterator[str]:
    """Name what is wrong with the planes of a part, one sentence each.

    Parameters
    ----------
    path : Path
        Of the dataset.
    root : zarr.Group
    part : int
    record : dict
        Its commit record.

    Yields
    ------
    str
    """
    name = f"Part {part:05d}"
    columns = record["columns"]
    rows = len(columns["row"])
    if columns["row"] != list(range(rows)):
        yield f"{name}: its rows must count from 0 to {rows - 1}."
    try:
        array: Any = root[f"parts/{part:05d}/planes"]
        sizes = set(zip(columns["width"], columns["height"], strict=True))
        if len(sizes) > 1:
            yield f"{name}: all samples must have one size, found {sorted(sizes)[:4]}."
            return
        width, height = next(iter(sizes), (0, 0))
        shape = (rows, 8, 2, height, -(-width // 8))
        if array.dtype != np.uint8 or (rows and array.shape != shape) or array.shape[0] != rows:
            yield f"{name}: planes must be uint8 {shape}, found {array.dtype} {array.shape}."
            return
        files = path / "parts" / f"{part:05d}" / "planes" / "c"
        pieces = sum(1 for _ in files.iterdir()) if files.is_dir() else 0
        shard = array.shards or array.chunks
        if rows > pieces * shard[0] or np.prod([float(n) for n in shard]) > _MOST_BYTES:
            yield f"{name}: planes say {rows} rows in shards of {shard}, found {pieces} files."
            return
        yield from _check_bits(name, array, width, record)
    except UNREADABLE as error:
        yield f"{name}: planes cannot be read ({type(error).__name__}: {error})."


def _check_bits(name: str, array: Any, width: int, record: dict[str, Any]) -> Iterator[str]:
    columns = record["columns"]
    on = 0
    found: str | None = None
    step = max(1, _STEP_BYTES // max(1, int(np.prod(array.shape[1:]))))
    for start in range(0, array.shape[0], step):
        piece = np.ascontiguousarray(array[start : start + step])
        counts = np.bitwise_count(piece).sum(axis=(1, 3, 4), dtype=np.int64)
        on += int(counts[:, 1].sum())
        if found is None:
            ones = np.array(columns["ones"][start : start + step], np.int64)
            found = _first_bad_sample(piece, counts.sum(axis=1), ones, width, start)
    if on != record["on"]:
        yield f"{name}: its record says {record['on']} ON events, the planes hold {on}."
    if found:
        yield f"{name}, {found}"


def _first_bad_sample(
    planes: NDArray[np.uint8],
    counted: NDArray[np.int64],
    ones: NDArray[np.int64],
    width: int,
    start: int,
) -> str | None:
    """Say which sample first breaks a promise, and how."""
    spare = np.uint8((1 << (-width % 8)) - 1)
    beyond = (planes[..., -1] & spare).any(axis=(1, 2, 3))
    both = (planes[:, :, 0] & planes[:, :, 1]).any(axis=(1, 2, 3))
    first_bad: dict[int, str] = {}
    for bad, words in (
        (beyond, f"has bits beyond its width of {width} px"),
        (both, "has a pixel that is ON and OFF in one plane"),
        (counted != ones, "holds {found} ones, but its record says {said}"),
    ):
        if bad.any():
            first_bad.setdefault(int(np.argmax(bad)), words)
    if not first_bad:
        return None
    k = min(first_bad)
    return f"sample {start + k}: {first_bad[k].format(found=counted[k], said=ones[k])}."
