"""`eventsim info`: what a dataset holds, or what a video or an event file is."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from eventsim.cli.event_file import describe_events, is_event_file
from eventsim.cli.options import FrameFlags
from eventsim.cli.printing import make_console, printable
from eventsim.errors import SourceError

if TYPE_CHECKING:
    from eventsim.store.planes_reader import PlaneSample
    from eventsim.store.reader import Recording

_KNOWN = ("label", "split", "status")
COLUMNS = ("#", "source", "size", "seconds", "events", *_KNOWN, "seed", "notes")
PLANE_COLUMNS = ("#", "source", "size", "events", "event density", *_KNOWN, "number", "notes")
ROWS = 20
"""Recordings that are shown; chosen by eye."""


def info(
    path: Path,
    *,
    frames: FrameFlags | None = None,
    as_json: Annotated[bool, Parameter("--json", negative="")] = False,
) -> None:
    """Say what a dataset holds, or what a video or an event file is.

    Parameters
    ----------
    path
        A .zarr that eventsim wrote, a video, a folder of images, or an event file.
    as_json
        Print all that a dataset contains as JSON: attributes, samples and failures.
    """
    # Away from a terminal rich folds tables at 80 columns, and would break paths in pieces.
    width = None if sys.stdout.isatty() else 300
    console = make_console(width=width)
    from eventsim.store.places import as_path

    path = as_path(path)
    if not path.exists():
        raise SourceError(f"there is nothing at {path}. Check the path.")
    if as_json:
        console.print(_as_json(path), markup=False, emoji=False, soft_wrap=True)
    elif path.suffix == ".zarr" or (path / "zarr.json").exists():
        _dataset(console, path)
    elif is_event_file(path):
        describe_events(console, path)
    else:
        _source(console, path, frames or FrameFlags())


def _dataset(console: Console, path: Path) -> None:
    from eventsim.store.dataset import committed_parts, open_root
    from eventsim.store.planes_reader import PlanesDataset
    from eventsim.store.reader import open_dataset

    attributes: dict[str, Any] = dict(open_root(path).attrs.asdict())
    if not attributes.get("finished"):
        done = len(committed_parts(path))
        _line(console, "unfinished", f"{done} of {attributes['parts']} parts are there")
        _provenance(console, attributes)
        return
    dataset = open_dataset(path)
    kept = "samples" if isinstance(dataset, PlanesDataset) else "recordings"
    _line(console, kept, f"{len(dataset):,}")
    _line(console, "events", f"{attributes['events']:,}")
    if isinstance(dataset, PlanesDataset):
        _line(console, "density", f"{dataset.rate:.3%}")
    _provenance(console, attributes)
    table = Table(box=None, pad_edge=False)
    for name in PLANE_COLUMNS if isinstance(dataset, PlanesDataset) else COLUMNS:
        table.add_column(name, overflow="fold")
    for item in dataset[:ROWS]:
        table.add_row(*(_plain(cell) for cell in _row(item)))
    # Into a file or a pipe a table goes as wide as it needs.
    console.print(table, width=None if console.is_terminal else 300)
    if len(dataset) > ROWS:
        console.print(f"... and {len(dataset) - ROWS:,} more")
    for item in dataset[:ROWS]:
        for note in item.notes:
            words = "the original's name and times, sealed" if _is_sealed(note) else note
            _line(console, "note", f"{item.source or item.index}: {words}")
    for failure in dataset.failures:
        _line(console, "failed", f"{failure['source']}: {failure['reason']}")


def _is_sealed(note: str) -> bool:
    from eventsim.store.layout import SEALED_NOTE

    return note.startswith(SEALED_NOTE)


def _as_json(path: Path) -> str:
    """Everything that is known of a finished dataset."""
    from eventsim.store.reader import open_dataset

    dataset = open_dataset(path)
    columns = {name: column.tolist() for name, column in dataset.table().items()}
    columns["notes"] = [list(item.notes) for item in dataset]
    attributes = {k: v for k, v in dataset.attributes.items() if k not in ("files", "crc32")}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return json.dumps({**attributes, "labels": dataset.labels, "samples": rows})


def _row(item: "Recording | PlaneSample") -> tuple[object, ...]:
    """Cells of the table, in the order of its columns."""
    from eventsim.store.reader import Recording

    known = item.label, item.split, item.status
    if isinstance(item, Recording):
        length = f"{item.duration_us * 1e-6:.3f}", f"{len(item):,}"
        return item.index, item.source, item.size, *length, *known, item.seed, len(item.notes)
    rate = f"{item.ones:,}", f"{item.rate:.3%}"
    return item.index, item.source, item.size, *rate, *known, item.sample, len(item.notes)


def _provenance(console: Console, attributes: dict[str, Any]) -> None:
    """Print how the dataset was made."""
    names = (
        "version", "method", "sensor", "noise", "seed", "size", "fit", "settings", "motion",
        "encoding", "geometry", "inputs",
    )  # fmt: skip
    for name in names:
        value = attributes.get(name)
        if isinstance(value, dict):
            value = ", ".join(f"{k} {v}" for k, v in value.items() if v is not None)
        if value is not None:
            _line(console, name, str(value))


def _source(console: Console, path: Path, flags: FrameFlags) -> None:
    from eventsim.sources.opening import open_source

    source = open_source(path, flags.reading())
    count, first_us, last_us = 0, 0, 0
    with console.status("reading all frames"):
        for t_us, _ in source:
            first_us = first_us if count else t_us
            count, last_us = count + 1, t_us
    promised = source.expected_frames
    said = "" if promised in (None, count) else f" (the file says {promised:,})"
    encoding = source.encoding
    _line(console, "frames", f"{count:,}{said}")
    _line(console, "size", str(source.size))
    if count:
        _line(console, "times", f"{first_us:,} to {last_us:,} us")
    if count > 1:
        rate = (count - 1) / (last_us - first_us) * 1e6
        _line(console, "rate", f"{rate:.3f} frames/s on average")
    numbers = f", black {encoding.black:g}, white {encoding.white:g}"
    _line(console, "encoding", f"{encoding.transfer}{numbers}")
    if source.lost_frames:
        _line(console, "lost", f"{source.lost_frames} frames")
    for note in source.notes:
        _line(console, "note", note)


def _plain(value: object) -> str:
    """Text for a table."""
    return printable(value)


def _line(console: Console, word: str, text: str) -> None:
    console.print(f"{word:<11}{printable(text)}")
