"""`eventsim export`: recordings of a dataset as files of another program."""

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.console import Console

from eventsim.cli.printing import make_console, printable
from eventsim.cli.report import Meter, counted, line
from eventsim.errors import ConfigError

if TYPE_CHECKING:
    from eventsim.pipeline.export import Exported

COLUMNS, ZIP = "zarr-columns", "zip"
"""Formats of whole datasets."""


def export(  # noqa: PLR0913 - its options
    dataset: Path,
    out: Path,
    *,
    format_: Annotated[str | None, Parameter(name="--format")] = None,
    recording: int | None = None,
    start: float | None = None,
    stop: float | None = None,
    boxes: Path | None = None,
    workers: int = 1,
    quiet: Annotated[bool, Parameter(negative="", name=["--quiet", "-q"])] = False,
) -> int:
    """Write recordings as event files that other programs read: one file, or a folder of them.

    A folder has a folder for each split and label, and recordings.csv, which `eventsim import
    --manifest` takes. If it is interrupted, run the same command again to resume.

    Parameters
    ----------
    dataset
        Dataset of recordings.
    out
        File to write, such as events.raw, or a folder.
    format_
        Format of the files, such as evt3; `eventsim ls` lists all. Default: the ending of the
        output says it. zarr-columns writes the whole dataset as one Zarr group with a plain
        column for each of t, x, y, p and kind; zip packs it into one .zarr.zip, which every
        command reads.
    recording
        Export only this recording, from 0; -1 is the last one.
    start
        Start time, in seconds on the time line of each recording.
    stop
        End time, in seconds.
    boxes
        Table of boxes (t_us, x0, y0, x1, y1, id, label, track): makes a detection set of
        NAME_td.dat or, with --format hdf5, NAME_td.dat.h5 as RVT reads it, and NAME_bbox.npy.
    workers
        Number of files that are written at the same time.
    quiet
        Print errors only.

    Returns
    -------
    int
        0; 1 if a recording could not be written (the others are).
    """
    from eventsim.pipeline.export import check_source, plan_export
    from eventsim.pipeline.export import export as run

    console = make_console(quiet=quiet)
    if format_ in (COLUMNS, ZIP):
        if (recording, start, stop, boxes) != (None, None, None, None):
            raise ConfigError(f"--format {format_} writes whole datasets: --recording, --start, "
                              "--stop and --boxes have no meaning. Drop them.")  # fmt: skip
        return (_pack if format_ == ZIP else _export_columns)(console, dataset, out)
    window = tuple(None if value is None else round(value * 1e6) for value in (start, stop))
    if window[0] is not None and window[1] is not None and window[0] >= window[1]:
        raise ConfigError(f"--start must be before --stop, found {start:g} and {stop:g}.")
    planned = plan_export(
        check_source(dataset), out, format=format_, recording=recording,
        window_us=(window[0], window[1]), boxes=boxes,
    )  # fmt: skip
    line(console, "reads", f"{dataset}, {counted(len(planned.rows), 'recording')}")
    started = time.monotonic()
    with Meter(console, "piece") as meter:
        results = run(planned, workers=workers, progress=meter.update)
    return _show(console, results, out, planned.format, time.monotonic() - started)


def _pack(console: Console, dataset: Path, out: Path) -> int:
    """Pack the whole dataset into an archive."""
    from eventsim.store.archives import SUFFIX, write_archive
    from eventsim.store.places import as_path
    from eventsim.store.reader import open_dataset

    if not out.name.endswith(SUFFIX):
        raise ConfigError(f"an archive must end with {SUFFIX}, found {out}.")
    source = open_dataset(dataset)  # one that is whole
    size = write_archive(as_path(dataset), out)
    line(console, "wrote", f"{out}: {counted(len(source), 'sample')}, {size / 1e6:,.1f} MB")
    return 0


def _export_columns(console: Console, dataset: Path, out: Path) -> int:
    """Write the whole dataset as plain columns."""
    from eventsim.cli.convert_images import check_dataset_path
    from eventsim.pipeline.export import check_source
    from eventsim.pipeline.meter import Meter as Sum
    from eventsim.store.plain_columns import write_plain

    check_dataset_path(out)
    source = check_source(dataset)
    started = time.monotonic()
    with Meter(console, "recording") as meter:
        added = Sum(len(source), meter.update)
        events = write_plain(source, out, lambda n, made: added.step(0, n, made, str(out)))
    seconds = time.monotonic() - started
    line(console, "wrote", f"{out}: {counted(len(source), 'recording')}, {events:,} events")
    if seconds > 0 and events:
        line(console, "speed", f"{events / seconds / 1e6:,.1f} million events/s")
    return 0


def _show(console: Console, results: "list[Exported]", out: Path, name: str, seconds: float) -> int:
    written = [one for one in results if not one.failure and not one.kept]
    kept = sum(one.kept for one in results)
    events = sum(one.events for one in written)
    more = f"; {kept:,} were there already" if kept else ""
    files = counted(len(written), f"{name} file")
    line(console, "wrote", f"{out}: {files}, {events:,} events{more}")
    if seconds > 0 and events:
        line(console, "speed", f"{events / seconds / 1e6:,.1f} million events/s")
    for note, count in Counter(note for one in written for note in one.notes).items():
        times = f" ({counted(count, 'file')})" if count > 1 else ""
        line(console, "note", f"{note}{times}")
    errors = make_console(stderr=True)
    failed = [one for one in results if one.failure]
    for one in failed:
        errors.print(f"eventsim: failed: {printable(one.place)}: {printable(one.failure)}")
    return 1 if failed else 0
