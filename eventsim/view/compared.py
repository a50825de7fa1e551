"""Two sets of recordings beside each other, as one page."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

REAL, SIMULATED = "#333333", "#d55e00"
"""Black, and vermilion of Okabe and Ito."""
_DPI = 120
_LOUD, _CLEAR = 0.75, 0.9
"""From these areas on a group is drawn as one that gives simulated recordings away."""


@dataclass(frozen=True)
class Side:
    """What is drawn of one side.

    Attributes
    ----------
    course_hz : (T,) ndarray
        Events per pixel and second, in bins of equal duration.
    intervals_on, intervals_off : (N,) ndarray
        Histograms of the intervals of a pixel.
    counts : (C,) ndarray
        Histogram of the events per pixel and piece.
    maps : (2, H, W) ndarray
        Mean counts, OFF and ON.
    """

    course_hz: Numbers
    intervals_on: Numbers
    intervals_off: Numbers
    counts: Numbers
    maps: Numbers


def draw_compared(  # noqa: PLR0913 - the axes of what is drawn
    path: str | Path,
    real: Side,
    simulated: Side,
    *,
    duration_us: int,
    interval_edges_us: Numbers,
    count_edges: tuple[int, ...],
    areas: Mapping[str, float],
    title: str,
) -> None:
    """Draw rate over time, intervals, counts, maps, and by what the two are told apart.

    Parameters
    ----------
    path : path
        A picture; its ending says which kind.
    real, simulated : Side
    duration_us : int
        That the courses of the rates span.
    interval_edges_us : (N + 1,) ndarray
    count_edges : tuple of int
        Lowest count of each class; the last one is open.
    areas : mapping of str to float
        Areas under ROC curves, by group of features.
    title : str
    """
    figure = Figure(figsize=(11, 8.6), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(title, fontsize=11)
    grid = figure.add_gridspec(3, 4)
    _course(figure.add_subplot(grid[0, :2]), real, simulated, duration_us)
    for place, name in ((grid[0, 2], "on"), (grid[0, 3], "off")):
        axis = figure.add_subplot(place)
        _intervals(axis, real, simulated, interval_edges_us, name)
    _counts(figure.add_subplot(grid[1, :2]), real, simulated, count_edges)
    _areas(figure.add_subplot(grid[1:, 2:]), areas)
    most = max(float(np.quantile(side.maps, 0.999)) for side in (real, simulated)) or 1.0
    maps = grid[2, :2].subgridspec(1, 4)
    for k, (words, side, p) in enumerate(
        (("real ON", real, 1), ("sim. ON", simulated, 1), ("real OFF", real, 0),
         ("sim. OFF", simulated, 0))
    ):  # fmt: skip
        axis = figure.add_subplot(maps[0, k])
        axis.imshow(np.sqrt(side.maps[p]), vmin=0, vmax=np.sqrt(most), cmap="magma")
        axis.set_title(words, fontsize=8)
        axis.set_xticks([])
        axis.set_yticks([])
    figure.savefig(path, dpi=_DPI)


def _course(axis: Axes, real: Side, simulated: Side, duration_us: int) -> None:
    for side, color, words in ((real, REAL, "real"), (simulated, SIMULATED, "simulated")):
        edges = np.linspace(0, duration_us * 1e-3, side.course_hz.size + 1)
        axis.stairs(side.course_hz, edges, color=color, label=words)
    axis.set(title="rate over time", xlabel="ms", ylabel="events per pixel and s")
    axis.legend(frameon=False, fontsize=8)


def _intervals(axis: Axes, real: Side, simulated: Side, edges_us: Numbers, polarity: str) -> None:
    for side, color in ((real, REAL), (simulated, SIMULATED)):
        counts = side.intervals_on if polarity == "on" else side.intervals_off
        axis.stairs(counts / max(1.0, counts.sum()), edges_us * 1e-3, color=color)
    axis.set_xscale("log")
    axis.set(title=f"{polarity.upper()} intervals of a pixel", xlabel="ms", ylabel="share")
    axis.title.set_fontsize(10)


def _counts(axis: Axes, real: Side, simulated: Side, edges: tuple[int, ...]) -> None:
    places = np.arange(len(edges))
    for side, color, left in ((real, REAL, -0.2), (simulated, SIMULATED, 0.2)):
        axis.bar(places + left, side.counts / max(1.0, side.counts.sum()), 0.4, color=color)
    names = [f"{a}" if b == a + 1 else f"{a}-{b - 1}" for a, b in pairwise(edges)]
    axis.set_xticks(places, [*names, f"{edges[-1]}+"])
    axis.set(title="events per pixel", ylabel="share of pixels")
    axis.set_yscale("log")


def _areas(axis: Axes, areas: Mapping[str, float]) -> None:
    values = np.array(list(areas.values()))
    shown = np.maximum(values, 0.5)
    colors = np.where(values >= _CLEAR, "#b2182b", np.where(values >= _LOUD, "#ef8a62", "#67a9cf"))
    places = np.arange(values.size)[::-1]
    axis.barh(places, shown - 0.5, left=0.5, color=colors.tolist())
    axis.set_yticks(places, list(areas), fontsize=8)
    for place, value in zip(places, values, strict=True):
        axis.text(max(value, 0.5) + 0.008, place, f"{value:.2f}", va="center", fontsize=8)
    axis.set_xlim(0.5, 1.06)
    axis.set(title="by what a classifier tells them apart", xlabel="area under the ROC curve; "
             "0.5 is chance")  # fmt: skip
