"""Parts of a still: page, images, events in space and time, rates by kind."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import EngFormatter, MaxNLocator
from mpl_toolkits.mplot3d import Axes3D
from numpy.typing import NDArray

from eventsim.events import Events, Kind, SensorSize
from eventsim.frames import FrameSource
from eventsim.view.accumulate import OFF, ON, Palette, Rgb, color_counts, count_events
from eventsim.view.gray import with_frames
from eventsim.view.windows import Rates, ViewOptions, Window

_DPI = 110  # chosen by eye

# Other hues of Okabe and Ito, clear of the two of the polarities; the last by eye.
_KIND_COLORS: dict[Kind, Rgb] = {
    Kind.SHOT: (204, 121, 167),
    Kind.LEAK: (0, 158, 115),
    Kind.HOT: (140, 110, 60),
}
_KIND_NAMES = {Kind.SHOT: "shot noise", Kind.LEAK: "leak", Kind.HOT: "hot pixels"}


def _unit(color: Rgb) -> tuple[float, float, float]:
    return (color[0] / 255, color[1] / 255, color[2] / 255)


def figure_page(
    inches: tuple[float, float],
    options: ViewOptions,
    rates: Rates,
    size: SensorSize,
    colors: Palette,
) -> Figure:
    """Prepare a page with title, numbers and the legend of the polarities."""
    figure = Figure(figsize=inches, dpi=_DPI, facecolor=_unit(colors.page))
    FigureCanvasAgg(figure)
    height = inches[1]
    left = 0.025
    ink = _unit(colors.ink)
    figure.text(
        left, 1 - 0.33 / height, options.title, size=15, color=ink, va="center", parse_math=False
    )
    seconds = float(rates.edges_us[-1] - rates.edges_us[0]) * 1e-6
    line = f"{rates.total:,} events on {size}"
    if rates.total:
        line += f" in {seconds:.3g} s"
        share = rates.counts[:, ON].sum() / rates.total
        hz = rates.total / seconds / (size.width * size.height)
        line += f", {share:.0%} ON, {hz:.3g} Hz a pixel"
    figure.text(left, 1 - 0.64 / height, line, size=10.5, color=_unit(colors.faint), va="center")
    patches = [
        Patch(color=_unit(colors.on), label="ON brighter"),
        Patch(color=_unit(colors.off), label="OFF darker"),
    ]
    figure.legend(
        handles=patches,
        loc="center right",
        bbox_to_anchor=(0.985, 1 - 0.33 / height),
        ncols=2,
        frameon=False,
        labelcolor=ink,
        fontsize=11.5,
        handlelength=1,
        handleheight=1,
    )
    return figure


def _title(axes: Axes, line: str, colors: Palette) -> None:
    axes.set_title(line, size=10.5, color=_unit(colors.ink), loc="left")


def _draw_image(axes: Axes, image: NDArray[np.uint8], colors: Palette) -> None:
    if image.ndim == 2:
        image = np.repeat(image[..., None], 3, axis=2)
    # Pixels stay sharp when they grow and are averaged when they shrink.
    axes.imshow(image, interpolation="auto", interpolation_stage="rgba")
    axes.set(xticks=[], yticks=[])
    for edge in axes.spines.values():
        edge.set_color(_unit(colors.faint))
        edge.set_linewidth(0.5)


def draw_source(axes: Axes, window: Window, source: FrameSource, colors: Palette) -> None:
    """Draw the last frame at or before the end of the window."""
    _, frame = next(iter(with_frames([window], source)))
    if frame is not None:
        _draw_image(axes, frame, colors)
    _title(axes, f"source frame at {window.t1_us / 1e6:.3f} s", colors)


def draw_window(axes: Axes, window: Window, options: ViewOptions, colors: Palette) -> None:
    """Draw the events of the window as one picture."""
    counts = count_events(window.events, at_us=window.t1_us, decay_us=options.decay_us)
    image = color_counts(counts, background=options.background, saturation=options.saturation)
    _draw_image(axes, image, colors)
    line = (
        f"{len(window.events):,} events, {window.t0_us / 1e6:.3f} to {window.t1_us / 1e6:.3f} s"
        f" (full color: {options.saturation:g} a pixel)"
    )
    if options.decay_us:
        line += f", 1/e after {options.decay_us / 1000:.3g} ms"
    _title(axes, line, colors)


def draw_scatter(
    axes: Axes3D,
    events: Events,
    stride: int,
    span: tuple[int, int],
    colors: Palette,
    *,
    zoom: float,
) -> list[str]:
    """Draw events as points: time to the right, the sensor upright.

    Parameters
    ----------
    axes : Axes3D
    events : Events
        Every `stride`-th event of the span.
    stride : int
    span : (start_us, stop_us)
        Ends of the time axis.
    colors : Palette
    zoom : float
        How much of the axes the box fills.

    Returns
    -------
    list of str
        A sentence if events were left out; it stands at the foot of the page, too.
    """
    width, height = events.size
    hues = np.array([_unit(colors.off), _unit(colors.on)])[events.p.astype(np.int64)]
    dot = np.clip(1.1 * (60_000 / max(1, len(events))) ** 0.5, 1.1, 9)  # chosen by eye
    look = {"s": dot, "linewidths": 0, "depthshade": False, "clip_on": False}
    axes.scatter(events.t * 1e-6, events.x, events.y, c=hues, **look)
    axes.set(xlim=(span[0] * 1e-6, span[1] * 1e-6), ylim=(0, width), zlim=(height, 0))
    longest = max(width, height / 0.8)  # a square sensor must not stand taller than its place
    axes.set_box_aspect((2.2, width / longest, height / longest), zoom=zoom)
    axes.view_init(elev=16, azim=-58)
    ink, faint = _unit(colors.ink), _unit(colors.faint)
    axes.set_xlabel("time (s)", color=ink, labelpad=14)
    axes.set_ylabel("x (px)", color=ink)
    axes.set_zlabel("y (px)", color=ink)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.zaxis.set_major_locator(MaxNLocator(5))
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_pane_color((*_unit(colors.background), 1.0))
        axis._axinfo["grid"].update(color=(*faint, 0.25), linewidth=0.6)
        axis.line.set_color(faint)
    axes.tick_params(colors=faint, labelsize=8.5, pad=1)
    axes.patch.set_alpha(0)
    if stride == 1:
        return []
    line = f"The scatter shows every {_ordinal(stride)} event: {len(events):,} points."
    axes.figure.text(0.025, 0.015, line, size=9, color=faint)
    return [line]


def _ordinal(number: int) -> str:
    ending = (
        "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{ending}"


def draw_rates(axes: Axes, rates: Rates, window: Window, colors: Palette) -> None:
    """Draw the event rate over time: signal by polarity, noise by kind, on a log scale.

    Parameters
    ----------
    axes : Axes
    rates : Rates
    window : Window
        Is marked.
    colors : Palette
    """
    hz = rates.counts / rates.bin_s
    curves = [
        ("signal ON", hz[Kind.SIGNAL, ON], colors.on),
        ("signal OFF", hz[Kind.SIGNAL, OFF], colors.off),
    ]
    for kind, name in _KIND_NAMES.items():
        curves.append((name, hz[kind].sum(axis=0), _KIND_COLORS[kind]))
    edges = rates.edges_us * 1e-6
    drawn = [(name, rate, color) for name, rate, color in curves if rate.any()]
    for name, rate, color in drawn:
        shown = np.where(rate > 0, rate, np.nan)  # a log scale has no place for zero
        axes.stairs(shown, edges, color=_unit(color), label=name, linewidth=1.5, baseline=None)
    ink, faint = _unit(colors.ink), _unit(colors.faint)
    axes.axvspan(window.t0_us * 1e-6, window.t1_us * 1e-6, color=faint, alpha=0.35, linewidth=0)
    axes.set_facecolor(_unit(colors.background))
    axes.set_xlim(edges[0], edges[-1])
    axes.set_xlabel("time (s)", color=ink)
    axes.tick_params(which="both", colors=faint, labelsize=8.5)
    axes.grid(color=faint, alpha=0.25, linewidth=0.6)
    for edge in axes.spines.values():
        edge.set_color(faint)
        edge.set_linewidth(0.5)
    if drawn:
        axes.set_yscale("log")
        lowest = min(rate[rate > 0].min() for _, rate, _ in drawn)
        highest = max(rate.max() for _, rate, _ in drawn)
        axes.set_ylim(10 ** np.floor(np.log10(lowest)), 10 ** np.ceil(np.log10(highest * 1.1)))
        axes.yaxis.set_major_formatter(EngFormatter(sep=" "))
        axes.legend(
            ncols=len(drawn),
            frameon=False,
            labelcolor=ink,
            fontsize=9,
            handlelength=1.2,
            loc="lower center",
            bbox_to_anchor=(0.5, 0.99),
            columnspacing=1.4,
        )
    else:
        axes.set_yticks([])
        axes.text(0.5, 0.5, "no events", color=faint, ha="center", transform=axes.transAxes)
    axes.set_ylabel("events per second", color=ink)
