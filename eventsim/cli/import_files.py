"""`eventsim import`: event files of other programs to one dataset."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from eventsim.cli.card import has_card, renew_card
from eventsim.cli.convert import choose_split
from eventsim.cli.convert_images import check_dataset_path, show_made
from eventsim.cli.options import INPUT, AboutFlags, RunFlags, parse_size
from eventsim.cli.printing import make_console
from eventsim.cli.report import NOTES_SHOWN, Meter, counted, line
from eventsim.cli.running import show_kept
from eventsim.errors import ConfigError

if TYPE_CHECKING:
    from eventsim.formats.file import Layout
    from eventsim.pipeline.import_plan import ImportPlan
    from eventsim.pipeline.inputs import Input
    from eventsim.transforms.boxes import Box


@Parameter(name="*", group=INPUT)
@dataclass(frozen=True)
class LayoutFlags:
    """What event files do not say of themselves.

    Parameters
    ----------
    format_
        Format of the files, such as evt3. Default: the ending of each name says it; `eventsim ls`
        lists all.
    size
        Size of the sensor as WIDTHxHEIGHT, where a file does not say it, or says it wrongly.
    time_unit
        Unit of the times in texts and tables: s, ms, us or ns. Default: what the format is known
        for.
    columns
        Order of the columns of a text, such as txyp. Default: its header, or txyp.
    transpose
        Exchange rows and columns; the size is that of the result.
    """

    format_: Annotated[str | None, Parameter(name="--format")] = None
    size: str | None = None
    time_unit: Literal["s", "ms", "us", "ns"] | None = None
    columns: str = ""
    transpose: Annotated[bool, Parameter(negative="")] = False

    def layout(self) -> "Layout":
        """As the formats take it.

        Raises
        ------
        ConfigError
            If the size is none.
        """
        from eventsim.formats.file import Layout

        size = None if self.size is None else parse_size(self.size)
        if isinstance(size, str):
            raise ConfigError(f"--size must be WIDTHxHEIGHT, such as 346x260, found {size!r}.")
        return Layout(size, self.time_unit, self.columns, self.transpose)


def import_files(  # noqa: PLR0913 - its options
    *paths: Path,
    label: Annotated[str, Parameter(group=INPUT)] = "",
    manifest: Annotated[Path | None, Parameter(group=INPUT)] = None,
    split: Annotated[str | None, Parameter(group=INPUT)] = None,
    layout: LayoutFlags | None = None,
    backwards: Annotated[Literal["refuse", "drop", "sort"], Parameter(group=INPUT)] = "refuse",
    outside: Annotated[Literal["refuse", "drop"], Parameter(group=INPUT)] = "refuse",
    boxes: Annotated[Path | None, Parameter(group=INPUT)] = None,
    run: RunFlags | None = None,
    about: AboutFlags | None = None,
) -> int:
    """Bring event files of other programs into one dataset; the kind of their events is unknown.

    If it is interrupted, run the same command again to resume.

    Parameters
    ----------
    paths
        FILE... OUT.zarr: event files, or folders of them (a folder per class; above them train,
        val and test), and last the dataset to write.
    label
        Label of all these recordings.
    manifest
        Table of inputs, .csv or .parquet, with the column path and optionally id, label, split,
        group, start_s and stop_s.
    split
        train, val or test: import only the files of that split. Or, for files without a split, the
        shares of the three, such as 0.8/0.1/0.1.
    backwards
        Events that are earlier than one before them: refuse the file, drop them, or sort all
        events of the file in memory.
    outside
        Events that are not on the sensor: refuse the file, or drop them.
    boxes
        Table to write, .csv, with the boxes of the NAME_bbox.npy beside each NAME_td.dat or
        NAME_td.dat.h5, as detection sets have them.

    Returns
    -------
    int
        0; 1 if a file failed (the others are in the dataset).
    """
    from eventsim.formats.checking import Care
    from eventsim.pipeline.import_plan import plan_import

    given, how, said = layout or LayoutFlags(), run or RunFlags(), (about or AboutFlags()).given()
    if len(paths) < (1 if manifest else 2):
        raise ConfigError(
            "import needs at least one event file and then the output. For example: eventsim "
            "import events.raw events.zarr"
        )
    *files, out = paths
    check_dataset_path(out)
    inputs, notes = _find(files, label, manifest, split)
    planned = plan_import(
        inputs, layout=given.layout(), format=given.format_, care=Care(backwards, outside)
    )
    if boxes is not None and boxes.suffix.lower() != ".csv":
        raise ConfigError(f"--boxes must name a .csv, found {boxes}.")
    code = run_import(planned, out, how, notes, said)
    if boxes is not None:
        _write_boxes(boxes, inputs, quiet=how.quiet)
    return code


def _write_boxes(path: Path, inputs: "Sequence[Input]", *, quiet: bool) -> None:
    """Write the boxes that lie beside the recordings."""
    from eventsim.formats.detection import boxes_beside
    from eventsim.transforms.boxes import boxes_of_detections, write_boxes

    found: list[Box] = []
    for one in inputs:
        beside = boxes_beside(Path(one.path))
        if beside is not None and beside.is_file():
            found += boxes_of_detections(beside, one.id)
    write_boxes(path, found)
    line(make_console(quiet=quiet), "boxes", f"{path}: {len(found):,}")


def run_import(
    planned: "ImportPlan",
    out: Path,
    how: RunFlags,
    notes: Sequence[str] = (),
    about: Mapping[str, str] | None = None,
) -> int:
    """Run a plan: say what will be done, how far it is, and what came out.

    Parameters
    ----------
    planned : ImportPlan
    out : Path
    how : RunFlags
    notes : sequence of str
        What was left out already.
    about : mapping, optional
        What only people know of it, for its card.

    Returns
    -------
    int
        0; 1 if a file failed.
    """
    from eventsim.pipeline.outputs import check_output, is_complete
    from eventsim.pipeline.run import run as run_plan
    from eventsim.store.places import as_path

    out = as_path(out)
    said = about or {}
    console = make_console(quiet=how.quiet)
    if not how.overwrite and is_complete(planned, out) and not has_card(out):
        renew_card(console, out, said)  # a run that was killed at its very end
        return 0
    check_output(planned, out, overwrite=how.overwrite)
    megabytes = sum(file.bytes for file in planned.files) / 1e6
    line(console, "reads", f"{counted(len(planned.files), 'event file')}, {megabytes:,.1f} MB")
    for note in notes[:NOTES_SHOWN]:
        line(console, "note", note)
    show_kept(console, planned, out, overwrite=how.overwrite)
    started = time.monotonic()
    with Meter(console, "kilobyte") as meter:
        summary = run_plan(
            planned, out, overwrite=how.overwrite, progress=meter.update, **how.options()
        )
    seconds = time.monotonic() - started
    show_made(console, summary, out, 0, seconds)
    if seconds > 0 and meter.events:
        line(console, "speed", f"{meter.events / seconds / 1e6:,.1f} million events/s")
    renew_card(console, out, said)
    return 1 if summary.failures else 0


def _find(
    files: list[Path], label: str, manifest: Path | None, split: str | None
) -> tuple["list[Input]", list[str]]:
    from eventsim.pipeline.corpus import read_manifest, with_ids
    from eventsim.pipeline.event_files import gather_event_files

    inputs, notes = gather_event_files(files, label)
    if manifest is not None:
        inputs += [replace(one, label=label or one.label) for one in read_manifest(manifest)]
    return choose_split(with_ids(inputs), split), notes
