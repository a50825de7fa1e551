"""What `convert` tells: the plan, how far it is, and what came out."""

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from eventsim.cli.printing import printable

if TYPE_CHECKING:
    from eventsim.events import SensorSize
    from eventsim.pipeline.estimate import Estimate
    from eventsim.pipeline.meter import HowFar
    from eventsim.pipeline.video_plan import VideoPlan
    from eventsim.store.summary import EventsSummary, Summary

BYTES_PER_EVENT = 3
"""On disk, for the estimate: 2.9 were measured on a 640x480 recording."""

WORKER_MB, WORKER_BYTES_A_PIXEL = 250, 300
"""Memory of a worker, for the estimate: 255 MB were measured at 64x48, and 525 at 1280x720."""

LINE_EVERY_S = 5.0
"""Between lines where no bar can be drawn; chosen by eye."""

NOTES_SHOWN = 20

MUCH_NOISE = 0.5
"""Share of events that no light caused from which a reader is warned; chosen by eye."""
NOISE_SETTINGS = {
    "shot": "shot_noise_rate_hz",
    "leak": "leak_rate_hz",
    "hot": "hot_pixel_fraction",
}
"""For each kind of noise the setting that makes it."""


def show_plan(
    console: Console, plan: "VideoPlan", workers: int, estimate: "Estimate | None" = None
) -> None:
    """Say what will be done, in four lines."""
    recordings = plan.recordings
    known = [r for r in recordings if r.size is not None]
    sizes = sorted({r.size for r in known if r.size is not None})
    frames = "an unknown number of" if plan.frames is None else f"{plan.frames:,}"
    size = ", ".join(map(str, sizes[:4])) + (" ..." if len(sizes) > 4 else "")
    reading, camera = plan.reading, plan.camera
    encoding = reading.encoding or camera.transfer
    inputs = counted(len(recordings), "input")
    line(console, "reads", f"{inputs}, {frames} frames, encoding {encoding}")
    line(console, "camera", f"{camera.name}, noise {camera.noise}, {size} (fit: {reading.fit})")
    line(console, "seed", f"{plan.seed}")
    memory = f"{workers * worker_mb(sizes):,.0f} MB of memory"
    expected = "" if estimate is None else f"{expected_events(estimate)}; "
    line(console, "expect", f"{expected}{memory}")
    for warning in estimate.warnings if estimate else ():
        line(console, "warning", warning)
    for recording in recordings:
        if recording.is_unreadable:
            line(console, "warning", f"left out, cannot be read: {recording.input.path}")


def expected_events(estimate: "Estimate") -> str:
    """Say what a plan will make, as far as that can be known."""
    parts = []
    if estimate.events or not estimate.unknown:
        megabytes = estimate.events * BYTES_PER_EVENT / 1e6
        size = f"{megabytes:,.0f}" if megabytes >= 10 else f"{megabytes:.1f}"
        parts.append(f"{short_count(estimate.events)} events ({size} MB on disk)")
    if estimate.unknown:
        one = estimate.unknown == 1
        say = "does not say how long it is" if one else "do not say how long they are"
        per_s = f"{short_count(round(estimate.events_per_s))} events"
        parts.append(f"{per_s} per second of {counted(estimate.unknown, 'input')} that {say}")
    return f"about {' and '.join(parts)}, within a factor of three"


def worker_mb(sizes: "Sequence[SensorSize]") -> float:
    """Memory that a worker may take, MB: what it always takes, and the largest sensor."""
    pixels = max((size.width * size.height for size in sizes), default=0)
    return WORKER_MB + WORKER_BYTES_A_PIXEL * pixels * 1e-6


class Meter:
    """A progress bar with rates on a terminal, a line every few seconds elsewhere."""

    def __init__(self, console: Console, unit: str = "frame") -> None:
        self.frames = self.events = 0
        self._unit = unit
        self._console = console
        self._started = self._spoken = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        if console.is_terminal and not console.quiet:
            self._bar = Progress(
                TextColumn("{task.fields[name]}", markup=False),
                BarColumn(),
                TextColumn("{task.fields[rate]}", markup=False),
                TimeRemainingColumn(),
                console=console,
            )

    def __enter__(self) -> "Meter":
        if self._bar:
            self._bar.start()
            self._task = self._bar.add_task("", total=None, name="", rate="")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.stop()

    def update(self, far: "HowFar") -> None:
        """Show how far it is; the pipeline calls this after each packet."""
        self.frames, self.events = far.done, far.events
        now = time.monotonic()
        seconds = max(1e-6, now - self._started)
        made = short_count(int(far.events / seconds))
        rate = f"{far.done / seconds:,.0f} {self._unit}s/s, {made} events/s"
        which = f"input {far.begun:,}/{far.inputs:,}, " if far.inputs > 1 else ""
        if self._bar and self._task is not None:
            # Where an input does not say how long it is, inputs are all that can be counted.
            whole = far.total is not None or far.inputs < 2
            done, total = (far.done, far.total) if whole else (max(0, far.begun - 1), far.inputs)
            name = which + printable(Path(far.name).name)[-30:]
            self._bar.update(self._task, completed=done, total=total, name=name, rate=rate)
        elif now - self._spoken >= LINE_EVERY_S:
            self._spoken = now
            of = "" if far.total is None else f" of {far.total:,}"
            said = f"{which}{self._unit} {far.done:,}{of}, {rate}, {far.name}"
            line(self._console, "at", said)


def show_summary(
    console: Console,
    errors: Console,
    summary: "EventsSummary",
    out: Path,
    frames: int,
    seconds: float,
    made: int | None = None,
) -> None:
    """Say what came out, and everything that was skipped, cut or failed.

    `frames` of the inputs and `made` events are those of this run; others may be older.
    """
    events = summary.events
    share = f", {summary.on / events:.0%} ON" if events else ""
    rate = events / summary.pixel_seconds if summary.pixel_seconds else 0.0
    line(
        console,
        "wrote",
        f"{out}: {counted(summary.recordings, 'recording')}, {summary.frames:,} frames",
    )
    line(console, "events", f"{events:,}{share}, {rate:.2f} per pixel per second")
    if events:
        kinds = ", ".join(f"{k} {n / events:.1%}" for k, n in summary.kinds.items() if n)
        line(console, "kinds", kinds)
        warn_of_noise(console, summary.kinds)
        line(
            console,
            "disk",
            f"{summary.bytes / 1e6:,.1f} MB, {summary.bytes / events:.2f} bytes per event",
        )
    if seconds > 0 and frames and summary.frames:  # what was begun may have failed
        done = made / events if made is not None and events else frames / summary.frames
        speed = summary.duration_us * 1e-6 / seconds * done
        line(
            console,
            "speed",
            f"{frames / seconds:,.0f} frames/s in {seconds:,.1f} s, {speed:.2f} times real time",
        )
    show_notes(console, summary, out)
    for source, reason in summary.failures:
        source = from_here(source, out)
        words = f"eventsim: failed: {printable(source)}: {printable(reason)}"
        errors.print(words, markup=False, emoji=False)


def warn_of_noise(console: Console, kinds: Mapping[str, int]) -> None:
    """Warn where most events are noise, and name the setting that makes most of it.

    Parameters
    ----------
    console : Console
    kinds : mapping of str to int
        Events of each kind, by its name.
    """
    noise = {name: kinds.get(name, 0) for name in NOISE_SETTINGS}
    events = sum(kinds.values())
    if not events or sum(noise.values()) <= MUCH_NOISE * events:
        return
    most = max(noise, key=lambda name: noise[name])
    share = sum(noise.values()) / events
    line(
        console,
        "warning",
        f"{share:.0%} of the events are noise, most of it {most}. If that is not wanted: "
        f"--set {NOISE_SETTINGS[most]}=0 or --noise v2e-clean",
    )


def from_here(source: str, out: Path) -> str:
    """Name a source, which a dataset names from its own folder, as it is found from here."""
    place = os.path.normpath(out.parent / source)
    try:
        near = os.path.relpath(place)
    except ValueError:  # another drive of Windows
        return place
    return place if near.startswith("..") else near


def show_notes(console: Console, summary: "Summary", out: Path) -> None:
    """Say what was skipped, cut or converted, once for all inputs to which the same happened."""
    from eventsim.store.layout import DRAWN
    from eventsim.store.summary import EventsSummary

    by_note: dict[str, list[str]] = {}
    for source, note in summary.notes:
        if note.startswith(DRAWN):  # of each recording another one
            continue
        by_note.setdefault(note, []).append(source)
    for note, sources in list(by_note.items())[:NOTES_SHOWN]:
        more = "" if len(sources) == 1 else f" and {len(sources) - 1:,} more"
        line(console, "note", f"{from_here(sources[0], out)}{more}: {note}")
    if len(by_note) > NOTES_SHOWN:
        left = f"... and {len(by_note) - NOTES_SHOWN:,} more; the dataset holds all of them"
        line(console, "note", left)
    if isinstance(summary, EventsSummary) and summary.partial:
        line(console, "warning", f"{counted(summary.partial, 'recording')} lost frames")


def counted(number: int, word: str) -> str:
    """Write a number and what it counts: 1 input, 2,000 inputs."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def line(console: Console, word: str, text: str) -> None:
    """Print a word and what it is about, in columns."""
    console.print(f"{word:<8}{printable(text)}", markup=False, emoji=False)


def short_count(number: int) -> str:
    """Write a large number short: 12.3 M."""
    for limit, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if number >= limit:
            return f"{number / limit:.1f} {unit}"
    return str(number)
