"""Closing a dataset: the commit records of all parts become the table that readers open."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from zarr.storage import LocalStore

from eventsim.errors import UnfinishedStoreError
from eventsim.store import layout
from eventsim.store.dataset import committed_parts, open_root, writing


def commit_record(root: zarr.Group, part: int) -> dict[str, Any]:
    """Read the commit record of a part that is whole."""
    record: dict[str, Any] = root[f"{layout.part_path(part)}/commit"].attrs.asdict()
    return record


def finish(path: str | Path) -> dict[str, Any]:
    """Write the sample table and mark the dataset as finished.

    Parameters
    ----------
    path : path
        A dataset all of whose parts are committed. Finishing twice gives the same bytes.

    Returns
    -------
    dict
        Attributes of the finished dataset.

    Raises
    ------
    UnfinishedStoreError
        If parts are missing; names them.
    StoreError
        If it cannot be written.
    """
    attributes: dict[str, Any] = open_root(path).attrs.asdict()
    planned: int = attributes["parts"]
    missing = sorted(set(range(planned)) - committed_parts(path))
    if missing:
        raise UnfinishedStoreError(
            f"{path} can be finished when all {planned} parts are committed, but "
            f"{len(missing)} are missing: {_name_some(missing)}. Run the conversion again; "
            "it goes on with them."
        )
    with writing(path):
        root = zarr.open_group(LocalStore(path), mode="r+", zarr_format=3)
        rows, failures = _gather(root, planned)
        table = root.create_group("samples", overwrite=True)
        for name in layout.SAMPLE_NUMBERS:
            layout.create_small(table, name, np.array([row[name] for row in rows], np.int64))
        for name in layout.SAMPLE_STRINGS:
            _write_strings(table, name, [row[name] for row in rows])
        done: dict[str, Any] = {
            **attributes,
            "recordings": len(rows),
            "events": sum(row["stop"] - row["start"] for row in rows),
            "failures": failures,
            "finished": True,
        }
        root.attrs.put(done)
    return done


def _gather(root: zarr.Group, parts: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    failures: list[dict[str, Any]] = []
    for part in range(parts):
        record = commit_record(root, part)
        failures.extend(record["failures"])
        for row in record["recordings"]:
            notes = json.dumps(row["notes"], ensure_ascii=False)
            rows.append({**row, "part": part, "notes": notes})
    return rows, failures


def _write_strings(table: zarr.Group, name: str, values: Sequence[str]) -> None:
    encoded = [value.encode("utf-8", "surrogateescape") for value in values]
    offsets = np.concatenate([[0], np.cumsum([len(e) for e in encoded], dtype=np.int64)])
    layout.create_small(table, name, np.frombuffer(b"".join(encoded), np.uint8))
    layout.create_small(table, f"{name}_offsets", offsets.astype(np.int64))


def _name_some(parts: Sequence[int]) -> str:
    named = ", ".join(f"{part:05d}" for part in parts[:5])
    return named + (f" and {len(parts) - 5} more" if len(parts) > 5 else "")
