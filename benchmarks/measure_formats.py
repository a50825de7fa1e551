"""Reading and writing event files, beside libraries that read them, where they are installed."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median

import numpy as np
from tables import Table, number
from timing import interleave, ratio, seconds

from eventsim.events import Events
from eventsim.formats.names import FORMATS
from eventsim.formats.reading import read, write
from eventsim.pipeline.import_plan import plan_import
from eventsim.pipeline.run import run

EVENTS = 3_000_000
RATE_HZ = 3e6
"""Of the events, which move in edges over a sensor of 640x480."""
IMPORTED = 1_200_000
OURS = ("write", "read")


def measure_formats(repeats: int) -> list[Table]:
    """Time all formats in turn."""
    events = some_events(EVENTS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [_formats(events, folder, repeats), _import(events, folder, repeats)]


def some_events(count: int) -> Events:
    """Events of edges that move, and some noise; ties as a camera has them."""
    rng = np.random.default_rng(1)
    t = np.sort(rng.integers(0, int(count / RATE_HZ * 1e6), count))
    edge = rng.integers(0, 12, count)
    x = ((t / 900 + edge * 57 + rng.normal(0, 2, count)) % 640).astype(np.int64)
    y = rng.integers(0, 480, count)
    noise = rng.random(count) < 0.2
    x[noise] = rng.integers(0, 640, int(noise.sum()))
    return Events.of(t, x, y, edge % 2, size=(640, 480))


def _formats(events: Events, folder: Path, repeats: int) -> Table:
    rows = []
    n = len(events)
    for form in FORMATS:
        if form.write is None or form.name == "ndataset":
            continue
        path = folder / f"{form.name}{form.endings[0]}"
        write(events, path, format=form.name)
        jobs: dict[str, Callable[[], float]] = {
            "write": seconds(lambda path=path, form=form: write(events, path, format=form.name)),
            "read": seconds(lambda path=path, form=form: _read(path, form.name)),
        }
        jobs |= {k: seconds(job) for k, job in _peers(form.name, path).items()}
        times = interleave(jobs, repeats)
        others = [name for name in times if name not in OURS]
        peers = ", ".join(f"{name} {ratio(times[name], times['read']):.1f}" for name in others)
        rows.append(
            [
                form.name,
                number(n / median(times["write"]) / 1e6),
                number(n / median(times["read"]) / 1e6),
                f"{path.stat().st_size / n:.2f}",
                peers or "-",
            ]
        )
        path.unlink()
    return Table(
        f"Event files: {n / 1e6:.0f} M events, 640x480, {RATE_HZ / 1e6:.0f} M a second",
        ["format", "write, M events/s", "read, M events/s", "bytes/event", "time of others / ours"],
        rows,
    )


def _read(path: Path, name: str) -> Events:
    return read(path, size=(640, 480), format=name)


def _peers(name: str, path: Path) -> dict[str, Callable[[], object]]:
    """Readers of others for a format, that are installed."""
    found: dict[str, Callable[[], object]] = {}
    if name in ("evt3", "evt2", "aedat4", "dat", "es"):
        with suppress(ImportError):
            import faery

            found["faery"] = lambda: sum(
                len(p) for p in faery.events_stream_from_file(path, dimensions_fallback=(640, 480))
            )
    if name in ("evt2", "dat"):
        with suppress(ImportError):
            from expelliarmus import Wizard

            found["expelliarmus"] = lambda: Wizard(encoding=name).read(str(path))
    if name == "evt3":
        with suppress(ImportError):
            import evt3

            found["evt3"] = lambda: evt3.decode_file(str(path))
    if name == "aedat4":
        with suppress(ImportError):
            import aedat

            found["aedat"] = lambda: sum(len(p["events"]) for p in aedat.Decoder(str(path)))
    if name == "es":
        with suppress(ImportError):
            import event_stream

            found["event_stream"] = lambda: sum(len(p) for p in event_stream.Decoder(str(path)))
    return found


def _import(events: Events, folder: Path, repeats: int) -> Table:
    part = events[:IMPORTED]
    path = folder / "part.raw"
    write(part, path)

    def bring() -> None:
        with tempfile.TemporaryDirectory(dir=folder) as name:
            run(plan_import([path]), Path(name) / "out.zarr")

    bring()
    times = interleave({"import": seconds(bring), "read": seconds(lambda: read(path))}, repeats)
    rows = [
        [
            f"{len(part) / 1e6:.1f} M events, EVT3 RAW",
            f"{median(times['import']):.2f}",
            number(len(part) / median(times["import"]) / 1e6),
            f"{ratio(times['import'], times['read']):.1f}",
        ]
    ]
    head = ["import", "s", "M events/s", "time / reading alone"]
    return Table("From an event file to a finished dataset", head, rows)
