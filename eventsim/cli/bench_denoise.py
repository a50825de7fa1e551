"""`eventsim bench-denoise`: what denoisers do on streams whose noise is known, as a page."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

import eventsim
from eventsim.cli.event_file import load_events
from eventsim.cli.options import parse_size
from eventsim.cli.printing import make_console
from eventsim.cli.report import counted, line
from eventsim.errors import ConfigError

if TYPE_CHECKING:
    from eventsim.denoise.filter import Filter
    from eventsim.denoise_bench.bench import Findings, LabeledStream
    from eventsim.denoise_bench.page import Pictures
    from eventsim.events import Events

SCENES, SENSORS, LUXES = (
    ("pan", "traffic", "film"),
    ("davis346", "imx636"),
    (0.3, 3.0, 30.0, 1000.0),
)
"""What is simulated if nothing is asked for: no training of a shipped filter saw these sensors or
this film. Chosen by eye."""
_PICTURES = 4
_IN_PICTURES = ("STCF", "EBF", "MLPF", "GraphFilter")


@Parameter(name="*")
@dataclass(frozen=True)
class Simulated:
    """What is simulated, if there are no recordings.

    Attributes
    ----------
    scene
        pan, traffic, lone or film; may be given several times.
    sensor
        Sensor card; may be given several times.
    lux
        Illuminance of the scene; may be given several times.
    seconds
        Of each stream.
    size
        Of each stream, such as 160x120.
    """

    scene: Annotated[tuple[str, ...], Parameter(negative="")] = SCENES
    sensor: Annotated[tuple[str, ...], Parameter(negative="")] = SENSORS
    lux: Annotated[tuple[float, ...], Parameter(negative="")] = LUXES
    seconds: float = 1.0
    size: str = "160x120"


@Parameter(name="*")
@dataclass(frozen=True)
class Labels:
    """How it is known what is noise in recordings; by default by the kinds of their events.

    Attributes
    ----------
    noise_sensor
        Add the noise of this sensor card; what was there before counts as signal.
    noise_lux
        Illuminance in which that sensor is.
    noise_recording
        Add the noise of this event file: a covered lens, or a still scene.
    by_frames
        Events near an edge of the file's frames (.aedat4) that moves are signal.
    """

    noise_sensor: str | None = None
    noise_lux: float = 1.0
    noise_recording: Path | None = None
    by_frames: Annotated[bool, Parameter(negative="")] = False


def bench_denoise(
    out: Path,
    recordings: tuple[Path, ...] = (),
    *,
    method: Annotated[list[str] | None, Parameter(negative="")] = None,
    seed: int = 1,
    simulated: Simulated | None = None,
    labels: Labels | None = None,
    quiet: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Compare denoisers on streams whose noise is known; needs the extra realism.

    Parameters
    ----------
    out
        Folder for bench.html, which needs no network, and bench.json.
    recordings
        Event files or datasets to test on, in place of simulated streams.
    method
        Filter in Python syntax, such as "STCF(neighbors=3)"; several are compared. Default: all.
    seed
        Seed of scenes and noise; the same seed gives the same numbers, but for the speed.
    quiet
        Print nothing.

    Returns
    -------
    int
        0
    """
    try:
        from eventsim.denoise_bench.bench import measure
        from eventsim.denoise_bench.page import picture_of, write_page
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"bench-denoise needs {error.name}: pip install 'eventsim-dvs[realism]'."
        ) from None
    filters = _filters(method)
    asked, known = simulated or Simulated(), labels or Labels()
    streams, count, about = _streams(recordings, asked, known, seed)
    if not out.absolute().parent.is_dir():
        raise ConfigError(f"there is no folder {out.parent} for {out.name}. Make it.")
    if out.exists() and not out.is_dir():
        raise ConfigError(f"{out} is a file. Choose another name for the folder.")
    out.mkdir(exist_ok=True)
    console = make_console(quiet=quiet)
    line(console, "tests", f"{counted(len(filters), 'filter')} on {counted(count, 'stream')}")
    started, done = time.monotonic(), 0
    pictures: list[Pictures] = []
    by_name = {type(how).__name__: how for how in filters}
    shown = [by_name[name] for name in _IN_PICTURES if name in by_name] or filters[:4]

    def tell(stream: "LabeledStream") -> None:
        nonlocal done
        done += 1
        every = max(1, count // _PICTURES)
        if done % every == 0 and len(pictures) < _PICTURES and len(stream.events):
            pictures.append(picture_of(stream, shown))
        left = (time.monotonic() - started) / done * (count - done)
        line(console, "at", f"{done} of {count}, {left:.0f} s left, {stream.name}")

    findings = measure(streams, filters, tell=tell)
    if not findings.rows:
        raise ConfigError("no stream has both signal and noise, so there is nothing to compare.")
    (out / "bench.html").write_text(write_page(findings, pictures, about), encoding="utf-8")
    (out / "bench.json").write_text(_as_text(findings, about, seed), encoding="utf-8")
    for name, auc in _means(findings):
        line(console, f"{auc:.4f}", name)
    line(console, "wrote", f"{out / 'bench.html'} and bench.json")
    return 0


def _filters(texts: list[str] | None) -> "Sequence[Filter]":
    from eventsim.transforms.parsing import filter_names, parse_filter

    # Two or three neighbors are both usual.
    chosen = texts or [*filter_names(), "STCF(neighbors=3)"]
    return list(dict.fromkeys(parse_filter(text) for text in chosen))


def _streams(
    recordings: tuple[Path, ...], asked: Simulated, known: Labels, seed: int
) -> "tuple[Iterator[LabeledStream], int, str]":
    """Streams, how many there are, and what they are in words."""
    from eventsim.camera import choose_camera
    from eventsim.denoise_bench import streams
    from eventsim.denoise_bench.scenes import SCENES as KNOWN
    from eventsim.errors import nearest

    if recordings:
        if asked != Simulated():
            raise ConfigError("scenes, sensors, lux, seconds and size are of simulated streams.")
        files = [(path, index) for path in recordings for index in _indices(path)]
        given = (_labeled(path, index, known, seed) for path, index in files)
        return given, len(files), f"Recordings: {', '.join(path.name for path in recordings)}."
    if known != Labels():
        raise ConfigError("labels are for recordings; simulated streams have the simulator's.")
    for scene in asked.scene:
        if scene not in KNOWN:
            raise ConfigError(f"there is no scene {scene!r}. {nearest(scene, KNOWN)}")
    for sensor in asked.sensor:
        choose_camera(sensor)  # now, and not after minutes
    for name, value, most in (("seconds", asked.seconds, 60.0), *(
        ("lux", lux, 1e6) for lux in asked.lux
    )):  # fmt: skip
        if not 0 < value <= most:
            raise ConfigError(f"{name} must be above 0 and at most {most:g}, found {value:g}.")
    size = parse_size(asked.size)
    if isinstance(size, str):
        raise ConfigError(f"--size must be WIDTHxHEIGHT, such as 160x120, found {size}.")
    made = streams.simulated(
        asked.scene, asked.sensor, asked.lux, size=size, seconds=asked.seconds, seed=seed
    )
    about = (
        f"Simulated streams of {size} pixels and {asked.seconds:g} s, seed {seed}: "
        + "; ".join(f"{scene}: {KNOWN[scene]}" for scene in asked.scene)
        + f". Sensors: {', '.join(asked.sensor)}."
    )
    return made, len(asked.scene) * len(asked.sensor) * len(asked.lux), about


def _indices(path: Path) -> list[int]:
    """Those of the recordings of a dataset; one for a file."""
    from eventsim.store.reader import Dataset

    return list(range(len(Dataset(path)))) if path.suffix == ".zarr" else [0]


def _labeled(path: Path, index: int, known: Labels, seed: int) -> "LabeledStream":
    from eventsim.denoise_bench import streams
    from eventsim.events import Kind
    from eventsim.realism.noise import card_noise, recorded_noise

    if known.by_frames:
        return streams.by_frames(str(path))
    events, name = _events(path, index)
    if not len(events):
        return streams.of_kinds(name, events)  # which says nothing, and is left out
    span = int(events.t[0]), int(events.t[-1]) + 2
    if known.noise_recording is not None:
        recording = load_events(known.noise_recording, [])
        noise = recorded_noise(recording, events.size, *span, seed=seed)
        return streams.with_noise(name, events, noise)
    if known.noise_sensor is not None:
        noise = card_noise(events.size, *span, sensor=known.noise_sensor,
                           illuminance_lux=known.noise_lux, seed=seed)  # fmt: skip
        return streams.with_noise(name, events, noise)
    if (events.kind == Kind.UNKNOWN).all():
        raise ConfigError(
            f"{name} does not say what is noise. Add some with --noise-sensor or "
            "--noise-recording, or use its frames with --by-frames."
        )
    return streams.of_kinds(name, events)


def _events(path: Path, index: int) -> "tuple[Events, str]":
    if path.suffix != ".zarr":
        return load_events(path, []), path.name
    from eventsim.store.reader import Dataset

    recording = Dataset(path)[index]
    return recording.events, f"{path.name}#{recording.id or index}"


def _means(findings: "Findings") -> list[tuple[str, float]]:
    methods = dict.fromkeys(row.method for row in findings.rows)
    found = {m: [row.auc for row in findings.rows if row.method == m] for m in methods}
    return sorted(((m, sum(a) / len(a)) for m, a in found.items()), key=lambda pair: -pair[1])


def _as_text(findings: "Findings", about: str, seed: int) -> str:
    from eventsim.denoise_bench.bench import GRID

    whole: dict[str, Any] = {
        "eventsim": eventsim.__version__,
        "about": about,
        "seed": seed,
        "positive_class": "signal",
        "curve_fpr": GRID,
        "mean_auc": dict(_means(findings)),
        "streams": [asdict(stream) for stream in findings.streams],
        "rows": [asdict(row) for row in findings.rows],
        "seconds_per_mev": findings.seconds_per_mev,
    }
    return json.dumps(whole, indent=1) + "\n"
