"""A dataset in a few numbers, from its commit records alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventsim.events import Kind
from eventsim.store.commits import commit_record
from eventsim.store.dataset import content_of, open_root
from eventsim.store.layout import EVENTS, PLANES, POLARITIES, SEALED_NOTE
from eventsim.store.places import as_path
from eventsim.store.records import kinds_of, parts_of, still_failing


@dataclass(frozen=True)
class EventsSummary:
    """What a finished dataset of recordings holds.

    Attributes
    ----------
    recordings, frames, events : int
    on : int
        Events of polarity ON.
    kinds : dict of str to int
        Events of each kind.
    duration_us : int
        Of all recordings together.
    pixel_seconds : float
        Sum over the recordings of pixels times seconds, for rates.
    bytes : int
        On disk.
    failures : tuple of (source, reason)
        Inputs that could not be converted.
    notes : tuple of (source, note)
        What was skipped, cut or converted.
    partial : int
        Recordings whose source lost frames.
    """

    recordings: int
    frames: int
    events: int
    on: int
    kinds: dict[str, int]
    duration_us: int
    pixel_seconds: float
    bytes: int
    failures: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    partial: int


@dataclass(frozen=True)
class PlanesSummary:
    """What a finished dataset of planes holds.

    Attributes
    ----------
    samples, events : int
        Events are ones.
    on : int
        Ones of polarity ON.
    density : float
        Share of ones, the event density.
    bytes, failures, notes
        As in `EventsSummary`.
    """

    samples: int
    events: int
    on: int
    density: float
    bytes: int
    failures: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]


Summary = EventsSummary | PlanesSummary


def summarize(path: str | Path) -> Summary:
    """Add up the commit records of a dataset.

    Parameters
    ----------
    path : path
        All of its parts are committed.

    Raises
    ------
    StoreError
        If it is not a dataset.
    """
    root = open_root(path)
    content = content_of(root.attrs.asdict(), path)
    records = (commit_record(path, part, content) for part in parts_of(root.attrs.asdict()))
    return _of_events(path, records) if content is EVENTS else _of_planes(path, records)


def _of_events(path: str | Path, parts: Iterable[dict[str, Any]]) -> EventsSummary:
    records = list(parts)
    rows = [row for record in records for row in record["recordings"]]
    return EventsSummary(
        recordings=len(rows),
        frames=sum(record["frames"] for record in records),
        events=sum(record["events"] for record in records),
        on=sum(row["on"] for row in rows),
        kinds={k.name.lower(): sum(kinds_of(row)[k] for row in rows) for k in Kind},
        duration_us=sum(row["duration_us"] for row in rows),
        pixel_seconds=sum(r["width"] * r["height"] * r["duration_us"] for r in rows) * 1e-6,
        bytes=_bytes(path),
        failures=_failures(records, (row["sample"] for row in rows)),
        notes=tuple(
            (row["source"], note)
            for row in rows
            for note in row["notes"]
            if not note.startswith(SEALED_NOTE)
        ),
        partial=sum(row["status"] == "partial" for row in rows),
    )


def _of_planes(path: str | Path, parts: Iterable[dict[str, Any]]) -> PlanesSummary:
    samples = events = on = bits = 0
    notes: list[tuple[str, str]] = []
    records = list(parts)
    for record in records:
        columns = record["columns"]
        samples += len(columns["row"])
        events += record["events"]
        on += record["on"]
        pixels = zip(columns["width"], columns["height"], strict=True)
        bits += PLANES * POLARITIES * sum(width * height for width, height in pixels)
        noted = zip(columns["source"], columns["notes"], strict=True)
        notes += [(source, note) for source, some in noted for note in some]
    return PlanesSummary(
        samples=samples,
        events=events,
        on=on,
        density=events / bits if bits else 0.0,
        bytes=_bytes(path),
        failures=_failures(records, (s for r in records for s in r["columns"]["sample"])),
        notes=tuple(notes),
    )


def _failures(
    records: Iterable[dict[str, Any]], done: Iterable[int]
) -> tuple[tuple[str, str], ...]:
    every = [failure for record in records for failure in record["failures"]]
    return tuple((f["source"], f["reason"]) for f in still_failing(every, set(done)))


def _bytes(path: str | Path) -> int:
    return sum(f.stat().st_size for f in as_path(path).rglob("*") if f.is_file())
