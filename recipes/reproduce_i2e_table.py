"""Reproduce the table of event densities that I2E's authors published.

    eventsim run reproduce_i2e_table --mnist FOLDER --fashion FOLDER --cifar10 FOLDER
    eventsim run reproduce_i2e_table --quick

A path is anything that `eventsim convert --method i2e` takes: a folder of idx files, a CIFAR
archive, a .npz. Images are resized with an antialiased bicubic filter, as 8-bit numbers. The folder
of --out holds results.json; an interrupted run resumes after the last set.

Reference: Ma et al., "I2E: Real-Time Image-to-Event Conversion for High-Performance Spiking Neural
Networks", AAAI 2026, table of datasets; ratios and sizes as in the authors' code.
"""

import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import track
from rich.table import Table

from eventsim.errors import ConfigError, EventSimError
from eventsim.planes.i2e import i2e
from eventsim.results import results_so_far, write_results
from eventsim.stills.image_sets import open_image_set
from eventsim.stills.labeled_images import ImageSet
from eventsim.stills.resizing import resize_image
from eventsim.stills.shapes import draw_shapes

BATCH = 256


@dataclass(frozen=True)
class Published:
    """A row of the authors' table."""

    name: str
    side_px: int
    ratio: float
    rate_percent: float | None


MNIST = Published("MNIST", 32, 0.10, 9.56)
FASHION = Published("Fashion-MNIST", 32, 0.15, 10.76)
CIFAR10 = Published("CIFAR-10", 128, 0.07, 5.86)
SHAPES = Published("drawn shapes", 32, 0.10, None)


@dataclass(frozen=True)
class Measured:
    """Event rates of one set of images: of all planes, and of each."""

    name: str
    split: str
    images: int
    rate_percent: float
    published_percent: float | None
    planes_percent: list[float]


app = App(help=__doc__.split("\n")[0], result_action="return_value",
          suppress_keyboard_interrupt=False)  # fmt: skip


@app.default
def main(
    *,
    mnist: Path | None = None,
    fashion: Path | None = None,
    cifar10: Path | None = None,
    split: str = "train",
    quick: Annotated[bool, Parameter(negative="")] = False,
    out: Path = Path("i2e_table"),
) -> int:
    """Measure the event density (share of ones) of each set, and print it beside the published one.

    Parameters
    ----------
    mnist, fashion, cifar10
        Where the images are.
    split
        train, test, or "" for all images.
    quick
        Draw 600 shapes and measure these, in a second.
    out
        Folder for results.json.
    """
    given = {MNIST: mnist, FASHION: fashion, CIFAR10: cifar10}
    chosen = {row: path for row, path in given.items() if path is not None}
    out.mkdir(parents=True, exist_ok=True)
    if quick:
        np.savez(out / "shapes.npz", x_train=draw_shapes(600, seed=1)[0])
        chosen = {SHAPES: out / "shapes.npz"}
    if not chosen:
        raise ConfigError("give at least one of --mnist, --fashion, --cifar10, or --quick.")
    settings = {"split": split} | {row.name: str(path.resolve()) for row, path in chosen.items()}
    before = results_so_far(out / "results.json", "reproduce_i2e_table", settings)
    results = [Measured(**row) for row in before["figures"]["sets"]] if before else []
    seconds = before["seconds"] if before else 0.0
    started = time.monotonic()
    for row, path in list(chosen.items())[len(results) :]:
        results.append(measure(row, open_image_set(path, split=split), split))
        through = len(results) == len(chosen)
        write_results(
            out / "results.json", "reproduce_i2e_table", settings,
            {"sets": [asdict(r) for r in results]}, seconds=seconds + time.monotonic() - started,
            score={f"% ones, {r.name}": r.rate_percent for r in results} if through else None,
            quick=quick,
        )  # fmt: skip
    table = Table("set", "split", "images", "event density %", "published %", "each plane %")
    for r in results:
        planes = " ".join(f"{value:.2f}" for value in r.planes_percent)
        table.add_row(
            r.name, r.split or "all", f"{r.images:,}", f"{r.rate_percent:.3f}",
            f"{r.published_percent:.2f}" if r.published_percent else "", planes,
        )  # fmt: skip
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    return 0


def measure(row: Published, images: ImageSet, split: str) -> Measured:
    """Convert all images as the authors did, and count."""
    size = (row.side_px, row.side_px)
    ones = np.zeros(8, np.int64)
    pixels = 0
    starts = range(0, len(images), BATCH)
    for start in track(starts, row.name, console=Console(stderr=True), transient=True):
        batch = []
        for i in range(start, min(start + BATCH, len(images))):
            values = resize_image(images[i].values, size, fit="stretch")
            batch.append(values[None] if values.ndim == 2 else values.transpose(2, 0, 1))
        planes = i2e(np.stack(batch), row.ratio)
        ones += planes.sum(axis=(0, 2, 3, 4), dtype=np.int64)
        pixels += len(batch) * 2 * row.side_px**2
    rates = 100 * ones / pixels
    return Measured(
        row.name, split, len(images), float(rates.mean()), row.rate_percent,
        [round(float(rate), 3) for rate in rates],
    )  # fmt: skip


if __name__ == "__main__":
    try:
        sys.exit(app())
    except EventSimError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("stopped; the same command resumes", file=sys.stderr)
        sys.exit(130)
