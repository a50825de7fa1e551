"""Recordings of a dataset as files of another program: one, or a folder of them.

A folder holds ``SPLIT/LABEL/ID`` with the ending of the format, `STATE`, by which an interrupted
export goes on, and at its end `TABLE`, which ``eventsim import --manifest`` takes.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from eventsim.errors import ConfigError, StoreExistsError
from eventsim.events import Events
from eventsim.formats.detection import boxes_beside, write_detections
from eventsim.formats.names import format_to_write
from eventsim.formats.reading import write_pieces
from eventsim.pipeline.dataset_parts import content_of
from eventsim.pipeline.fingerprints import file_identity
from eventsim.pipeline.meter import Meter, Progress
from eventsim.pipeline.reasons import reason_of
from eventsim.store.reader import Dataset, Recording
from eventsim.transforms.boxes import as_detections, boxes_of, read_boxes

PIECE_EVENTS = 1 << 20
"""Events that are read at a time: 15 MB; chosen by eye."""
LATEST_US = 1 << 62
"""Later than any event: the end of a part that has none."""
DETECTION = {"dat": "_td.dat", "hdf5": "_td.dat.h5"}
"""Formats of detection sets, and what their files end with (Prophesee's, and RVT's)."""
STATE, TABLE = "export.json", "recordings.csv"
_UNSAFE = re.compile(r"[^\w. +=@-]")


@dataclass(frozen=True)
class ExportPlan:
    """What is exported, and where to.

    Attributes
    ----------
    source : Path
    rows : tuple of int
        Recordings of the dataset.
    places : tuple of Path
        Of each.
    format : str
    start_us, stop_us : int or None
        Part of each recording, on its own time line.
    folder : Path or None
        None for a single file.
    boxes : Path or None
        Table of boxes; files are named as those of a detection set, and their boxes lie beside
        them.
    """

    source: Path
    rows: tuple[int, ...]
    places: tuple[Path, ...]
    format: str
    start_us: int | None = None
    stop_us: int | None = None
    folder: Path | None = None
    boxes: Path | None = None

    def state(self) -> dict[str, object]:
        """All that decides the files of a folder."""
        return {
            "dataset": self.source.name,
            "content": content_of(Dataset(self.source)),
            "rows": list(self.rows),
            "format": self.format,
            "start_us": self.start_us,
            "stop_us": self.stop_us,
            "boxes": None if self.boxes is None else file_identity(self.boxes)["sha256"],
        }


@dataclass(frozen=True)
class Exported:
    """What became of a recording.

    Attributes
    ----------
    place : Path
    events : int
    notes : tuple of str
        What the format cannot hold.
    failure : str
        Why there is no file; "" if there is one.
    kept : bool
        Whether an earlier run has written it.
    """

    place: Path
    events: int = 0
    notes: tuple[str, ...] = ()
    failure: str = ""
    kept: bool = False


def plan_export(
    dataset: Dataset,
    out: Path,
    *,
    format: str | None = None,
    recording: int | None = None,
    window_us: tuple[int | None, int | None] = (None, None),
    boxes: Path | None = None,
) -> ExportPlan:
    """Decide everything about an export.

    Parameters
    ----------
    dataset : Dataset
    out : Path
        A file, for one recording, or a folder.
    format : str, optional
        By default that of the ending of `out`.
    recording : int, optional
        Only this one; -1 is the last.
    window_us : (start, stop)
        Part of each recording; None is its beginning or end.
    boxes : Path, optional
        Of the recordings, by their ids, as `eventsim.transforms.boxes.read_boxes` takes them: a
        detection set is made, of `dat` or `hdf5`.

    Raises
    ------
    ConfigError
        If there is no such recording, or nothing says the format.
    StoreExistsError
        If the folder holds something else.
    """
    if recording is not None:
        try:
            chosen: Sequence[Recording] = [dataset[recording]]
        except IndexError as error:
            raise ConfigError(f"--recording: {error}") from error
    else:
        chosen = list(dataset)
    if not chosen:
        raise ConfigError(f"{dataset.path} has no recordings to export.")
    rows = tuple(one.index for one in chosen)
    if boxes is not None and (format not in DETECTION or (out.suffix and not out.is_dir())):
        raise ConfigError(
            f"--boxes makes a folder with a detection set of --format {' or '.join(DETECTION)}."
        )
    if out.suffix and not out.is_dir():
        found = format_to_write(out, format)
        if len(chosen) > 1:
            raise ConfigError(
                f"{dataset.path} has {len(chosen):,} recordings, and {out} is one file. Name a "
                "folder, or choose one with --recording."
            )
        return ExportPlan(dataset.path, rows, (out,), found.name, *window_us)
    if format is None:
        raise ConfigError(f"{out} is a folder, so it needs a format, such as --format evt3.")
    ending = format_to_write(out, format).endings[0] if boxes is None else DETECTION[format]
    places = tuple(out / f"{name}{ending}" for name in _names(chosen))
    plan = ExportPlan(dataset.path, rows, places, format, *window_us, out, boxes)
    _check_folder(plan, out)
    return plan


def export(
    plan: ExportPlan, *, workers: int = 1, progress: Progress | None = None
) -> list[Exported]:
    """Write the files that are not there.

    Parameters
    ----------
    plan : ExportPlan
    workers : int
        Threads; each writes a file.
    progress : callable, optional
        Called with `eventsim.pipeline.meter.HowFar`; what is done are pieces of `PIECE_EVENTS`.

    Returns
    -------
    list of Exported
        One for each recording, in order.
    """
    if workers < 1:
        raise ConfigError(f"workers must be 1 or more, found {workers}.")
    dataset = Dataset(plan.source)
    if plan.folder is not None:
        plan.folder.mkdir(parents=True, exist_ok=True)
        state = plan.folder / STATE
        state.write_text(json.dumps(plan.state(), indent=1) + "\n", encoding="utf-8")
    counts = [max(1, -(-len(dataset[row]) // PIECE_EVENTS)) for row in plan.rows]
    names = {k: [str(place)] for k, place in enumerate(plan.places)}
    meter = Meter(sum(counts), progress, names)
    results: dict[int, Exported] = {}
    pool = ThreadPoolExecutor(workers)
    try:
        waiting = {
            pool.submit(_export_one, plan, dataset, k, meter.step): k for k in range(len(plan.rows))
        }
        for done in as_completed(waiting):
            k = waiting[done]
            results[k] = done.result()
            meter.step(k, 0, 0, str(plan.places[k]))
            meter.end(k, counts[k], results[k].events)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    ordered = [results[k] for k in range(len(plan.rows))]
    if plan.folder is not None:
        _write_table(plan, dataset, ordered)
    return ordered


def _export_one(
    plan: ExportPlan, dataset: Dataset, k: int, step: Callable[[int, int, int, str], None]
) -> Exported:
    place, recording = plan.places[k], dataset[plan.rows[k]]
    if plan.folder is not None and place.is_file():
        return Exported(place, kept=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    written = 0

    def pieces() -> Iterator[Events]:
        nonlocal written
        for piece in pieces_of(recording, plan.start_us, plan.stop_us):
            yield piece
            written += len(piece)
            step(k, 1, len(piece), str(place))

    try:
        if plan.boxes is not None:
            _write_boxes(plan, recording, place)
        notes = write_pieces(pieces(), recording.size, place, plan.format)
    except Exception as error:
        return Exported(place, failure=reason_of(error))
    return Exported(place, written, tuple(notes))


def _write_boxes(plan: ExportPlan, recording: Recording, place: Path) -> None:
    """Write the boxes of a recording beside where it will be."""
    assert plan.boxes is not None  # noqa: S101 - for mypy
    start = -LATEST_US if plan.start_us is None else plan.start_us
    stop = LATEST_US if plan.stop_us is None else plan.stop_us
    every = boxes_of(read_boxes(plan.boxes), recording.id)
    beside = boxes_beside(place)
    assert beside is not None  # noqa: S101 - for mypy: it is named so
    write_detections(beside, as_detections([box for box in every if start <= box.t_us < stop]))


def pieces_of(
    recording: Recording, start_us: int | None = None, stop_us: int | None = None
) -> Iterator[Events]:
    """Yield the events of a recording, or those with ``start_us <= t < stop_us``, in pieces."""
    start = 0 if start_us is None else recording.index_at(start_us)
    stop = len(recording) if stop_us is None else recording.index_at(stop_us)
    for first in range(start, stop, PIECE_EVENTS):
        yield recording.events_between(first, min(first + PIECE_EVENTS, stop))


def _names(recordings: Sequence[Recording]) -> list[str]:
    """A path for each recording, below the folder, that no other one has."""
    found = []
    for one in recordings:
        name = one.id or str(one.index)
        parts = [name] if "/" in name else [one.split, one.label, name]
        safe = [_safe(part) for piece in parts for part in PurePosixPath(piece).parts if part]
        found.append("/".join(safe))
    taken: set[str] = set()
    for k, one in enumerate(recordings):
        # Two may differ in case alone, which some file systems do not tell apart.
        while found[k].lower() in taken:
            found[k] += f"-{one.index}"
        taken.add(found[k].lower())
    return found


def _safe(part: str) -> str:
    """A part of a path that leads nowhere else: names come from whoever made the dataset."""
    return _UNSAFE.sub("_", part).strip(". ") or "_"


def _check_folder(plan: ExportPlan, out: Path) -> None:
    """Refuse a folder that holds something else than the beginning of this export."""
    if not out.exists() or not any(out.iterdir()):
        return
    try:
        there = json.loads((out / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise StoreExistsError(
            f"{out} is not empty, and holds no export. Choose another output."
        ) from None
    now = json.loads(json.dumps(plan.state()))
    changed = [key for key, value in now.items() if there.get(key) != value]
    if changed:
        raise StoreExistsError(
            f"{out} holds an export that differs in {', '.join(changed)}. Choose another output, "
            "or delete it."
        )


def _write_table(plan: ExportPlan, dataset: Dataset, results: Sequence[Exported]) -> None:
    """List what was written, as `eventsim import` takes it."""
    assert plan.folder is not None  # noqa: S101 - for mypy
    with (plan.folder / TABLE).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("path", "id", "label", "split", "group"))
        for row, result in zip(plan.rows, results, strict=True):
            one = dataset[row]
            if not result.failure:
                place = result.place.relative_to(plan.folder).as_posix()
                writer.writerow((place, one.id or one.index, one.label, one.split, one.group))


def check_source(path: Path) -> Dataset:
    """Open a dataset whose recordings can be exported.

    Raises
    ------
    ConfigError
        If it holds planes.
    """
    from eventsim.store.reader import open_dataset

    dataset = open_dataset(path)
    if not isinstance(dataset, Dataset):
        raise ConfigError(f"{path} holds planes of still images, which have no times to export.")
    return dataset
