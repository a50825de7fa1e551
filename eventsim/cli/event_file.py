"""An event file of another program, to look at: what `info` and `view` do with it."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console

from eventsim.cli.printing import printable
from eventsim.errors import ConfigError

if TYPE_CHECKING:
    from eventsim.events import Events
    from eventsim.formats.file import EventFile

MOST_SHOWN = 100_000_000
"""Events that are held in memory to be drawn: 1.4 GB; chosen by eye."""


def is_event_file(path: Path) -> bool:
    """Whether a path is a file with the ending of a format."""
    from eventsim.formats.names import ENDINGS, is_bag

    return is_bag(path) or (path.suffix.lower() in ENDINGS and path.is_file())


def load_events(path: Path, notes: list[str]) -> "Events":
    """All events of a file, on the smallest sensor that holds them if it does not say its size.

    Raises
    ------
    ConfigError
        If there are none, or very many.
    """
    from eventsim.events import Events
    from eventsim.formats.checking import Care, checked_pieces, known_size

    file = _sized(path, notes)
    pieces, count = [], 0
    for piece, _ in checked_pieces(file, Care("drop", "drop")):
        pieces.append(piece)
        count += len(piece)
        if count > MOST_SHOWN:
            raise ConfigError(
                f"{path} has more than {MOST_SHOWN:,} events. Bring it into a dataset first: "
                f"eventsim import {path} out.zarr"
            )
    if not count:
        raise ConfigError(f"{path} has no events to show.")
    notes += file.notes
    return Events.concatenate(pieces, known_size(file))


def describe_events(console: Console, path: Path) -> None:
    """Say what an event file is; reads all of it, in bounded memory."""
    from eventsim.formats.checking import Care, checked_pieces, known_size

    notes: list[str] = []
    file = _sized(path, notes)
    count = on = 0
    first_us = last_us = 0
    kinds = np.zeros(8, np.int64)
    with console.status("reading all events"):
        for piece, _ in checked_pieces(file, Care("drop", "drop")):
            if len(piece):
                first_us = first_us if count else int(piece.t[0])
                last_us = int(piece.t[-1])
            count += len(piece)
            on += int(piece.p.sum())
            kinds += np.bincount(piece.kind, minlength=8)
    size = known_size(file)
    _line(console, "format", file.format)
    _line(console, "size", str(size))
    _line(console, "events", f"{count:,}{f', {on / count:.0%} ON' if count else ''}")
    if count:
        seconds = (last_us - first_us) * 1e-6
        _line(console, "times", f"{first_us:,} to {last_us:,} us ({seconds:,.3f} s)")
        if seconds > 0:
            rate = count / seconds / (size.width * size.height)
            _line(console, "rate", f"{count / seconds:,.0f} events/s, {rate:.3g} Hz a pixel")
        from eventsim.events import Kind

        said = ", ".join(f"{k.name.lower()} {kinds[k] / count:.1%}" for k in Kind if kinds[k])
        _line(console, "kinds", said)
    for note in [*notes, *file.notes]:
        _line(console, "note", note)


def _sized(path: Path, notes: list[str]) -> "EventFile":
    """The file, with the smallest size that holds its events if it says none."""
    from eventsim.formats.checking import smallest_size
    from eventsim.formats.file import Layout
    from eventsim.formats.names import open_events

    file = open_events(path)
    if file.size is not None:
        return file
    size = smallest_size(file)
    notes.append(f"the file does not say how large its sensor is; its events need {size}")
    return open_events(path, Layout(size=size))


def _line(console: Console, word: str, text: str) -> None:
    console.print(f"{word:<11}{printable(text)}")
