"""Make the pictures of transforms and representations again, from eventsim itself.

Run from the checkout: ``python docs/make_training_pictures.py``. Takes a few seconds.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

import eventsim.representations as representations
import eventsim.transforms as transforms
from eventsim import Events, simulate
from eventsim.random import Draws
from eventsim.shipped import find
from eventsim.view.accumulate import accumulate

HERE = Path(__file__).parent
CREDIT = "Big Buck Bunny, (c) 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0"
INK, FAINT, PAGE = "#222226", "#969698", "#f4f4f2"
SIZE = (128, 96)
START_S, STOP_S = 1.3, 1.8
SHOWN_US = 40_000
COLUMNS = 6
TIME_BINS = 170  # so that a picture of time is as wide as one of the sensor; chosen by eye

# A box that wanders over the middle of the sensor: where a face would be.
FACE = [(int(t), 45 + 8 * t / 5e5, 30, 95 + 8 * t / 5e5, 95) for t in range(0, 600_000, 20_000)]

# Strong enough to be seen in a small picture, and the same for everybody; chosen by eye.
SHOWN = {
    "Crop": transforms.Crop((84, 64)),
    "CorrelatedNoise": transforms.CorrelatedNoise(40_000, 3.0, 1000.0),
    "DropArea": transforms.DropArea(0.4),
    "DropBlocks": transforms.DropBlocks(0.3),
    "DropChunks": transforms.DropChunks(6, 8000),
    "DropPixels": transforms.DropPixels(0.4),
    "DropTime": transforms.DropTime(0.3),
    "HotPixels": transforms.HotPixels(0.01, 300.0),
    "MaskBoxes": transforms.MaskBoxes(FACE),
    "MaskClusters": transforms.MaskClusters(20.0, 300.0, 10_000.0),
    "Quantize": transforms.Quantize(10_000, 6),
    "RateCap": transforms.RateCap(1, 20_000),
    "ReplaceBoxes": transforms.ReplaceBoxes(FACE),
    "Refractory": transforms.Refractory(60_000.0),
    "Resize": transforms.Resize((48, 36)),
    "Roll": transforms.Roll(30.0, 20.0),
    "Rotate": transforms.Rotate(20.0),
    "Scale": transforms.Scale(1.5),
    "SensorNoise": transforms.SensorNoise(1.0, 20.0),
    "Shear": transforms.Shear(0.4),
    "SpatialJitter": transforms.SpatialJitter(2.0),
    "Thin": transforms.Thin(0.7),
    "TimeCrop": transforms.TimeCrop(0.5),
    "TimeJitter": transforms.TimeJitter(20_000.0),
    "TimeScale": transforms.TimeScale(0.6),
    "TimeWarp": transforms.TimeWarp(1.5, pieces=3),
    "Translate": transforms.Translate(25.0, -15.0),
}
IN_TIME = {"DropChunks", "DropTime", "TimeCrop", "TimeJitter", "TimeReversal", "TimeScale",
           "TimeWarp"}  # fmt: skip
WHOLE = {"Compose", "OneOf", "Sometimes", "RandAugment"}
"""Made of the others; not drawn."""


def clip(start_s: float = START_S, stop_s: float = STOP_S) -> Events:
    """Events of the bundled clip, from 0 us on."""
    events = simulate(
        find("bigbuckbunny.mp4"), size=SIZE, sensor="ideal", start_s=start_s, stop_s=stop_s
    )
    return Events(events.t - events.t[0], events.x, events.y, events.p, events.kind, events.size)


def draw_place(axes: Axes, events: Events) -> None:
    """Draw where the events of the middle 40 ms are."""
    middle = int((STOP_S - START_S) * 5e5)
    axes.imshow(accumulate(events.window(middle, middle + SHOWN_US)), interpolation="nearest")


def draw_time(axes: Axes, events: Events) -> None:
    """Draw in which row events are, over time: ON and OFF as in `draw_place`."""
    span = (STOP_S - START_S) * 1e6
    place = np.minimum(events.t / span * TIME_BINS, TIME_BINS - 1).astype(np.uint16)
    some = slice(None, None, 12)  # or it would be all full
    order = np.lexsort((place[some], events.y[some], events.t[some]))
    flat = Events(events.t[some][order], place[some][order], events.y[some][order],
                  events.p[some][order], events.kind[some][order],
                  type(events.size)(TIME_BINS, events.size.height))  # fmt: skip
    axes.imshow(accumulate(flat), interpolation="nearest", aspect="auto")


def page(rows: int, title: str) -> tuple[Figure, Sequence[Axes]]:
    """Return a page with a grid of empty axes."""
    figure = Figure(figsize=(12.8, 0.75 + 1.92 * rows), dpi=100, facecolor=PAGE)
    high = figure.get_figheight()
    figure.text(0.012, 1 - 0.28 / high, title, size=13, color=INK, va="center")
    figure.text(0.988, 0.13 / high, CREDIT, size=8, color=FAINT, ha="right", va="center")
    grid = figure.subplots(rows, COLUMNS, squeeze=False)
    figure.subplots_adjust(0.012, 0.3 / high, 0.988, 1 - 0.75 / high, 0.06, 0.22)
    for axes in grid.ravel():
        axes.set_axis_off()
    return figure, list(grid.ravel())


def name_it(axes: Axes, words: str) -> None:
    """Frame a picture, with words above it."""
    axes.set_axis_on()
    axes.set(xticks=[], yticks=[])
    for side in axes.spines.values():
        side.set_color("#c8c8c8")
    axes.set_title(words, size=9, color=INK, pad=3)


def draw_transforms(path: Path) -> None:
    """Draw every transform and mix on the same half second."""
    events, other = clip(), clip(0.0, STOP_S - START_S)
    names = [name for name in transforms.__all__ if name not in WHOLE]
    cells = [("before", events, False), ("before, rows over time", events, True)]
    for name in names:
        made = SHOWN[name] if name in SHOWN else getattr(transforms, name)()
        rng = Draws.of(7)
        if name.endswith("Mix"):
            after, weight = type(made)(0.4)(events, other, rng)
            words = f"{name} (weight {weight:.2f})"
        else:
            after, words = made(events, rng), name
        cells.append((words, after, name in IN_TIME))
    figure, grid = page(-(-len(cells) // COLUMNS), "transforms, on half a second of a film")
    for axes, (words, after, in_time) in zip(grid, cells, strict=False):
        (draw_time if in_time else draw_place)(axes, after)
        name_it(axes, f"{words}, over time" if in_time and not words.startswith("b") else words)
    figure.savefig(path, metadata={"Software": None})


def shade(axes: Axes, plane: NDArray[np.generic]) -> None:
    """Draw numbers: white is 0, orange above, blue below."""
    values = plane.astype(np.float64)
    most = np.quantile(np.abs(values), 0.995) or np.abs(values).max() or 1.0
    share = np.clip(values / most, -1, 1)[..., None]
    on, off = np.array([213, 94, 0]) / 255, np.array([0, 114, 178]) / 255
    picture = 1 - np.abs(share) * (1 - np.where(share > 0, on, off))
    axes.imshow(picture, interpolation="nearest")


def draw_representations(path: Path) -> None:
    """Draw a part of what every representation gives of 150 ms."""
    events = clip().window(200_000, 350_000)
    window = (200_000, 350_000)
    frames = representations.EventFrames(bins=3)(events, *window)
    by_count = representations.EventFrames(bins=3, by="count")(events, *window)
    signed = representations.VoxelGrid(bins=3, polarity="signed")(events, *window)
    surface = representations.TimeSurface(bins=3)(events, *window)
    ranks = representations.SortedTimeSurface()(events, *window)
    planes = representations.BinaryPlanes(bins=8)(events, *window)
    stacked = representations.StackedHistogram(bins=3)(events, *window)
    hats = representations.AveragedTimeSurface(cell_px=16)(events, *window)[1]
    tokens = representations.GroupTokens(bins=3)(events, *window)
    rows = representations.EventTokens(length=512)(events, *window)
    grouped = tokens.reshape(2, 3, 2, 16, 24, 32)[:, 1, 1, 5]  # one of 96 channels
    cells = [(f"EventFrames, bin {k}, ON - OFF", frames[k, 1] - frames[k, 0]) for k in range(3)]
    cells += [(f"VoxelGrid, bin {k}, signed", signed[k]) for k in range(3)]
    cells += [
        ("EventFrames by count, bin 1", by_count[1, 1] - by_count[1, 0]),
        ("BinaryPlanes, bin 3, ON", planes[3, 1]),
        ("StackedHistogram, ON, bin 1", stacked[4]),
        ("TimeSurface, end of bin 0, ON", surface[0, 1]),
        ("TimeSurface, end of bin 2, ON", surface[2, 1]),
        ("SortedTimeSurface, ON", ranks[1]),
        ("AveragedTimeSurface, cells", hats.transpose(0, 2, 1, 3).reshape(6 * 7, 8 * 7)),
        ("GroupTokens, counts", grouped[0]),
        ("GroupTokens, times", grouped[1]),
        ("EventTokens: x, y, p, dt", np.repeat(rows.T, 96, 0)),
    ]  # fmt: skip
    figure, grid = page(-(-len(cells) // COLUMNS), "representations of 150 ms of a film (parts)")
    for axes, (words, plane) in zip(grid, cells, strict=False):
        shade(axes, plane)
        axes.set_aspect("auto")
        name_it(axes, words)
    figure.savefig(path, metadata={"Software": None})


if __name__ == "__main__":
    draw_transforms(HERE / "transforms.png")
    draw_representations(HERE / "representations.png")
