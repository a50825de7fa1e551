"""Training on the fly: what the conversion adds to decoding and resizing in a loader."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from measure_i2e import batch_of
from PIL import Image
from tables import Table, number
from timing import interleave, ratio

SIDE_PX, SIZE = 32, (128, 128)
"""Of CIFAR images, and what they are resized to in the I2E paper."""
IMAGES, BATCH, WORKERS = 2048, 64, 2

COLUMNS = ("what the loader gives", "images/s", "us per image and worker", "more time than images")


class PngImages:
    """Images as PNG in memory, decoded when they are asked for."""

    def __init__(self, video: Path) -> None:
        self._files = []
        for image in batch_of(video, SIDE_PX).transpose(0, 2, 3, 1):
            packed = BytesIO()
            Image.fromarray(np.ascontiguousarray(image)).save(packed, "png")
            self._files.append(packed.getvalue())

    def __len__(self) -> int:
        return IMAGES

    def __getitem__(self, index: int) -> tuple[Any, int]:
        return Image.open(BytesIO(self._files[index % len(self._files)])).convert("RGB"), 0


def measure_loader(video: Path, repeats: int) -> list[Table]:
    """Time a loader with two workers without and with the conversion; and the steps alone."""
    import torch
    from torch.utils.data import DataLoader

    from eventsim.training import ImageEvents, IndexedImages

    images = PngImages(video)
    sets = {
        "images, decoded and resized": IndexedImages(images, size=SIZE),
        "planes of I2E, bytes": ImageEvents(images, size=SIZE, ratio=0.07),
        "planes of I2E, packed": ImageEvents(images, size=SIZE, ratio=0.07, packed=True),
    }

    def epoch(dataset: Any) -> Callable[[], float]:
        loader = DataLoader(dataset, batch_size=BATCH, num_workers=WORKERS, persistent_workers=True)

        def once() -> float:
            started = perf_counter()
            for _ in loader:
                pass
            return perf_counter() - started

        once()  # starts the workers
        return once

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        times = interleave({name: epoch(dataset) for name, dataset in sets.items()}, repeats)
    finally:
        torch.set_num_threads(before)
    plain = times[next(iter(sets))]
    rows = [
        [
            name,
            number(IMAGES / median(spent)),
            number(median(spent) * WORKERS / IMAGES * 1e6),
            f"{ratio(spent, plain) - 1:.1%}",
        ]
        for name, spent in times.items()
    ]
    read_us, convert_us = _alone(images, repeats)
    notes = (
        f"{IMAGES:,} PNG images of {SIDE_PX}x{SIDE_PX}, resized to {SIZE[0]}x{SIZE[1]}; batches of "
        f"{BATCH}, {WORKERS} workers; medians of {repeats} interleaved epochs. Planes are five "
        "times the bytes of an image, which the workers hand over.",
        f"Alone, in one process: decoding and resizing {read_us:.0f} us per image, conversion to "
        f"packed planes {convert_us:.0f} us: {convert_us / read_us:.1%}.",
    )
    return [Table("Training on the fly", COLUMNS, rows, notes)]


def _alone(images: PngImages, repeats: int) -> tuple[float, float]:
    """Microseconds an image of decoding and resizing, and of the conversion of a batch."""
    from eventsim.planes.i2e import i2e_packed
    from eventsim.planes.settings import I2ESettings
    from eventsim.training.samples import Samples

    samples = Samples(images, size=SIZE)
    settings = I2ESettings(ratio=0.07, directions="random")
    numbers = np.arange(BATCH)
    read, converted = [], []
    for _ in range(repeats + 1):
        started = perf_counter()
        values = [samples.read(i)[0] for i in range(BATCH)]
        read.append(perf_counter() - started)
        started = perf_counter()
        batch = np.stack(values).transpose(0, 3, 1, 2)
        i2e_packed(batch, settings, samples=numbers, threads=1)
        converted.append(perf_counter() - started)
    return tuple(median(spent[1:]) / BATCH * 1e6 for spent in (read, converted))  # type: ignore[return-value]
