"""What copies of a dataset have in common: groups of its recordings, and what is known of it."""

import hashlib
from collections.abc import Sequence
from typing import Any, TypeVar

from eventsim.pipeline.video_plan import PART_EVENTS, PART_RECORDINGS
from eventsim.store.layout import part_path
from eventsim.store.reader import Dataset

_KEPT = ("recorded", "sensor", "noise", "settings", "device_map", "motion", "about")
"""Of the attributes of the source: what is still true of a copy."""
Row = TypeVar("Row")


def group_rows(rows: Sequence[Row], events: Sequence[int]) -> tuple[tuple[Row, ...], ...]:
    """Groups that become parts, of about `PART_EVENTS` events.

    Parameters
    ----------
    rows : sequence
        One for each recording of the copy, in order.
    events : sequence of int
        That each holds.
    """
    parts: list[list[Row]] = []
    filled = PART_EVENTS
    for row, count in zip(rows, events, strict=True):
        if filled >= PART_EVENTS or len(parts[-1]) >= PART_RECORDINGS:
            parts.append([])
            filled = 0
        parts[-1].append(row)
        filled += count
    return tuple(map(tuple, parts))


def still_true(dataset: Dataset) -> dict[str, Any]:
    """Attributes that a copy has from its source."""
    kept = {name: dataset.attributes[name] for name in _KEPT if name in dataset.attributes}
    if dataset.attributes.get("method") == "recorded":
        kept["recorded"] = True
    return kept


def content_of(dataset: Dataset) -> str:
    """SHA-256 of the commit records, which hold the checksums of all files."""
    total = hashlib.sha256()
    for part in range(dataset.attributes["parts"]):
        record = dataset.path / part_path(part) / "commit" / "zarr.json"
        total.update(record.read_bytes() if record.is_file() else b"missing")
    return total.hexdigest()
