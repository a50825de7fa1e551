"""Stills of a recording: events of one window, events in space and time, rates by kind."""

from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Literal, get_args

from matplotlib.figure import Figure

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.frames import FrameSource
from eventsim.view import panels
from eventsim.view.accumulate import palette
from eventsim.view.points import scatter_points
from eventsim.view.windows import (
    Rates,
    Viewable,
    ViewOptions,
    Window,
    count_rates,
    count_windows,
    even_bins,
    span_us,
)

SUFFIXES = (".png", ".pdf", ".svg")

Panel = Literal["events", "frame", "scatter", "rate"]
"""A part of the page, alone."""

PANEL_INCHES = 6.0
"""Width of a panel; a column of a paper is 3.5 wide, so its text stays readable. By eye."""

_STAMPS = {".png": "Software", ".pdf": "CreationDate", ".svg": "Date"}
_RATE_BINS = 120  # chosen by eye
_Box = tuple[float, float, float, float]


def write_picture(
    path: str | PathLike[str],
    recording: Viewable,
    *,
    options: ViewOptions | None = None,
    source: FrameSource | None = None,
) -> list[str]:
    """Write a still that explains a recording: frame, events, events in time, rates by kind.

    The event picture is of the busiest moment. Reads the recording twice, piece by piece;
    memory does not grow with its length.

    Parameters
    ----------
    path : str or path-like
        ``.png``, ``.pdf`` or ``.svg``.
    recording : Viewable
        A recording of a dataset, or `Events`. May be empty.
    options : ViewOptions, optional
    source : FrameSource, optional
        Its frame at that moment is shown; times on the time line of the recording.

    Returns
    -------
    list of str
        What the picture leaves out, one sentence each.

    Raises
    ------
    ConfigError
        If the path has another ending or cannot be written.
    """
    path, options = checked_path(path), options or ViewOptions()
    colors = palette(options.background)
    span = span_us(recording, options)
    bins = even_bins(recording, span, _RATE_BINS)
    rates = count_rates(recording, span=span, bins=bins)
    window = busiest_window(recording, rates, options)
    points, note = scatter_points(recording, rates, options)
    # Inches, chosen by eye; the row of pictures is as high as a picture that fills its half.
    wide, half = 12.8, 6.0
    images = max(2.8, min(4.8, half * recording.size.height / recording.size.width))
    high = 1.2 + images + 4.6
    figure = panels.figure_page((wide, high), options, rates, recording.size, colors)

    def place(left: float, top: float, width: float, height: float) -> _Box:
        return left / wide, 1 - (top + height) / high, width / wide, height / high

    left, right = place(0.3, 1.2, half, images), place(6.5, 1.2, half, images)
    if source is not None:
        panels.draw_source(figure.add_axes(left), window, source, colors)
        panels.draw_window(figure.add_axes(right), window, options, colors)
        scatter, zoom = place(-0.1, images + 1.2, 6.1, 4.5), 1.15
        curve = place(7.2, images + 1.9, 5.3, 3.3)
    else:
        panels.draw_window(figure.add_axes(left), window, options, colors)
        scatter, zoom = place(0, images + 1.1, wide, 4.7), 1.38
        curve = place(7.2, 1.5, 5.3, images - 0.8)
    space = figure.add_axes(scatter, projection="3d")
    panels.draw_scatter(space, points, options, colors, zoom=zoom)
    panels.draw_note(figure, note, colors)
    panels.draw_rates(figure.add_axes(curve), rates, window, colors)
    save_figure(figure, path)
    return note


def write_panel(
    path: str | PathLike[str],
    recording: Viewable,
    panel: Panel,
    *,
    options: ViewOptions | None = None,
    source: FrameSource | None = None,
) -> list[str]:
    """Write one part of the page alone, without title or legend, as papers want it.

    Parameters
    ----------
    path : str or path-like
        ``.png``, ``.pdf`` or ``.svg``.
    recording : Viewable
        A recording of a dataset, or `Events`. May be empty.
    panel : {"events", "frame", "scatter", "rate"}
        Of the busiest moment the events or the frame, the events in space and time, or their rate.
    options : ViewOptions, optional
    source : FrameSource, optional
        Needed for ``frame``.

    Returns
    -------
    list of str
        What the picture leaves out, one sentence each.

    Raises
    ------
    ConfigError
        If there is no such panel, no source for a frame, or the path cannot be written.
    """
    path, options = checked_path(path), options or ViewOptions()
    if panel not in get_args(Panel):
        raise ConfigError(f"panel must be one of {', '.join(get_args(Panel))}, found {panel!r}.")
    if panel == "frame" and source is None:
        raise ConfigError("the panel frame needs the source of the recording. Say where it is.")
    colors = palette(options.background)
    colors = replace(colors, page=colors.background)
    span = span_us(recording, options)
    rates = count_rates(recording, span=span, bins=even_bins(recording, span, _RATE_BINS))
    window = busiest_window(recording, rates, options)
    size = recording.size
    tall = {"scatter": 0.62, "rate": 0.5}.get(panel, size.height / size.width)
    figure = panels.bare_page((PANEL_INCHES, PANEL_INCHES * tall), colors)
    note: list[str] = []
    if panel == "scatter":
        points, note = scatter_points(recording, rates, options)
        space = figure.add_axes((-0.06, 0.0, 1.0, 1.0), projection="3d")
        panels.draw_scatter(space, points, options, colors, zoom=1.15)
    elif panel == "rate":
        panels.draw_rates(figure.add_axes((0.13, 0.16, 0.84, 0.72)), rates, None, colors)
    else:
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        if panel == "events":
            panels.draw_window(axes, window, options, colors)
        elif source is not None:
            panels.draw_source(axes, window, source, colors)
        axes.set_title("")
        axes.set_axis_off()
    save_figure(figure, path)
    return note


def write_scatter(
    path: str | PathLike[str], recording: Viewable, *, options: ViewOptions | None = None
) -> list[str]:
    """Write a still of the events as points in space and time.

    Parameters
    ----------
    path : str or path-like
        ``.png``, ``.pdf`` or ``.svg``.
    recording : Viewable
        A recording of a dataset, or `Events`. May be empty.
    options : ViewOptions, optional
        Its window is not used: `eventsim.view.points.SCATTER_US` around the busiest moment are
        shown, or all from start to stop if these are given.

    Returns
    -------
    list of str
        What the picture leaves out, one sentence each; the picture says it, too.

    Raises
    ------
    ConfigError
        If the path has another ending or cannot be written.
    """
    path, options = checked_path(path), options or ViewOptions()
    colors = palette(options.background)
    span = span_us(recording, options)
    bins = even_bins(recording, span, _RATE_BINS)
    rates = count_rates(recording, span=span, bins=bins)
    points, note = scatter_points(recording, rates, options)
    figure = panels.figure_page((12.8, 7.2), options, rates, recording.size, colors)
    axes = figure.add_axes((0.0, -0.06, 1.0, 1.03), projection="3d")
    panels.draw_scatter(axes, points, options, colors, zoom=1.38)
    panels.draw_note(figure, note, colors)
    save_figure(figure, path)
    return note


def busiest_window(recording: Viewable, rates: Rates, options: ViewOptions) -> Window:
    """Find the window around the bin with the most events.

    Parameters
    ----------
    recording : Viewable
    rates : Rates
        Of what is to be shown.
    options : ViewOptions
        With `count` the window begins with that bin and holds so many events, or what is left.

    Returns
    -------
    Window
        Of the first of equal bins.
    """
    start, stop = int(rates.edges_us[0]), int(rates.edges_us[-1])
    best = int(rates.counts.sum(axis=(0, 1)).argmax())
    if options.count:
        begin = int(rates.edges_us[best])
        windows = count_windows(recording, span=(begin, stop), count=options.count)
        return next(windows, Window(start, stop, Events.empty(recording.size)))
    window_us = options.window_us
    if options.decay_us:
        window_us = max(window_us, 5 * options.decay_us)  # what is older has faded below 1 %
    middle = (rates.edges_us[best] + rates.edges_us[best + 1]) / 2
    t1 = min(stop, max(start + 1, round(middle + options.window_us / 2)))
    t0 = max(start, min(t1 - 1, round(t1 - window_us)))
    return Window(t0, t1, recording.window(t0, t1))


def checked_path(path: str | PathLike[str]) -> Path:
    """A path that pictures can have.

    Raises
    ------
    ConfigError
        If it has another ending than one of `SUFFIXES`.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise ConfigError(
            f"a picture must end in {', '.join(SUFFIXES)}, found '{path}'. Rename the output."
        )
    return path


def save_figure(figure: Figure, path: Path) -> None:
    """Write a page, equal for equal pages.

    Raises
    ------
    ConfigError
        If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The same events give the same file: without the time at which it was written.
        figure.savefig(path, metadata={_STAMPS[path.suffix.lower()]: None})
    except OSError as error:
        raise ConfigError(
            f"the picture could not be written to '{path}': {error.strerror or error}. "
            "Choose another output."
        ) from error
