"""Parts of a still: page, images, events in space and time, rates by kind."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import EngFormatter, MaxNLocator
from mpl_toolkits.mplot3d import Axes3D
from numpy.typing import NDArray

from eventsim.events import Kind, SensorSize, is_noise
from eventsim.frames import FrameSource
from eventsim.view.accumulate import KIND_NAMES, OFF, ON, Palette, Rgb, color_counts, weigh_events
from eventsim.view.gray import with_frames
from eventsim.view.points import Points
from eventsim.view.windows import Rates, ViewOptions, Window

_DPI = 110  # chosen by eye


def _unit(color: Rgb) -> tuple[float, float, float]:
    return (color[0] / 255, color[1] / 255, color[2] / 255)


def bare_page(inches: tuple[float, float], colors: Palette) -> Figure:
    """Prepare a page without anything on it."""
    figure = Figure(figsize=inches, dpi=_DPI, facecolor=_unit(colors.page))
    FigureCanvasAgg(figure)
    return figure


def figure_page(
    inches: tuple[float, float],
    options: ViewOptions,
    rates: Rates,
    size: SensorSize,
    colors: Palette,
) -> Figure:
    """Prepare a page with title, numbers and the legend of the polarities."""
    figure = bare_page(inches, colors)
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
        line += f", {share:.0%} ON, {hz:.3g} Hz per pixel"
    figure.text(left, 1 - 0.64 / height, line, size=10.5, color=_unit(colors.faint), va="center")
    legend = colors.legend(options.color, rates.kinds)
    patches = [Patch(color=_unit(hue), label=label) for label, hue in legend]
    figure.legend(
        handles=patches,
        loc="center right",
        bbox_to_anchor=(0.985, 1 - 0.33 / height),
        ncols=len(patches),
        frameon=False,
        labelcolor=ink,
        fontsize=11.5,
        handlelength=1,
        handleheight=1,
    )
    return figure


def _title(axes: Axes, line: str, colors: Palette) -> None:
    axes.set_title(line, size=10.5, color=_unit(colors.ink), loc="left")


def draw_image(axes: Axes, image: NDArray[np.uint8], colors: Palette) -> None:
    """Draw a picture, gray or colored, without axes."""
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
        draw_image(axes, frame, colors)
    _title(axes, f"source frame at {window.t1_us / 1e6:.3f} s", colors)


def draw_window(axes: Axes, window: Window, options: ViewOptions, colors: Palette) -> None:
    """Draw the events of the window as one picture."""
    counts = weigh_events(
        window.events, at_us=window.t1_us, decay_us=options.decay_us, by=options.color
    )
    image = color_counts(
        counts, background=options.background, saturation=options.saturation, by=options.color
    )
    draw_image(axes, image, colors)
    line = (
        f"{len(window.events):,} events, {window.t0_us / 1e6:.3f} to {window.t1_us / 1e6:.3f} s"
        f" (full color: {options.saturation:g} events per pixel)"
    )
    if options.decay_us:
        line += f", 1/e after {options.decay_us / 1000:.3g} ms"
    _title(axes, line, colors)


def draw_scatter(
    axes: Axes3D, points: Points, options: ViewOptions, colors: Palette, *, zoom: float
) -> None:
    """Draw events as points: time to the right, the sensor upright; noise under the signal.

    Parameters
    ----------
    axes : Axes3D
    points : Points
        Its span is that of the time axis.
    options : ViewOptions
    colors : Palette
    zoom : float
        How much of the axes the box fills.
    """
    events, span = points.events, points.span
    width, height = events.size
    hues = colors.hues(options.color) / 255
    dot = np.clip(1.1 * (60_000 / max(1, len(events))) ** 0.5, 1.1, 9)  # chosen by eye
    look = {"linewidths": 0, "depthshade": False, "clip_on": False, "rasterized": True}
    axes.computed_zorder = False
    for layer, noisy in enumerate((True, False)):
        some = events[is_noise(events.kind) == noisy]
        which = some.kind if options.color == "kind" else some.p
        color, size = hues[which.astype(np.int64)], 0.6 * dot if noisy else dot
        axes.scatter(some.t * 1e-6, some.x, some.y, c=color, s=size, zorder=10 + layer, **look)
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


def draw_note(figure: Figure, notes: list[str], colors: Palette) -> None:
    """Write what is left out at the foot of the page."""
    figure.text(0.025, 0.015, " ".join(notes), size=9, color=_unit(colors.faint))


def draw_rates(axes: Axes, rates: Rates, window: Window | None, colors: Palette) -> None:
    """Draw the event rate over time: signal by polarity, noise by kind, on a log scale.

    Events of unknown kind are drawn by polarity, too.

    Parameters
    ----------
    axes : Axes
    rates : Rates
    window : Window or None
        Is marked.
    colors : Palette
    """
    hz = rates.counts / rates.bin_s
    curves = [
        ("signal ON", hz[Kind.SIGNAL, ON], colors.on),
        ("signal OFF", hz[Kind.SIGNAL, OFF], colors.off),
        ("ON", hz[Kind.UNKNOWN, ON], colors.on),
        ("OFF", hz[Kind.UNKNOWN, OFF], colors.off),
    ]
    for kind, name in KIND_NAMES.items():
        if kind not in (Kind.SIGNAL, Kind.UNKNOWN):
            curves.append((name, hz[kind].sum(axis=0), colors.kinds[kind]))
    edges = rates.edges_us * 1e-6
    drawn = [(name, rate, color) for name, rate, color in curves if rate.any()]
    for name, rate, color in drawn:
        shown = np.where(rate > 0, rate, np.nan)  # a log scale has no place for zero
        axes.stairs(shown, edges, color=_unit(color), label=name, linewidth=1.5, baseline=None)
    ink, faint = _unit(colors.ink), _unit(colors.faint)
    if window is not None:
        axes.axvspan(window.t0_us * 1e-6, window.t1_us * 1e-6, color=faint, alpha=0.35, lw=0)
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
