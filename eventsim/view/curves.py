"""Charts and rows of small pictures, as bytes of PNG files to put into a page."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

_DPI = 110
_INK, _FAINT = "#222226", "#8a8a90"
_HUES = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#882255", "#44aa99",
    "#999933", "#332288",
)  # fmt: skip
"""Of Okabe and Ito, and of Tol. All numbers here were chosen by eye."""
_MARKS = ("o", "s", "^", "D", "v", "P", "X")
_CELL_IN = 0.95


@dataclass(frozen=True)
class Curve:
    """Points that belong together, with their deviations.

    Attributes
    ----------
    name : str
    x, y : sequence of float
    x_sd, y_sd : sequence of float
        Drawn as crosses; 0 is nothing, and so is an empty one.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    x_sd: Sequence[float]
    y_sd: Sequence[float]


def draw_curves(
    curves: Sequence[Curve],
    *,
    x_label: str,
    y_label: str,
    levels: Sequence[tuple[float, str]] = (),
    x_log: bool = False,
) -> bytes:
    """A chart of several curves.

    Parameters
    ----------
    curves : sequence of Curve
    x_label, y_label : str
    levels : sequence of (y, words)
        Dashed lines, such as chance.
    x_log : bool
        Whether x is drawn by its logarithm.

    Returns
    -------
    bytes
        A PNG file.
    """
    figure = Figure(figsize=(9.6, 5.2), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.075, 0.115, 0.6, 0.85))
    for k, curve in enumerate(curves):
        axes.errorbar(
            curve.x, curve.y, xerr=curve.x_sd or None, yerr=curve.y_sd or None, label=curve.name,
            color=_HUES[k % len(_HUES)], marker=_MARKS[k % len(_MARKS)], ms=5, lw=1.2,
            elinewidth=0.6,
        )  # fmt: skip
    if x_log:
        axes.set_xscale("log")
    for y, words in levels:
        axes.axhline(y, color=_FAINT, lw=0.8, ls="--")
        axes.annotate(words, (axes.get_xlim()[0], y), (4, 3), textcoords="offset points",
                      size=8, color=_FAINT)  # fmt: skip
    axes.set_xlabel(x_label, color=_INK)
    axes.set_ylabel(y_label, color=_INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=_INK, labelsize=8)
    axes.grid(alpha=0.25, lw=0.5)
    figure.legend(loc="center left", bbox_to_anchor=(0.69, 0.54), frameon=False, fontsize=8)
    return _png(figure)


def draw_rows(
    rows: Sequence[tuple[str, Sequence[NDArray[Any]]]],
    titles: Sequence[str],
    signed: Sequence[int],
    cell_in: float = _CELL_IN,
) -> bytes:
    """Rows of small gray pictures under common titles.

    Parameters
    ----------
    rows : sequence of (words, pictures)
    titles : sequence of str
        One for each picture of a row.
    signed : sequence of int
        Columns that are drawn from violet, below 0, over white to orange.
    cell_in : float
        Width of a picture, inches.

    Returns
    -------
    bytes
        A PNG file.
    """
    columns = len(titles)
    width, height = columns * cell_in + 3.3, len(rows) * cell_in + 0.45
    figure = Figure(figsize=(width, height), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    grid = figure.subplots(len(rows), columns, squeeze=False)
    for cells, (words, pictures) in zip(grid, rows, strict=True):
        for k, (axes, picture) in enumerate(zip(cells, pictures, strict=True)):
            low, high = np.percentile(picture, [1, 99])
            if k in signed:
                most = max(abs(low), abs(high), 1e-9)
                axes.imshow(picture, cmap="PuOr_r", vmin=-most, vmax=most, interpolation="nearest")
            else:
                top = max(high, low + 1e-9)
                axes.imshow(picture, cmap="gray", vmin=low, vmax=top, interpolation="nearest")
            axes.set_axis_off()
        cells[0].annotate(words, (0, 0.5), (-8, 0), xycoords="axes fraction", ha="right",
                          va="center", textcoords="offset points", size=8, color=_INK)  # fmt: skip
    for axes, title in zip(grid[0], titles, strict=True):
        axes.set_title(title, size=8, color=_INK)
    figure.subplots_adjust(3.25 / width, 0.05 / height, 1 - 0.03 / width, 1 - 0.35 / height, 0.04,
                           0.06)  # fmt: skip
    return _png(figure)


def _png(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()
