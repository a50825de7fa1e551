"""A dataset in two pictures: some of its samples, and how many events they have."""

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, LogLocator, MaxNLocator
from numpy.typing import NDArray

from eventsim.events import Events
from eventsim.view.accumulate import Palette, palette
from eventsim.view.accumulate import accumulate as color_events
from eventsim.view.windows import WINDOW_US

COLUMNS = 4
_CELL_IN = 2.6
_DPI = 100
_BINS = 30
_BARS = 30
_HUES = ((0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167))
"""Of Okabe and Ito, for the splits. All numbers were chosen by eye."""


class Framed(Protocol):
    """A recording that knows how many events came up to each of its frames."""

    @property
    def frame_t_us(self) -> NDArray[np.int64]:
        """(F,) int64: times of the frames, microseconds."""

    @property
    def frame_event_index(self) -> NDArray[np.int64]:
        """(F,) int64: index of the first event after each frame."""

    def window(self, t0_us: int, t1_us: int) -> Events:
        """Events with ``t0_us <= t < t1_us``."""


def busiest_events(recording: Framed) -> Events:
    """Events of the 33 ms after a frame in which there are most; reads no others."""
    t, before = recording.frame_t_us, recording.frame_event_index
    if not len(t):
        return recording.window(0, 0)
    ends = np.minimum(np.searchsorted(t, t + round(WINDOW_US)), len(t) - 1)
    start = int(t[np.argmax(before[ends] - before)])
    return recording.window(start + 1, start + 1 + round(WINDOW_US))


def write_samples(path: str | Path, samples: Sequence[tuple[str, Events]]) -> None:
    """Draw samples side by side, ON orange and OFF blue.

    Parameters
    ----------
    path : path
        A .png.
    samples : sequence of (title, Events)
    """
    colors = palette("white")
    rows = max(1, -(-len(samples) // COLUMNS))
    figure = _page(COLUMNS * _CELL_IN, rows * _CELL_IN + 0.5, colors)
    grid = figure.subplots(rows, COLUMNS, squeeze=False)
    for axes in grid.ravel():
        axes.set_axis_off()
    for axes, (title, events) in zip(grid.ravel(), samples, strict=False):
        axes.imshow(color_events(events), interpolation="nearest")
        axes.set_title(_drawable(title), size=8, color=_unit(colors.ink), parse_math=False)
    figure.suptitle(
        "some samples, at their busiest moment", size=11, color=_unit(colors.ink), x=0.01, ha="left"
    )
    figure.subplots_adjust(0.01, 0.02, 0.99, 1 - 0.6 / (rows * _CELL_IN + 0.5), 0.05, 0.15)
    _save(figure, path)


def write_rates(
    path: str | Path,
    by_split: Mapping[str, NDArray[np.floating]],
    by_class: Mapping[str, NDArray[np.floating]],
    unit: str,
) -> None:
    """Draw how the samples of each split are distributed, and the middle of each class.

    Parameters
    ----------
    path : path
        A .png.
    by_split, by_class : mapping of str to (n,) ndarray
        A number for each sample, such as events per pixel per second; "" is no split or class.
    unit : str
        Of the numbers, in words.
    """
    colors = palette("white")
    classes = {name: values for name, values in by_class.items() if name}
    high = 3.6 if len(classes) < 12 else min(9.0, 0.6 + 0.26 * min(len(classes), _BARS))
    figure = _page(COLUMNS * _CELL_IN, high, colors)
    left, right = figure.subplots(1, 2)
    _draw_histogram(left, by_split, unit, colors)
    _draw_classes(right, classes or by_class, unit, colors)
    figure.subplots_adjust(0.07, 0.55 / high, 0.98, 1 - 0.3 / high, 0.42)  # room for names
    _save(figure, path)


def _draw_histogram(
    axes: Axes, by_split: Mapping[str, NDArray[np.floating]], unit: str, colors: Palette
) -> None:
    every = [values[np.isfinite(values) & (values > 0)] for values in by_split.values()]
    joined = np.concatenate([np.empty(0), *every])
    low, top = (joined.min(), joined.max()) if len(joined) else (1.0, 10.0)
    edges = np.geomspace(low * 0.9, max(top, low) * 1.1, _BINS + 1)
    for k, (name, values) in enumerate(zip(by_split, every, strict=True)):
        axes.hist(
            values,
            edges.tolist(),
            histtype="stepfilled",
            alpha=0.55,
            color=_unit(_HUES[k % len(_HUES)]),
            label=f"{_drawable(name or 'no split')} ({len(by_split[name]):,})",
        )
    axes.set_xscale("log")
    for ticks in (axes.xaxis.set_major_formatter, axes.xaxis.set_minor_formatter):
        ticks(EngFormatter(places=None, sep=" "))
    axes.xaxis.set_minor_locator(LogLocator(subs=(2.0, 5.0)))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(unit, color=_unit(colors.ink))
    axes.set_ylabel("samples", color=_unit(colors.ink))
    if by_split:
        for text in axes.legend(frameon=False, fontsize=8).get_texts():
            text.set_parse_math(False)
    _plain(axes, "samples of each split", colors)


def _draw_classes(
    axes: Axes, by_class: Mapping[str, NDArray[np.floating]], unit: str, colors: Palette
) -> None:
    finite = {name: values[np.isfinite(values)] for name, values in by_class.items()}
    known = [(name, values) for name, values in finite.items() if len(values)]
    shown = sorted(known, key=lambda pair: float(np.median(pair[1])))[-_BARS:]
    places = np.arange(len(shown))
    quarters = np.array([np.percentile(v, [25, 50, 75]) for _, v in shown]).reshape(-1, 3)
    axes.xaxis.set_major_formatter(EngFormatter(sep=" "))
    axes.barh(places, quarters[:, 1], color=_unit(_HUES[0]), alpha=0.75)
    axes.hlines(places, quarters[:, 0], quarters[:, 2], color=_unit(colors.ink), lw=1)
    axes.set_yticks(places, [_drawable(name or "no class") for name, _ in shown], fontsize=7)
    for label in axes.get_yticklabels():
        label.set_parse_math(False)
    axes.set_xlabel(unit, color=_unit(colors.ink))
    more = f" (the {_BARS} busiest of {len(known)})" if len(known) > _BARS else ""
    _plain(axes, f"median and quartiles of each class{more}", colors)


def _plain(axes: Axes, title: str, colors: Palette) -> None:
    axes.set_facecolor(_unit(colors.background))
    axes.set_title(title, size=9, color=_unit(colors.ink), loc="left")
    axes.tick_params(which="both", colors=_unit(colors.faint), labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _page(wide: float, high: float, colors: Palette) -> Figure:
    figure = Figure(figsize=(wide, high), dpi=_DPI, facecolor=_unit(colors.page))
    FigureCanvasAgg(figure)
    return figure


def _drawable(text: str) -> str:
    """Text that any font takes, and not too long."""
    plain = "".join(c if c.isprintable() else "?" for c in text)
    plain = plain.encode("utf-8", "replace").decode()
    return plain if len(plain) < 34 else f"{plain[:15]}...{plain[-15:]}"


def _save(figure: Figure, path: str | Path) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # it draws boxes for them
        figure.savefig(path, metadata={"Software": None})


def _unit(color: tuple[int, int, int]) -> tuple[float, float, float]:
    return color[0] / 255, color[1] / 255, color[2] / 255
