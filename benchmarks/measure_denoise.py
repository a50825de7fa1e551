"""Denoising: speed of each filter, beside other libraries; labels by frames; real recordings."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from tables import Table, number
from timing import interleave, ratio, seconds

from eventsim.denoise import (
    BAF,
    EBF,
    MLPF,
    STCF,
    AgePolarity,
    Denoiser,
    DoubleWindow,
    GraphFilter,
    HotPixelFilter,
    OrderN,
    RefractoryFilter,
    TimeSurfaceFilter,
    YNoise,
)
from eventsim.denoise.filter import Filter
from eventsim.denoise_bench.bench import Findings, measure
from eventsim.denoise_bench.curves import curve_of
from eventsim.denoise_bench.known_objects import label_by_frames
from eventsim.denoise_bench.scenes import SCENES, open_scene
from eventsim.denoise_bench.situations import Situation
from eventsim.denoise_bench.streams import by_frames, with_noise
from eventsim.denoise_bench.structure import mean_structural_ratio
from eventsim.events import Events, Kind, SensorSize
from eventsim.formats.reading import read
from eventsim.realism.noise import card_noise, recorded_noise
from eventsim.scenes.poisson import poisson_noise

SIZES = ((346, 260), (1280, 720))
COUNT = 1_000_000
RATE_HZ = 5.0
"""Of a pixel: shot noise of a dim room, the usual test (Guo and Delbruck 2023)."""
FILTERS: tuple[Filter, ...] = (
    BAF(), STCF(), STCF(3), DoubleWindow(), OrderN(), AgePolarity(), EBF(), TimeSurfaceFilter(),
    YNoise(), RefractoryFilter(), HotPixelFilter(), MLPF(), GraphFilter(),
)  # fmt: skip
TONIC, FEWER = "tonic Denoise", 50
NMNIST_PX = 34
NMNIST_TIMES = (1, 8)
CORNER_PX = 4
"""Corners of N-MNIST recordings that no digit reaches: its picture has a margin of 7 px there, and
a saccade moves it by 6.5 px."""


def measure_denoise(davis: Path | None, nmnist: Path | None, repeats: int) -> list[Table]:
    """Speed; and what filters do on real recordings, if there are some."""
    tables = [*(_speed(size, repeats) for size in SIZES), _by_frames()]
    if davis is not None:
        tables += _davis(davis)
    if nmnist is not None:
        tables.append(_nmnist(nmnist))
    return tables


def _speed(size: tuple[int, int], repeats: int) -> Table:
    """Of a million sorted events, one thread."""
    rate = COUNT / (size[0] * size[1] * RATE_HZ)
    events = poisson_noise(RATE_HZ, size=size, seconds=rate * 1.01, seed=1)[:COUNT]
    jobs: dict[str, Callable[[], object]] = {repr(how): _job(how, events) for how in FILTERS}
    jobs |= _others(events)
    for job in jobs.values():
        job()  # compiled
    taken = interleave({name: seconds(job) for name, job in jobs.items()}, repeats)
    if TONIC in taken:  # as if it had seen all
        taken[TONIC] = [FEWER * time for time in taken[TONIC]]
    base = taken[repr(BAF())]
    rows = [
        (name, number(len(events) / 1e6 / median(times)), number(ratio(times, base)))
        for name, times in taken.items()
    ]
    title = f"denoising, {len(events):,} events of {RATE_HZ:g} Hz noise on {size[0]}x{size[1]}"
    notes = [
        "dv-processing and tonic are measured where they are installed; tonic, a loop in Python, "
        f"on a {FEWER}th of the events."
    ]
    return Table(title, ("filter", "million events/s", "time / BAF"), rows, notes)


def _job(how: Filter, events: Events) -> Callable[[], object]:
    return lambda: Denoiser(how, events.size).keep(events)


def _others(events: Events) -> dict[str, Callable[[], object]]:
    jobs: dict[str, Callable[[], object]] = {}
    try:
        from tonic.transforms import Denoise
    except ImportError:
        pass
    else:
        few = events[: len(events) // FEWER].to_structured()
        jobs[TONIC] = lambda: Denoise(25_000)(few)
    try:
        import dv_processing as dv
    except ImportError:
        return jobs
    store = dv.EventStore()
    for t, x, y, p in zip(*(getattr(events, name).tolist() for name in "txyp"), strict=True):
        store.push_back(t, x, y, p)

    def filtered() -> Any:
        noise = dv.noise.BackgroundActivityNoiseFilter(
            (events.size.width, events.size.height),
            backgroundActivityDuration=timedelta(milliseconds=25),
        )
        noise.accept(store)
        return noise.generateEvents()

    jobs["dv-processing BackgroundActivityNoiseFilter"] = filtered
    return jobs


def _by_frames() -> Table:
    """Labels by frames against the simulator's, and the areas of a filter by both."""
    size, rows = SensorSize(160, 120), []
    for scene in SCENES:
        for lux in (0.3, 30.0):
            events = Situation(scene, "davis346", lux, 5).events(size, 1.0)
            known = label_by_frames(events, open_scene(scene, size, 1.0, 5))
            events, said = events[known.is_judged], known.is_signal[known.is_judged]
            truth = events.kind == Kind.SIGNAL
            scores = Denoiser(STCF(), size).scores(events)
            shares = (said[truth].mean(), said[~truth].mean())
            areas = (curve_of(scores, truth).area, curve_of(scores, said).area)
            cells = [f"{share:.0%}" for share in shares] + [f"{area:.3f}" for area in areas]
            rows.append((f"{scene}, {lux:g} lux", *cells))
    columns = ("stream", "signal called so", "noise called signal", "AUC of STCF by truth",
               "by frames")  # fmt: skip
    return Table("labels by frames, against the truth", columns, rows)


def _davis(path: Path) -> list[Table]:
    """A camera's own file: structure before and after; and its labels by frames, and by noise."""
    events = read(path)
    rows = [("all events", f"{len(events):,}", _ratio(events))]
    for how in FILTERS:
        kept = how(events)
        rows.append((repr(how), f"{len(kept):,}", _ratio(kept)))
    span = int(events.t[0]), int(events.t[-1]) + 2
    streams = []
    for lux in (1.0, 10.0):
        noise = card_noise(events.size, *span, illuminance_lux=lux, seed=1)
        streams.append(with_noise(f"noise of davis346 at {lux:g} lux added", events, noise))
    streams.append(by_frames(str(path)))
    note = ["MESR in packets of 10,000, without hot pixels; few events have few of these."]
    return [
        Table(f"{path.name}: structure", ("filter", "events kept", "MESR"), rows, note),
        _areas(f"{path.name}: area below the ROC curve", measure(streams, FILTERS)),
    ]


def _ratio(events: Events) -> str:
    found = mean_structural_ratio(events, packet_events=10_000)
    return "" if found is None else f"{found:.2f}"


def _nmnist(path: Path) -> Table:
    """Real digits with real noise: that of the corners of other recordings, which see no digit."""
    recordings = _recordings(path)
    noise = _corner_noise(recordings[100:])
    means: list[dict[str, str]] = []
    shares = []
    for times in NMNIST_TIMES:
        streams = []
        for k, clean in enumerate(recordings[:100]):
            span = int(clean.t[0]), int(clean.t[-1]) + 1
            seeds = range(k, 1000 * times, 1000)
            added = [recorded_noise(noise, clean.size, *span, seed=seed) for seed in seeds]
            streams.append(with_noise(f"digit {k}", clean, _piled(added)))
        findings = measure(streams, FILTERS)
        means.append(dict(_means(findings)))
        share = np.mean([1 - row.signal / row.events for row in findings.streams])
        shares.append(f"{times} times: {share:.0%} noise")
    rows = [(method, *(mean[method] for mean in means)) for method in means[0]]
    columns = ("filter", *(f"{times} times" for times in NMNIST_TIMES))
    return Table("N-MNIST, 100 digits, the noise of corners added so often: AUC", columns, rows,
                 shares)  # fmt: skip


def _recordings(path: Path) -> list[Events]:
    """Of a file of flat columns with `offsets`."""
    with np.load(path) as file:
        columns = [file[name] for name in ("t", "x", "y", "p")]
        offsets = file["offsets"]
    return [
        Events.of(*(column[a:b] for column in columns), size=(NMNIST_PX, NMNIST_PX))
        for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    ]


def _corner_noise(recordings: Sequence[Events]) -> Events:
    """A recording of noise, put together of corners of as many recordings as it needs."""
    across = -(-NMNIST_PX // CORNER_PX)
    far = NMNIST_PX - CORNER_PX
    blocks = []
    for k in range(across * across):
        events = recordings[k // 4]
        x0, y0 = (k % 2) * far, (k // 2 % 2) * far
        corner = events.region(x0, y0, x0 + CORNER_PX, y0 + CORNER_PX)
        x = corner.x + (k % across) * CORNER_PX
        y = corner.y + (k // across) * CORNER_PX
        blocks.append((corner.t, x, y, corner.p))
    t, x, y, p = (np.concatenate(column) for column in zip(*blocks, strict=True))
    order = np.argsort(t, kind="stable")
    side = across * CORNER_PX
    kinds = np.full(len(t), Kind.SHOT)
    return Events.of(t[order], x[order], y[order], p[order], kinds, size=(side, side))


def _piled(noises: Sequence[Events]) -> Events:
    """All of them at once."""
    t, x, y, p, kind = (
        np.concatenate([getattr(n, name) for n in noises]) for name in ("t", "x", "y", "p", "kind")
    )
    order = np.argsort(t, kind="stable")
    return Events.of(t[order], x[order], y[order], p[order], kind[order],
                     size=SensorSize(NMNIST_PX, NMNIST_PX))  # fmt: skip


def _means(findings: Findings) -> list[tuple[str, str]]:
    methods = dict.fromkeys(row.method for row in findings.rows)
    means = {m: np.mean([r.auc for r in findings.rows if r.method == m]) for m in methods}
    return [(m, f"{a:.3f}") for m, a in sorted(means.items(), key=lambda pair: -pair[1])]


def _areas(title: str, findings: Findings) -> Table:
    """A column for each stream."""
    names = [stream.name for stream in findings.streams]
    found = {(row.method, row.stream): f"{row.auc:.3f}" for row in findings.rows}
    methods = [method for method, _ in _means(findings)]
    rows = [(method, *(found[method, name] for name in names)) for method in methods]
    shares = [f"{s.name}: {1 - s.signal / s.events:.0%} noise" for s in findings.streams]
    return Table(title, ("filter", *names), rows, shares)
