"""`eventsim view`: a recording of a dataset as a film or a picture."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from eventsim.cli.event_file import is_event_file, load_events
from eventsim.cli.printing import make_console, printable
from eventsim.cli.view_files import open_shown_source, protect
from eventsim.errors import ConfigError

if TYPE_CHECKING:
    from eventsim.frames import FrameSource
    from eventsim.store.planes_reader import PlanesDataset
    from eventsim.store.reader import Dataset, Recording
    from eventsim.view.windows import Viewable, ViewOptions

FPS = {".mp4": 30.0, ".gif": 20.0}
"""Pictures per second of a film by default; GIF cannot time 30."""

PICTURES = (".png", ".pdf", ".svg")

PLANE_ROWS = 5
"""Samples of a dataset of planes that are drawn; chosen by eye."""

SMALLEST, LARGEST = 1e-3, 1e9
"""Of the numbers that say how to look; beyond, there is nothing to see. Chosen by eye."""


@Parameter(name="*")
@dataclass(frozen=True)
class Look:
    """What one picture shows.

    Parameters
    ----------
    window_ms
        Time window of the events in one picture, in ms. Default: 33.3, or the time between two
        pictures of the film if that is longer.
    count
        Number of events in one picture, instead of a time window.
    decay_ms
        Let events fade with this time constant, in ms, instead of vanishing.
    start
        Start time, in seconds on the time line of the source.
    stop
        End time, in seconds.
    scatter
        Draw a picture of the events as points in space and time.
    panel
        Draw one panel of the picture alone, without title, on white, for a paper.
    color
        Color events by polarity, or by kind (signal or type of noise).
    background
        Background of the event picture.
    transform
        Show the transformed events beside the original ones: Flip, "Rotate((-10, 10))" or any
        other transform, as `eventsim augment` would write them.
    """

    window_ms: float | None = None
    count: int | None = None
    decay_ms: float | None = None
    start: float | None = None
    stop: float | None = None
    scatter: Annotated[bool, Parameter(negative="")] = False
    panel: Literal["events", "frame", "scatter", "rate"] | None = None
    color: Literal["polarity", "kind"] = "polarity"
    background: Literal["white", "black"] = "white"
    transform: Annotated[list[str] | None, Parameter(negative="")] = None


@Parameter(name="*")
@dataclass(frozen=True)
class Speed:
    """How a film plays.

    Parameters
    ----------
    slow
        Play this many times slower than real time. Default: 1, or for recordings shorter than 3 s
        enough to make the film 3 s long.
    fps
        Frame rate of the film. Default: 30, and 20 for a GIF.
    """

    slow: float | None = None
    fps: float | None = None


def view(
    path: Path,
    output: Path | None = None,
    *,
    recording: int = 0,
    source: Path | None = None,
    look: Look | None = None,
    speed: Speed | None = None,
) -> None:
    """Show a recording: a film (.mp4, .gif) or a picture (.png, .pdf, .svg), ON orange, OFF blue.

    Parameters
    ----------
    path
        Dataset, or an event file of another program. A dataset of planes gives a picture of five
        samples.
    output
        File to write, .mp4, .gif, .png, .pdf or .svg; an existing one is overwritten. Default: a
        film beside the dataset, or a .png for a picture.
    recording
        Number of the recording, from 0; -1 is the last one.
    source
        Video to show beside the events. Default: the source of the recording, if it is still there.
    """
    look, speed = look or Look(), speed or Speed()
    console = make_console()
    if output is not None:
        _check(output, look, speed)
    kind = "scatter" if look.scatter else look.panel or "events"
    if is_event_file(path):
        output = output or _default_output(path, 0, kind, film=_is_film(look))
        _check(output, look, speed)
        _draw_file(path, output, (look, speed), console)
        console.print(f"wrote {printable(output)}")
        return
    from eventsim.store.reader import Dataset, open_dataset

    dataset = open_dataset(path)
    if not isinstance(dataset, Dataset):
        output = output or _default_output(path, recording, "planes")
        _draw_planes(dataset, output, recording, look)
    else:
        output = output or _default_output(path, recording, kind, film=_is_film(look))
        _check(output, look, speed)
        _draw(dataset, output, recording, source, (look, speed), console)
    console.print(f"wrote {printable(output)}")


def _is_film(look: Look) -> bool:
    return not look.scatter and look.panel is None


def _draw_planes(dataset: "PlanesDataset", output: Path, first: int, look: Look) -> None:
    """Draw some samples from one on."""
    from eventsim.view.sample_planes import write_planes

    if output.suffix.lower() in FPS:
        raise ConfigError(
            f"{dataset.path} holds planes, which have no time to play, found the output "
            f"'{output}'. Name a .png, .pdf or .svg."
        )
    protect(output, dataset)
    try:
        first = dataset[first].index
    except IndexError as error:
        raise ConfigError(f"--recording: {error}") from error
    samples = dataset[first : first + PLANE_ROWS]
    rows = [
        (f"{one.index}  {printable(one.label)}  {one.planes.mean():.1%} ones", one.planes)
        for one in samples
    ]
    write_planes(output, rows, title=printable(dataset.path.name), background=look.background)


def _draw(
    dataset: "Dataset",
    output: Path,
    recording: int,
    source: Path | None,
    flags: tuple[Look, Speed],
    console: Console,
) -> None:
    look, speed = flags
    transforms = look.transform or []
    chosen = _choose(dataset, recording)
    title = _title(dataset, chosen)
    protect(output, dataset, source)
    notes: list[str] = []
    shown: Viewable = chosen
    frames = None
    if transforms:
        shown = _transformed(chosen, transforms)
        title = printable(f"{title}; right: {', then '.join(transforms)}")
    elif not (look.scatter or look.panel in ("events", "scatter", "rate")):
        frames = open_shown_source(dataset, chosen, source, notes)
    options = _options(look, speed, output, title)
    notes += _write(output, shown, options, frames, (look, speed), console)
    for note in notes:
        console.print(f"note: {printable(note)}")


def _draw_file(path: Path, output: Path, flags: tuple[Look, Speed], console: Console) -> None:
    """Draw the events of a file of another program."""
    look, speed = flags
    notes: list[str] = []
    if output.absolute() == path.absolute():
        raise ConfigError(f"the output would overwrite {path}. Choose another.")
    shown: Viewable = load_events(path, notes)
    title = printable(path.name)
    if look.transform:
        shown = _beside(shown, 0, look.transform)
        title = printable(f"{title}; right: {', then '.join(look.transform)}")
    notes += _write(output, shown, _options(look, speed, output, title), None, flags, console)
    for note in notes:
        console.print(f"note: {printable(note)}")


def _transformed(recording: "Recording", transforms: list[str]) -> "Viewable":
    """The recording, and beside it what `eventsim augment` makes of it."""
    from eventsim.pipeline.augment_task import MOST_EVENTS

    if len(recording) > MOST_EVENTS:
        raise ConfigError(
            f"a transform sees a whole recording, of {MOST_EVENTS:,} events at most, and this one "
            f"has {len(recording):,}. Choose another with --recording."
        )
    return _beside(recording, recording.index, transforms)


def _beside(recording: "Viewable", index: int, transforms: list[str]) -> "Viewable":
    from eventsim.events import Events
    from eventsim.random import Draws
    from eventsim.transforms.parsing import parse_transforms
    from eventsim.view.beside import Beside

    whole = parse_transforms(transforms)
    events = recording if isinstance(recording, Events) else recording.events  # type: ignore[attr-defined]
    return Beside(recording, whole(events, Draws.of(1, 0, index).child(0)))


def _default_output(path: Path, recording: int, what: str, *, film: bool = False) -> Path:
    """Name an output so that it is never that of a source beside the dataset."""
    name = f"{path.name.removesuffix('.zarr')}_{what}"
    if recording:
        name += f"_{recording}"
    home = path.parent if path.exists() else Path()  # of an object store there is no folder here
    return home / (name + (".mp4" if film else ".png"))


def _check(output: Path, look: Look, speed: Speed) -> None:
    suffix = output.suffix.lower()
    if suffix not in (*FPS, *PICTURES):
        raise ConfigError(
            f"the output must end in {', '.join([*FPS, *PICTURES])}, found '{output}'. Rename it."
        )
    if look.scatter and look.panel:
        raise ConfigError("--scatter and --panel exclude each other, found both. Drop one.")
    if not _is_film(look) and suffix in FPS:
        flag = "--scatter" if look.scatter else "--panel"
        raise ConfigError(f"{flag} draws a picture, found the output '{output}'. Name a .png.")
    if suffix in PICTURES and (speed.slow is not None or speed.fps is not None):
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
    words = [word for word in words if word not in ("", "unknown")]
    return printable(", ".join(words) or f"recording {recording.index}")


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
        color=look.color,
        saturation=1.0 if look.color == "kind" else ViewOptions.saturation,  # noise comes alone
        title=title,
    )


def _write(
    output: Path,
    recording: "Viewable",
    options: "ViewOptions",
    frames: "FrameSource | None",
    flags: tuple[Look, Speed],
    console: Console,
) -> list[str]:
    look, speed = flags
    if output.suffix.lower() in PICTURES:
        from eventsim.view.picture import write_panel, write_picture, write_scatter

        if look.scatter:
            return write_scatter(output, recording, options=options)
        if look.panel:
            return write_panel(output, recording, look.panel, options=options, source=frames)
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
            slow=speed.slow,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
