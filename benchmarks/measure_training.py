"""Inside a training loop: windows of datasets, transforms and representations, beside tonic's."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import cv2
import numpy as np
from tables import Table, number
from timing import interleave, ratio, seconds

DIGITS, CLIPS, CLIP_S = 2000, 40, 1.0
EVENTS, BINS, BATCH = 5000, 5, 32
MOST_FILES = 2000
"""Samples that are written as .npz for the comparison."""
STREAM_EVENTS = 1_000_000

PEER = "one .npz a sample (tonic)"

LOADING = ("5,000 events per sample", "workers", "samples/s", "of one .npz a sample")
MOVING = ("transform", "Mev/s, one thread", "of tonic")
MAKING = ("representation, 346x260", "Mev/s, one thread", "of tonic")


class FilesAsTonic:
    """One .npz a sample; made into a voxel grid as tonic does it, if that is wanted."""

    def __init__(self, folder: Path, size: tuple[int, int], grids: bool) -> None:
        import tonic.transforms as theirs

        self._files = sorted(folder.glob("*.npz"))
        self._grid = theirs.ToVoxelGrid(sensor_size=(*size, 2), n_time_bins=BINS) if grids else None

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        with np.load(self._files[index]) as data:
            events, label = data["events"], int(data["label"])
        return events if self._grid is None else self._grid(events).astype(np.float32), label


def pad_structured(samples: list[Any]) -> Any:
    """Collate structured events as `collate_events` does."""
    import torch

    longest = max(len(events) for events, _ in samples)
    out = {name: torch.zeros((len(samples), longest), dtype=torch.int64) for name in "txyp"}
    for row, (events, _) in enumerate(samples):
        for name, column in out.items():
            column.numpy()[row, : len(events)] = events[name]
    return out, torch.tensor([label for _, label in samples])


def measure_training(demo: Path, repeats: int) -> list[Table]:
    """Time loaders, transforms and representations."""
    with tempfile.TemporaryDirectory() as folder:
        loading = [_digits(Path(folder)), _clips(demo, Path(folder))]
        rows = [row for path in loading for row in _measure_loading(path, repeats)]
        growth = _measure_growth(loading[0])
    notes = (
        f"{DIGITS:,} digits of 34x34 and {CLIPS} clips of {CLIP_S:g} s at 346x260; batches of "
        f"{BATCH}; medians of {repeats} interleaved epochs of up to {MOST_FILES:,} samples. The "
        "files are not compressed, and in the page cache like the datasets.",
        f"Memory of the loop and of its two workers after epochs of augmented grids, MB: {growth}.",
    )
    return [
        Table("Windows of a dataset", LOADING, rows, notes),
        _measure_transforms(repeats),
        _measure_representations(repeats),
    ]


def _digits(folder: Path) -> Path:
    """Digits as N-MNIST has them, from digits that OpenCV writes."""
    from eventsim.camera import choose_camera
    from eventsim.motion.from_settings import make_motion_settings
    from eventsim.pipeline.image_plan import SaccadeMethod, plan_images
    from eventsim.pipeline.run import run

    rng = np.random.default_rng(0)
    images = np.zeros((DIGITS, 28, 28), np.uint8)
    for k, image in enumerate(images):
        place = (5 + int(rng.integers(-2, 3)), 22 + int(rng.integers(-2, 3)))
        cv2.putText(image, str(k % 10), place, cv2.FONT_HERSHEY_SIMPLEX, 0.8, 255, 2)
    path = folder / "digits.npz"
    np.savez(path, train_images=images, train_labels=np.arange(DIGITS) % 10)
    method = SaccadeMethod(
        make_motion_settings({"path": "triangle", "scale": 1.0}), choose_camera("atis", "card", {})
    )
    from eventsim.events import SensorSize

    out = folder / "digits.zarr"
    run(plan_images([path], method, size=SensorSize(34, 34)), out)
    return out


def _clips(demo: Path, folder: Path) -> Path:
    """Stretches of a clip, at the size of a DAVIS346."""
    from eventsim.camera import choose_camera
    from eventsim.pipeline.inputs import Input
    from eventsim.pipeline.run import run
    from eventsim.pipeline.video_plan import plan_videos

    starts = np.linspace(0, 1, CLIPS)
    inputs = [
        Input(str(demo), label=str(k % 4), id=f"{k}", start_s=s, stop_s=s + CLIP_S)
        for k, s in enumerate(starts.tolist())
    ]
    out = folder / "clips.zarr"
    run(plan_videos(inputs, choose_camera("davis346")), out)
    return out


def _measure_loading(path: Path, repeats: int) -> list[list[str]]:
    import torch
    from torch.utils.data import DataLoader, Subset

    import eventsim
    from eventsim.representations import VoxelGrid
    from eventsim.training import BlockShuffle, EventWindows, collate_events

    size = eventsim.open_dataset(path)[0].size
    plain = EventWindows(path, count=EVENTS)
    chosen = np.random.default_rng(0).permutation(len(plain))[:MOST_FILES].tolist()
    shuffled = list(BlockShuffle(plain))[:MOST_FILES]
    files = path.parent / f"{path.stem}_files"
    files.mkdir()
    for k, index in enumerate(chosen):
        events, label = plain[index]
        np.savez(files / f"{k:05d}.npz", events=events.to_structured(), label=label)

    def epoch(data: Any, workers: int, sampler: Any, collate: Any) -> Callable[[], float]:
        loader = DataLoader(
            data, BATCH, sampler=sampler, num_workers=workers, persistent_workers=True,
            collate_fn=collate,
        )  # fmt: skip

        def once() -> float:
            started = perf_counter()
            for _ in loader:
                pass
            return perf_counter() - started

        once()  # starts the workers, and compiles
        return once

    def jobs_of(grids: bool) -> dict[str, tuple[Any, Any, Any]]:
        to = VoxelGrid(BINS, "signed") if grids else None
        windows = EventWindows(path, count=EVENTS, to=to)
        loaded = EventWindows(path, count=EVENTS, to=to, preload=True)
        ours, theirs = (None, None) if grids else (collate_events, pad_structured)
        return {
            PEER: (FilesAsTonic(files, size, grids), None, theirs),
            "EventWindows, at random": (Subset(windows, chosen), None, ours),
            "EventWindows, BlockShuffle": (windows, shuffled, ours),
            "EventWindows, preloaded, at random": (Subset(loaded, chosen), None, ours),
        }

    rows = []
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for what in ("events", "grids"):
            for workers in (1, 2):
                jobs = {
                    name: epoch(data, workers, sampler, collate)
                    for name, (data, sampler, collate) in jobs_of(what == "grids").items()
                }
                times = interleave(jobs, repeats)
                rows += [
                    [f"{path.stem}, {what}: {name}", str(workers),
                     number(len(chosen) / median(spent)), number(ratio(times[PEER], spent))]
                    for name, spent in times.items()
                ]  # fmt: skip
    finally:
        torch.set_num_threads(before)
    return rows


def _measure_growth(path: Path) -> str:
    """Resident memory of all processes after each of four epochs."""
    import psutil
    from torch.utils.data import DataLoader

    from eventsim.representations import VoxelGrid
    from eventsim.training import BlockShuffle, EventWindows
    from eventsim.transforms import Compose, Flip, Rotate, SensorNoise, Sometimes

    augment = Compose((Sometimes(Flip()), Rotate(), SensorNoise()))
    windows = EventWindows(path, count=EVENTS, transform=augment, to=VoxelGrid(BINS))
    order = BlockShuffle(windows)
    loader = DataLoader(windows, BATCH, sampler=order, num_workers=2, persistent_workers=True)
    process, seen = psutil.Process(), []
    for epoch in range(4):
        windows.set_epoch(epoch)
        order.set_epoch(epoch)
        for _ in loader:
            pass
        family = [process, *process.children()]
        seen.append("+".join(f"{one.memory_info().rss / 1e6:.0f}" for one in family))
    return ", ".join(seen)


def _stream() -> Any:
    from eventsim.events import Events

    rng = np.random.default_rng(0)
    n = STREAM_EVENTS
    t = np.sort(rng.integers(0, 1_000_000, n))
    x, y = rng.integers(0, 346, n), rng.integers(0, 260, n)
    return Events.of(t, x, y, rng.random(n) < 0.5, size=(346, 260))


def _rows(
    ours: dict[str, Callable[[], Any]], theirs: dict[str, Callable[[], Any]], repeats: int
) -> list[list[str]]:
    for job in (*ours.values(), *theirs.values()):
        job()  # compiles
    jobs = {("ours", name): seconds(job) for name, job in ours.items()}
    jobs |= {("theirs", name): seconds(job) for name, job in theirs.items()}
    times = interleave(jobs, repeats)  # type: ignore[arg-type]
    rows = []
    for name in ours:
        spent = times["ours", name]  # type: ignore[index]
        against = times.get(("theirs", name))  # type: ignore[call-overload]
        compared = "" if against is None else number(ratio(against, spent))
        rows.append([name, number(STREAM_EVENTS / median(spent) / 1e6), compared])
    return rows


def _measure_transforms(repeats: int) -> Table:
    import tonic.transforms as tonic

    import eventsim.transforms as t
    from eventsim.random import Draws

    events, rng = _stream(), Draws.of(1)
    array, size = events.to_structured(), (346, 260, 2)
    made = {
        "Flip": t.Flip(), "Rotate": t.Rotate(), "Translate": t.Translate(), "Roll": t.Roll(),
        "Shear": t.Shear(), "Scale": t.Scale(), "Crop": t.Crop((128, 128)),
        "Resize": t.Resize((173, 130)), "TimeReversal": t.TimeReversal(), "Thin": t.Thin(0.5),
        "DropTime": t.DropTime(0.2), "DropArea": t.DropArea(0.2), "DropPixels": t.DropPixels(0.1),
        "DropBlocks": t.DropBlocks(), "Refractory": t.Refractory(500.0),
        "SpatialJitter": t.SpatialJitter(), "TimeJitter": t.TimeJitter(),
    }  # fmt: skip
    peers = {
        "Flip": tonic.RandomFlipLR(sensor_size=size, p=1.0),
        "Crop": tonic.CenterCrop(sensor_size=size, size=(128, 128)),
        "TimeReversal": tonic.RandomTimeReversal(p=1.0),
        "Resize": tonic.Downsample(spatial_factor=0.5),
        "Thin": tonic.DropEvent(p=0.5),
        "DropTime": tonic.DropEventByTime(0.2),
        "DropArea": tonic.DropEventByArea(size, 0.2),
        "DropPixels": tonic.RandomDropPixel(sensor_size=size, p=0.1)
        if hasattr(tonic, "RandomDropPixel") else None,
        "SpatialJitter": tonic.SpatialJitter(size, clip_outliers=True),
        "TimeJitter": tonic.TimeJitter(std=100, sort_timestamps=True),
    }  # fmt: skip
    ours = {name: partial(transform, events, rng) for name, transform in made.items()}
    theirs = {name: partial(p, array) for name, p in peers.items() if p is not None}
    notes = (f"{STREAM_EVENTS / 1e6:g} M sorted events at 346x260, all at random places.",)
    return Table("Transforms", MOVING, _rows(ours, theirs, repeats), notes)


def _measure_representations(repeats: int) -> Table:
    import tonic.transforms as tonic

    import eventsim.representations as r

    events = _stream()
    array, size = events.to_structured(), (346, 260, 2)
    made = {
        "EventFrames": r.EventFrames(), "VoxelGrid, signed": r.VoxelGrid(polarity="signed"),
        "VoxelGrid": r.VoxelGrid(), "StackedHistogram": r.StackedHistogram(),
        "BinaryPlanes": r.BinaryPlanes(), "TimeSurface": r.TimeSurface(),
        "SortedTimeSurface": r.SortedTimeSurface(), "GroupTokens": r.GroupTokens(),
        "AveragedTimeSurface": r.AveragedTimeSurface(),
    }  # fmt: skip
    peers = {
        "EventFrames": tonic.ToFrame(sensor_size=size, n_time_bins=10),
        "VoxelGrid, signed": tonic.ToVoxelGrid(sensor_size=size, n_time_bins=10),
    }
    ours = {name: partial(to, events, 0, 1_000_000) for name, to in made.items()}
    theirs = {name: partial(peer, array.copy()) for name, peer in peers.items()}
    return Table("Representations", MAKING, _rows(ours, theirs, repeats))
