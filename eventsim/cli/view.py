"""`eventsim view`: a recording of a dataset as a film or a picture."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from eventsim.cli.printing import make_console, printable
from eventsim.errors import ConfigError, EventSimError

if TYPE_CHECKING:
    from eventsim.frames import FrameSource
    from eventsim.store.reader import Dataset, Recording
    from eventsim.view.windows import Viewable, ViewOptions

FPS = {".mp4": 30.0, ".gif": 20.0}
"""Pictures a second of a film if nothing else is said; GIF cannot time 30."""

SMALLEST, LARGEST = 1e-3, 1e9
"""Of the numbers that say how to look; beyond, there is nothing to see. Chosen by eye."""


@Parameter(name="*")
@dataclass(frozen=True)
class Look:
    """What one picture shows.

    Parameters
    ----------
    window_ms
        Time of the events in one picture, ms. Without it: 33.3, or the time between two
        pictures of the film if that is longer.
    count
        Events in one picture, instead of a fixed time.
    decay_ms
        Let events fade to 1/e in this time, ms, instead of vanishing.
    start
        Begin here, s on the time line of the source.
    stop
        End before this, s.
    background
        Of the event picture.
    transform
        Show beside the events what becomes of them, such as Flip or "Rotate((-10, 10))", as the
        copy of `eventsim augment` would hold it.
    """

    window_ms: float | None = None
    count: int | None = None
    decay_ms: float | None = None
    start: float | None = None
    stop: float | None = None
    background: Literal["white", "black"] = "white"
    transform: Annotated[list[str] | None, Parameter(negative="")] = None


@Parameter(name="*")
@dataclass(frozen=True)
class Speed:
    """How a film plays.

    Parameters
    ----------
    slow
        Play so many times slower than real.
    fps
        Pictures a second of the film: 30, and 20 for a GIF, if nothing is said.
    """

    slow: float | None = None
    fps: float | None = None


def view(
    path: Path,
    output: Path | None = None,
    *,
    recording: int = 0,
    source: Path | None = None,
    scatter: Annotated[bool, Parameter(negative="")] = False,
    look: Look | None = None,
    speed: Speed | None = None,
) -> None:
    """Show a recording: a film (.mp4, .gif) or a labeled picture (.png), ON orange, OFF blue.

    Parameters
    ----------
    path
        A dataset that `eventsim convert` wrote.
    output
        File to write; an .mp4 beside the dataset if nothing is said. Is overwritten.
    recording
        Number of the recording, from 0; -1 is the last.
    source
        Video to show beside the events; the recording's own, if it is still where it was.
    scatter
        Draw the events as points in space and time (.png).
    """
    look, speed = look or Look(), speed or Speed()
    console = make_console()
    output = output or _default_output(path, recording, scatter)
    _check(output, scatter, look, speed)
    from eventsim.store.reader import Dataset, open_dataset

    dataset = open_dataset(path)
    if not isinstance(dataset, Dataset):
        raise ConfigError(
            f"{path} holds planes of still images, which have no time to show. `eventsim info` "
            "says what is in it; dataset[i].planes has them in Python."
        )
    _draw(dataset, output, recording, source, scatter, (look, speed), console)


def _draw(
    dataset: "Dataset",
    output: Path,
    recording: int,
    source: Path | None,
    scatter: bool,
    flags: tuple[Look, Speed],
    console: Console,
) -> None:
    look, speed = flags
    transforms = look.transform or []
    chosen = _choose(dataset, recording)
    title = _title(dataset, chosen)
    _protect(output, dataset, source)
    notes: list[str] = []
    shown: Viewable = chosen
    frames = None
    if transforms:
        shown = _transformed(chosen, transforms)
        title = printable(f"{title}; right: {', then '.join(transforms)}")
    elif not scatter:
        frames = _open_source(dataset, chosen, source, notes)
    options = _options(look, speed, output, title)
    notes += _write(output, shown, options, frames, speed, scatter, console)
    for note in notes:
        console.print(f"note: {printable(note)}")
    console.print(f"wrote {printable(output)}")


def _transformed(recording: "Recording", transforms: list[str]) -> "Viewable":
    """The recording, and beside it what `eventsim augment` makes of it."""
    from eventsim.pipeline.augment_task import MOST_EVENTS
    from eventsim.random import Draws
    from eventsim.transforms.parsing import parse_transforms
    from eventsim.view.beside import Beside

    whole = parse_transforms(transforms)
    if len(recording) > MOST_EVENTS:
        raise ConfigError(
            f"a transform sees a whole recording, of {MOST_EVENTS:,} events at most, and this one "
            f"has {len(recording):,}. Choose another with --recording."
        )
    return Beside(recording, whole(recording.events, Draws.of(1, 0, recording.index).child(0)))


def _default_output(path: Path, recording: int, scatter: bool) -> Path:
    """Name an output so that it is never that of a source beside the dataset."""
    name = path.name.removesuffix(".zarr") + ("_scatter" if scatter else "_events")
    if recording:
        name += f"_{recording}"
    return path.parent / (name + (".png" if scatter else ".mp4"))


def _check(output: Path, scatter: bool, look: Look, speed: Speed) -> None:
    suffix = output.suffix.lower()
    if suffix not in (".mp4", ".gif", ".png"):
        raise ConfigError(
            f"the output must end in .mp4, .gif or .png, found '{output}'. Rename it."
        )
    if scatter and suffix != ".png":
        raise ConfigError(f"--scatter draws a picture, found the output '{output}'. Name a .png.")
    if suffix == ".png" and (speed.slow is not None or speed.fps is not None):
        raise ConfigError(
            f"--slow and --fps are for a film, found the output '{output}'. "
            "Leave them out, or name an .mp4 or .gif."
        )
    for name, value, positive in (
        ("window-ms", look.window_ms, True),
        ("decay-ms", look.decay_ms, True),
        ("start", look.start, False),
        ("stop", look.stop, False),
        ("slow", speed.slow, True),
        ("fps", speed.fps, True),
    ):
        if value is None:
            continue
        if not abs(value) <= LARGEST or (positive and value < SMALLEST):
            floor = f"{SMALLEST:g}" if positive else f"{-LARGEST:g}"
            raise ConfigError(f"--{name} must be {floor} to {LARGEST:g}, found {value:g}.")
    if look.window_ms is not None and look.count is not None:
        raise ConfigError(
            "a picture holds a fixed time or a fixed number of events, found both --window-ms "
            f"{look.window_ms:g} and --count {look.count}. Leave one out."
        )


def _choose(dataset: "Dataset", index: int) -> "Recording":
    try:
        chosen = dataset[index]
    except IndexError as error:
        raise ConfigError(
            f"--recording must be from 0 to {len(dataset) - 1} for {dataset.path}, "
            f"found {index}. `eventsim info {dataset.path}` lists them."
        ) from error
    if not len(chosen):
        raise ConfigError(
            f"recording {index} of {dataset.path} has no events to show "
            f"(source: {chosen.source or 'unknown'}). Choose another with --recording."
        )
    return chosen


def _title(dataset: "Dataset", recording: "Recording") -> str:
    made = [dataset.attributes.get(name) for name in ("sensor", "noise")]
    words = [Path(recording.source).name, *(word for word in made if isinstance(word, str))]
    return printable(", ".join(word for word in words if word) or f"recording {recording.index}")


def _options(look: Look, speed: Speed, output: Path, title: str) -> "ViewOptions":
    from eventsim.view.windows import WINDOW_US, ViewOptions

    window_us = WINDOW_US
    if look.window_ms is not None:
        window_us = look.window_ms * 1000
    elif output.suffix.lower() in FPS:
        fps = speed.fps or FPS[output.suffix.lower()]
        slow = speed.slow or 1.0
        if fps > 0 and slow > 0:  # the film refuses others with the reason
            window_us = max(window_us, 1e6 / (fps * slow))
    return ViewOptions(
        window_us=window_us,
        count=look.count,
        decay_us=None if look.decay_ms is None else look.decay_ms * 1000,
        start_us=None if look.start is None else round(look.start * 1e6),
        stop_us=None if look.stop is None else round(look.stop * 1e6),
        background=look.background,
        title=title,
    )


def _protect(output: Path, dataset: "Dataset", source: Path | None) -> None:
    """Refuse to overwrite what the events were made from.

    That is a source, a file in a folder of images, and, because a relative path may mean another
    file from here, any file with the name of a source that is not found.
    """
    if not output.exists():
        return
    sources = {recording.source_path for recording in dataset} - {None}
    for video in (*sources, source):
        if video is None:
            continue
        same = output.samefile(video) if video.exists() else output.name == video.name
        if same or (video.is_dir() and output.parent.samefile(video)):
            raise ConfigError(
                f"the output would overwrite the source '{video}' of {dataset.path}. "
                "Choose another output."
            )


def _open_source(
    dataset: "Dataset", recording: "Recording", given: Path | None, notes: list[str]
) -> "FrameSource | None":
    """Open the source as the conversion did, or say why there is none."""
    path = given or recording.source_path
    if path is None or (given is None and not path.exists()):
        where = f"'{path}' is not there" if path else "is not known"
        notes.append(f"The source {where}: events alone. --source VIDEO shows one beside them.")
        return None
    from eventsim.sources.opening import open_source

    try:
        opened: FrameSource = open_source(path, size=recording.size, **_reading(dataset, path))
        return opened
    except (EventSimError, AttributeError, TypeError, ValueError) as error:
        # Not ours: what the dataset says of how it was read was edited.
        if given is not None and isinstance(error, EventSimError):
            raise
        notes.append(f"The source cannot be shown: {error}")
        return None


def _reading(dataset: "Dataset", source: Path) -> dict[str, Any]:
    """Find how the conversion read its sources, in the words of `open_source`."""
    attributes = dataset.attributes
    geometry, encoding = attributes.get("geometry", {}), attributes.get("encoding", {})
    names = ("fit", "crop", "start_s", "stop_s", "fps", "slow_motion")
    reading = {name: geometry.get(name) for name in names}
    reading |= {name: encoding.get(name) for name in ("transfer", "white")}
    times = geometry.get("times_file")
    if isinstance(times, dict):  # kept by name and hash: it lies beside the one or the other
        places = (source.parent, source, dataset.path.parent, Path())
        found = (place / str(times.get("name")) for place in places)
        reading["times_file"] = next((path for path in found if path.is_file()), None)
    elif isinstance(times, str):  # of version 0.2.0
        reading["times_file"] = times
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in reading.items()
        if value is not None
    }


def _write(
    output: Path,
    recording: "Viewable",
    options: "ViewOptions",
    frames: "FrameSource | None",
    speed: Speed,
    scatter: bool,
    console: Console,
) -> list[str]:
    if scatter:
        from eventsim.view.picture import write_scatter

        return write_scatter(output, recording, options=options)
    if output.suffix.lower() == ".png":
        from eventsim.view.picture import write_picture

        return write_picture(output, recording, options=options, source=frames)
    from eventsim.view.film import write_film

    fps = FPS[output.suffix.lower()] if speed.fps is None else speed.fps
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task(f"drawing {printable(output.name)}", total=None)
        return write_film(
            output,
            recording,
            options=options,
            source=frames,
            fps=fps,
            slow=1.0 if speed.slow is None else speed.slow,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
