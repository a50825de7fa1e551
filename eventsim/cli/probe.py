"""`eventsim probe CLIP --pixel X,Y`: what single pixels have inside."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from cyclopts import Parameter
from rich.table import Table

from eventsim.cli.options import CameraFlags, FrameFlags, parse_numbers
from eventsim.cli.printing import make_console
from eventsim.cli.report import line
from eventsim.errors import ConfigError

if TYPE_CHECKING:
    from eventsim.probing import Probe

PICTURES = (".png", ".pdf", ".svg")
SHOWN = 12
"""Events of a pixel that are printed; chosen by eye."""


def probe(
    path: Path,
    output: Path | None = None,
    *,
    pixel: Annotated[tuple[str, ...], Parameter(negative="")],
    camera: CameraFlags | None = None,
    frames: FrameFlags | None = None,
) -> int:
    """Look into single pixels: light, photoreceptor, reference, thresholds, noise and events.

    The events are those that `convert` makes of the clip alone.

    Parameters
    ----------
    path
        Video, folder of images or multi-page image.
    output
        A picture (.png, .pdf or .svg), or a table (.csv) with a line for each frame and pixel and
        for each event.
    pixel
        Column and row of a pixel, such as 120,80; can be repeated.

    Returns
    -------
    int
        0
    """
    if output is not None and output.suffix.lower() not in (*PICTURES, ".csv"):
        raise ConfigError(
            f"the output must be a picture ({', '.join(PICTURES)}) or a .csv, found {output}."
        )
    if output is not None and output.exists() and path.exists():
        inside = path.is_dir() and output.parent.samefile(path)
        if inside or output.samefile(path):
            raise ConfigError(
                f"the output would overwrite the source {output}. Choose another one."
            )
    pixels = [(x, y) for x, y in (parse_numbers(text, 2, "--pixel", "X,Y") for text in pixel)]
    from eventsim.probing import look_into
    from eventsim.random import recording_seed
    from eventsim.sources.opening import open_source

    flags, frames = camera or CameraFlags(), frames or FrameFlags()
    chosen, seed = flags.camera(), recording_seed(flags.seed, 0)
    reading = frames.reading().seen_by(chosen.size, chosen.transfer)
    seen = look_into(open_source(path, reading, seed=seed), pixels, chosen, seed=seed)
    console = make_console()
    for note in seen.notes:
        line(console, "note", note)
    for k in range(len(seen.pixels)):
        _show(console, seen, k)
    if output is None:
        return 0
    if output.suffix.lower() == ".csv":
        _write_table(output, seen)
    else:
        seen.plot().savefig(output)
    line(console, "wrote", str(output))
    return 0


def _show(console: Any, seen: "Probe", k: int) -> None:
    """Print what is to be known of a pixel, and its first events."""
    x, y = seen.pixels[k].tolist()
    events = seen.events[k]
    line(
        console, "pixel", f"({x}, {y}): ON at {seen.on_log[k]:.3f}, OFF at {seen.off_log[k]:.3f} ln"
    )
    light = np.exp(seen.log[:, k])
    line(console, "light", f"{light.min():.3g} to {light.max():.3g} DN")
    shot, leak = seen.shot_hz[:, k], seen.leak_hz[:, k]
    line(
        console, "noise", f"shot {shot.min():.3g} to {shot.max():.3g} Hz, leak {leak.mean():.3g} Hz"
    )
    line(console, "events", f"{int(events.p.sum())} ON, {int((~events.p).sum())} OFF")
    if not len(events):
        return
    table = Table(box=None, pad_edge=False)
    for name in ("time, us", "", "kind", "log luminance", "photoreceptor", "since the last, us"):
        table.add_column(name, justify="right")
    since = np.diff(events.t, prepend=events.t[0])
    for i in range(min(SHOWN, len(events))):
        event = events[i]
        inside = (np.interp(event.t, seen.t_us, c[:, k]) for c in (seen.log, seen.photoreceptor))
        table.add_row(
            f"{event.t:,}", "ON" if event.p else "OFF", event.kind.name.lower(),
            *(f"{value:.3f}" for value in inside), f"{since[i]:,}" if i else "",
        )  # fmt: skip
    console.print(table)
    if len(events) > SHOWN:
        console.print(f"... and {len(events) - SHOWN:,} more; a .csv has them all")


def _write_table(output: Path, seen: "Probe") -> None:
    """A line for each frame and pixel, and for each event, in order of time."""
    names = ("log", "photoreceptor", "reference", "shot_hz", "leak_hz")
    rows: list[list[Any]] = []
    for k, (x, y) in enumerate(seen.pixels.tolist()):
        rows += [
            [t, x, y, "frame", "", *(f"{getattr(seen, name)[f, k]:.7g}" for name in names)]
            for f, t in enumerate(seen.t_us.tolist())
        ]
        rows += [
            [e.t, x, y, e.kind.name.lower(), "ON" if e.p else "OFF", *([""] * len(names))]
            for e in (seen.events[k][i] for i in range(len(seen.events[k])))
        ]
    rows.sort(key=lambda row: (row[0], row[2], row[1]))
    with output.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["t_us", "x", "y", "what", "polarity", *names])
        writer.writerows(rows)
