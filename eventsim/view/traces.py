"""What pixels have inside over time, as a figure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from eventsim.events import Events, Kind

_COLORS = {
    Kind.SIGNAL: "#222226", Kind.SHOT: "#d55e00", Kind.LEAK: "#009e73", Kind.HOT: "#cc79a7",
}  # fmt: skip
_LIGHT, _PHOTORECEPTOR, _BAND = "#9a9aa0", "#0072b2", "#56b4e9"
_WIDE_IN, _HIGH_IN = 9.0, 2.4
"""Of Okabe and Ito; all numbers here were chosen by eye."""


@dataclass(frozen=True, eq=False)
class Trace:
    """One pixel through time.

    Attributes
    ----------
    name : str
    t_us : (F,) ndarray of int64
    log, photoreceptor, reference : (F,) ndarray of float64
        ln of DN.
    on_log, off_log : float
        Thresholds, ln.
    events : Events
    """

    name: str
    t_us: NDArray[np.int64]
    log: NDArray[np.float64]
    photoreceptor: NDArray[np.float64]
    reference: NDArray[np.float64]
    on_log: float
    off_log: float
    events: Events


def draw_traces(traces: Sequence[Trace]) -> Figure:
    """Draw a panel for each pixel.

    Light is gray, the photoreceptor blue, and the band around the reference is what it may do
    without an event. Events are triangles, up for ON, in the color of their kind.
    """
    figure = Figure(figsize=(_WIDE_IN, 0.9 + _HIGH_IN * len(traces)), layout="constrained")
    panels = figure.subplots(len(traces), 1, sharex=True, squeeze=False)[:, 0]
    for axes, trace in zip(panels, traces, strict=True):
        _draw(axes, trace)
    panels[-1].set_xlabel("time, s")
    kinds = {Kind(int(kind)) for trace in traces for kind in np.unique(trace.events.kind)}
    known: list[Line2D | Patch] = [
        Line2D([], [], color=_LIGHT, label="log luminance"),
        Line2D([], [], color=_PHOTORECEPTOR, label="photoreceptor"),
        Patch(color=_BAND, alpha=0.3, label="reference, to its thresholds"),
    ]
    for kind in sorted(kinds):
        mark = Line2D([], [], color=_COLORS.get(kind, _LIGHT), marker="^", linestyle="")
        mark.set_label(f"{kind.name.lower()}: up ON, down OFF")
        known.append(mark)
    figure.legend(handles=known, loc="outside upper center", ncols=3, frameon=False)
    return figure


def _draw(axes: Axes, trace: Trace) -> None:
    t_s = trace.t_us * 1e-6
    low, high = trace.reference - trace.off_log, trace.reference + trace.on_log
    axes.fill_between(t_s, low, high, color=_BAND, alpha=0.3, step="post", linewidth=0)
    axes.plot(t_s, trace.log, color=_LIGHT, linewidth=1)
    axes.plot(t_s, trace.photoreceptor, color=_PHOTORECEPTOR, linewidth=1)
    for kind in np.unique(trace.events.kind).tolist():
        for on, mark in ((True, "^"), (False, "v")):
            some = trace.events[(trace.events.kind == kind) & (trace.events.p == on)]
            level = np.interp(some.t, trace.t_us, trace.photoreceptor)
            color = _COLORS.get(Kind(kind), _LIGHT)
            axes.plot(some.t * 1e-6, level, mark, color=color, markersize=5)
    counts = f"{int(trace.events.p.sum())} ON, {int((~trace.events.p).sum())} OFF"
    axes.set_title(f"pixel {trace.name}: {counts}", loc="left", fontsize="medium")
    axes.set_ylabel("ln of DN")
    axes.spines[["top", "right"]].set_visible(False)
