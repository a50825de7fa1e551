"""Stills of a recording: events of one window, events in space and time, rates by kind."""

from os import PathLike
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.frames import FrameSource
from eventsim.view import panels
from eventsim.view.accumulate import palette
from eventsim.view.windows import (
    Rates,
    Viewable,
    ViewOptions,
    Window,
    count_rates,
    count_windows,
    even_bins,
    pieces,
    span_us,
)

POINT_LIMIT = 100_000
"""Most points in a scatter; more take seconds to draw and only hide each other."""

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
        ``.png``.
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
        If the path does not end in .png or cannot be written.
    """
    path, options = _checked(path), options or ViewOptions()
    colors = palette(options.background)
    span = span_us(recording, options)
    bins = even_bins(recording, span, _RATE_BINS)
    rates = count_rates(recording, span=span, bins=bins)
    window = busiest_window(recording, rates, options)
    points, stride = thin(recording, span, rates.total)
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
    note = panels.draw_scatter(space, points, stride, span, colors, zoom=zoom)
    panels.draw_rates(figure.add_axes(curve), rates, window, colors)
    _save(figure, path)
    return note


def write_scatter(
    path: str | PathLike[str], recording: Viewable, *, options: ViewOptions | None = None
) -> list[str]:
    """Write a still of the events as points in space and time.

    Parameters
    ----------
    path : str or path-like
        ``.png``.
    recording : Viewable
        A recording of a dataset, or `Events`. May be empty.
    options : ViewOptions, optional
        Its window is not used: all events from start to stop are shown, or every n-th if they
        are more than `POINT_LIMIT`.

    Returns
    -------
    list of str
        What the picture leaves out, one sentence each; the picture says it, too.

    Raises
    ------
    ConfigError
        If the path does not end in .png or cannot be written.
    """
    path, options = _checked(path), options or ViewOptions()
    colors = palette(options.background)
    span = span_us(recording, options)
    rates = count_rates(recording, span=span, bins=1)
    points, stride = thin(recording, span, rates.total)
    figure = panels.figure_page((12.8, 7.2), options, rates, recording.size, colors)
    axes = figure.add_axes((0.0, -0.06, 1.0, 1.03), projection="3d")
    note = panels.draw_scatter(axes, points, stride, span, colors, zoom=1.38)
    _save(figure, path)
    return note


def thin(recording: Viewable, span: tuple[int, int], total: int) -> tuple[Events, int]:
    """Take every n-th event, so that at most `POINT_LIMIT` are left.

    Parameters
    ----------
    recording : Viewable
    span : (start_us, stop_us)
    total : int
        Number of events in the span.

    Returns
    -------
    (events, n) : (Events, int)
        The first event is always among them.
    """
    stride = max(1, -(-total // POINT_LIMIT))
    kept, seen = [], 0
    for piece in pieces(recording, span):
        # By index, which copies: a slice would keep the whole piece in memory.
        kept.append(piece.events[np.arange(-seen % stride, len(piece.events), stride)])
        seen += len(piece.events)
    return Events.concatenate(kept, recording.size), stride


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


def _checked(path: str | PathLike[str]) -> Path:
    path = Path(path)
    if path.suffix.lower() != ".png":
        raise ConfigError(f"a picture must end in .png, found '{path}'. Rename the output.")
    return path


def _save(figure: Figure, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Software": None})
    except OSError as error:
        raise ConfigError(
            f"the picture could not be written to '{path}': {error.strerror or error}. "
            "Choose another output."
        ) from error
