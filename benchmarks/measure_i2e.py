"""I2E: the kernels against the plain convolution in PyTorch, on real images."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from clips import read_clip
from numpy.typing import NDArray
from tables import Table, number
from timing import interleave, ratio, seconds

from eventsim.events import SensorSize
from eventsim.packets.memory import ColumnMemory
from eventsim.planes.i2e import i2e, i2e_events, i2e_packed

BATCH = 64
SIDES_PX = (128, 224)
RATIO = 0.12

COLUMNS = ("images", "what comes out", "ms per batch", "images/s", "conv2d / this", "module / this")


def measure_i2e(video: Path, repeats: int) -> list[Table]:
    """Time all forms of I2E on frames of a clip, in batches, on one thread."""
    rows = [row for side in SIDES_PX for row in _measure_side(video, side, repeats)]
    notes = (
        f"Batches of {BATCH} color images, frames of {video.name}; ratio {RATIO}, default "
        f"directions; one thread; medians of {repeats} interleaved rounds. Bytes and events go "
        "into memory that is used again, unless it says fresh.",
        "conv2d: float in, dense float out, eagerly, eight 3x3 kernels as in the authors' code. "
        "Module: eventsim.training.I2E on the same floats.",
    )
    return [Table("I2E: images to event planes", COLUMNS, rows, notes)]


def batch_of(video: Path, side: int) -> NDArray[np.uint8]:
    """Color images of one size: the clip's frames in gray, tinted by their neighbors in time."""
    clip = read_clip(video, "images", size=SensorSize(side, side))
    gray = clip.frames[np.arange(BATCH + 2) % len(clip.frames)]
    return np.ascontiguousarray(np.stack([gray[:-2], gray[1:-1], gray[2:]], axis=1))


def plain_convolution(images: "object", kernels: "object") -> "object":
    """The formulation of the paper in PyTorch: pad, convolve, compare."""
    import torch
    import torch.nn.functional as F

    value = images.amax(1, keepdim=True)  # type: ignore[attr-defined]
    difference = F.conv2d(F.pad(value, (1, 1, 1, 1), mode="replicate"), kernels)
    span = value.amax((1, 2, 3), keepdim=True) - value.amin((1, 2, 3), keepdim=True)
    threshold = RATIO * span
    on = (F.relu(difference) >= threshold).float()
    off = (F.relu(-difference) >= threshold).float()
    return torch.stack([off, on], 2)


def direction_kernels() -> "object":
    """The eight 3x3 kernels of the default directions: -1 at a, +1 at b."""
    import torch

    from eventsim.planes.directions import DEFAULT_ORDER, draw_choices, neighbor_pairs

    pairs = neighbor_pairs(draw_choices("default", 0, np.arange(1)), DEFAULT_ORDER)[0]
    kernels = np.zeros((8, 9), np.float32)
    kernels[np.arange(8), pairs[:, 0]] = -1
    kernels[np.arange(8), pairs[:, 1]] = 1
    return torch.from_numpy(kernels.reshape(8, 1, 3, 3))


def _measure_side(video: Path, side: int, repeats: int) -> list[list[str]]:
    import torch

    from eventsim.training.i2e import I2E

    images = batch_of(video, side)
    floats = torch.from_numpy(images).float() / 255
    kernels, module = direction_kernels(), I2E(RATIO)
    out = np.zeros((BATCH, 8, 2, side, side), np.uint8)
    jobs: dict[str, Callable[[], object]] = {
        "float planes, conv2d": lambda: plain_convolution(floats, kernels),
        "float planes, module": lambda: module(floats),
        "dense bytes": partial(i2e, images, RATIO, threads=1, out=out),
        "dense bytes, fresh memory": partial(i2e, images, RATIO, threads=1),
        "packed bits": partial(i2e_packed, images, threads=1),
        "sorted events": partial(i2e_events, images, threads=1, memory=ColumnMemory()),
    }
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for job in jobs.values():
            job()
        times = interleave({name: seconds(job) for name, job in jobs.items()}, repeats)
    finally:
        torch.set_num_threads(before)
    plain, ours = times["float planes, conv2d"], times["float planes, module"]
    return [
        [
            f"{side}x{side}",
            name,
            number(median(spent) * 1e3),
            number(BATCH / median(spent)),
            number(ratio(plain, spent)),
            number(ratio(ours, spent)),
        ]
        for name, spent in times.items()
    ]
