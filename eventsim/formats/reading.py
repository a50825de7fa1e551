"""One event file in memory: `eventsim.read` and `eventsim.write`."""

import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from eventsim.events import Events, Kind, SensorSize, checked_size
from eventsim.formats.checking import Care, checked_pieces, known_size
from eventsim.formats.file import Layout, TimeUnit
from eventsim.formats.names import format_to_write, open_events


def read(
    path: str | Path,
    *,
    size: tuple[int, int] | None = None,
    format: str | None = None,
    time_unit: TimeUnit | None = None,
    columns: str = "",
    backwards: Literal["refuse", "drop", "sort"] = "refuse",
    outside: Literal["refuse", "drop"] = "refuse",
) -> Events:
    """Read an event file of another program.

    Parameters
    ----------
    path : path
    size : (width, height), optional
        Of the sensor, px, where the file does not say it, or says it wrongly.
    format : str, optional
        Such as ``evt3``; by default the ending of the name says it.
    time_unit : {"s", "ms", "us", "ns"}, optional
        Of the times of a text or table.
    columns : str, optional
        Order of the columns of a text, such as ``txyp``.
    backwards : {"refuse", "drop", "sort"}
        What is done with events that are earlier than one before them.
    outside : {"refuse", "drop"}
        What is done with events that are not on the sensor.

    Returns
    -------
    Events
        Their kind is unknown, unless the file says it. Times are those of the file, microseconds.

    Raises
    ------
    ConfigError
        If nothing says the size or the format.
    SourceError
        If the file is not there, or is broken.
    EventError
        If events break a promise, and the file is refused for it.
    """
    layout = Layout(None if size is None else checked_size(size), time_unit, columns)
    file = open_events(path, layout, format)
    pieces = [piece for piece, _ in checked_pieces(file, Care(backwards, outside))]
    return Events.concatenate(pieces, known_size(file))


def write(events: Events, path: str | Path, *, format: str | None = None) -> list[str]:
    """Write events to a file for another program.

    Parameters
    ----------
    events : Events
    path : path
        What is there is replaced, when all is written.
    format : str, optional
        Such as ``evt3``; by default the ending of the name says it.

    Returns
    -------
    list of str
        What the format cannot hold, such as the kind of each event.

    Raises
    ------
    ConfigError
        If there is no such format, or it is read only.
    SourceError
        If it cannot hold these events.
    """
    return write_pieces([events], events.size, Path(path), format)


def write_pieces(
    pieces: Iterable[Events], size: SensorSize, path: Path, name: str | None = None
) -> list[str]:
    """Write pieces that follow each other; as `write`, in bounded memory."""
    chosen = format_to_write(path, name)
    assert chosen.write is not None  # noqa: S101 - for mypy: `format_to_write` sees to it
    kinds: set[int] = set()
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.partial")
    try:
        with unfinished.open("w+b") as file:
            notes = chosen.write(file, _watched(pieces, kinds), size)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    if not chosen.keeps_kind and kinds - {int(Kind.UNKNOWN)}:
        notes = [*notes, f"{chosen.name} has no room for the kind of an event (signal, noise)"]
    return notes


def _watched(pieces: Iterable[Events], kinds: set[int]) -> Iterable[Events]:
    """Pass pieces on and collect the kinds that come."""
    import numpy as np

    for piece in pieces:
        kinds.update(np.flatnonzero(np.bincount(piece.kind)).tolist())
        yield piece
