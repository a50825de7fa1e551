"""A dataset in numbers: of all of it, of each split and of each class."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eventsim.events import Kind
from eventsim.store.commits import commit_record
from eventsim.store.layout import EVENTS, PLANES_OF_IMAGES
from eventsim.store.reader import Dataset, open_dataset
from eventsim.store.records import kinds_of, parts_of

KINDS = tuple(kind.name.lower() for kind in Kind)


@dataclass(frozen=True)
class Numbers:
    """Some samples in numbers.

    Attributes
    ----------
    samples, events : int
        Events are ones, of planes.
    quartiles : tuple of float
        Of the events of a sample: least, quarter, half, three quarters, most.
    on_share : float or None
        Share of ON among the events; None where it is not known, or there are none.
    kind_shares : dict of str to float
        Share of each kind among the events; empty of planes.
    seconds : float
        Of all of them together; 0 of planes.
    rate_hz : float or None
        Events per pixel per second, over all.
    """

    samples: int
    events: int
    quartiles: tuple[float, ...]
    on_share: float | None
    kind_shares: dict[str, float]
    seconds: float
    rate_hz: float | None


@dataclass(frozen=True)
class Statistics:
    """A dataset in numbers.

    Attributes
    ----------
    content : {"events", "planes"}
    whole : Numbers
    by_split, by_class : dict of str to Numbers
        Of splits and labels that there are, in order; "" is those that have none.
    sizes : tuple of (width, height)
        Of the sensors, px.
    table : dict of str to (n,) ndarray
        As `eventsim.store.reader.Dataset.table` gives it, with ``on`` and ``rate_hz`` for events.
    """

    content: str
    whole: Numbers
    by_split: dict[str, Numbers]
    by_class: dict[str, Numbers]
    sizes: tuple[tuple[int, int], ...]
    table: dict[str, np.ndarray]


def gather_statistics(path: str | Path) -> Statistics:
    """Add up a finished dataset, from its records alone.

    Raises
    ------
    StoreError
        If it is not one.
    """
    dataset = open_dataset(path)
    table = dict(dataset.table())
    if isinstance(dataset, Dataset):
        content = EVENTS.name
        on, kinds = _of_records(dataset)
        pixel_s = table["width"] * table["height"] * table["duration_us"] * 1e-6
        table["on"] = on
        table["rate_hz"] = table["events"] / np.where(pixel_s > 0, pixel_s, np.nan)
    else:
        content = PLANES_OF_IMAGES.name
        kinds = np.zeros((len(dataset), 0), np.int64)
        table["events"] = table.pop("ones")

    def numbers(rows: Any) -> Numbers:
        return _numbers({name: column[rows] for name, column in table.items()}, kinds[rows])

    sizes = sorted(set(zip(table["width"].tolist(), table["height"].tolist(), strict=True)))
    return Statistics(
        content=content,
        whole=numbers(slice(None)),
        by_split={s: numbers(table["split"] == s) for s in _splits(table["split"])},
        by_class={c: numbers(table["label"] == c) for c in sorted(set(table["label"].tolist()))},
        sizes=tuple(sizes),
        table=table,
    )


def _of_records(dataset: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """ON events, and events of each kind, of each recording, in the order of the dataset."""
    found = {}
    for part in parts_of(dataset.attributes):
        for row in commit_record(dataset.path, part, EVENTS)["recordings"]:
            found[row["sample"]] = (row["on"], *kinds_of(row))
    rows = [found[sample] for sample in dataset.table()["sample"].tolist()]
    numbers = np.array(rows, np.int64).reshape(-1, 1 + len(KINDS))
    return numbers[:, 0], numbers[:, 1:]


def _numbers(table: dict[str, np.ndarray], kinds: np.ndarray) -> Numbers:
    events = table["events"]
    total = int(events.sum())
    seconds = table["duration_us"] * 1e-6 if "duration_us" in table else np.zeros(len(events))
    pixel_s = float((table["width"] * table["height"] * seconds).sum())
    quartiles = np.percentile(events, [0, 25, 50, 75, 100]) if len(events) else np.zeros(5)
    shares = kinds.sum(axis=0) / total if total and kinds.shape[1] else ()
    return Numbers(
        samples=len(events),
        events=total,
        quartiles=tuple(quartiles.tolist()),
        on_share=float(table["on"].sum() / total) if total and "on" in table else None,
        kind_shares=dict(zip(KINDS, map(float, shares), strict=False)),
        seconds=float(seconds.sum()),
        rate_hz=total / pixel_s if pixel_s else None,
    )


def _splits(column: np.ndarray) -> Sequence[str]:
    order = {"train": 0, "val": 1, "test": 2}
    return sorted(set(column.tolist()), key=lambda split: (order.get(split, 3), split))
