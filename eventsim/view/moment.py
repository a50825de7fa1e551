"""A moment of a recording: the frame, the events of a while, and where in the recording it is."""

from matplotlib.figure import Figure

from eventsim.frames import FrameSource
from eventsim.view import panels
from eventsim.view.accumulate import palette
from eventsim.view.windows import Viewable, ViewOptions, Window, count_rates, even_bins

_WIDE_IN = 11.0
_BINS = 60
"""Chosen by eye."""


def draw_moment(
    recording: Viewable,
    source: FrameSource,
    *,
    span: tuple[int, int],
    at_us: int,
    options: ViewOptions | None = None,
) -> Figure:
    """Draw the frame at a moment, the events until then, and the rates by kind over time.

    Parameters
    ----------
    recording : Viewable
    source : FrameSource
        On the time line of the recording.
    span : (start_us, stop_us)
        Of the rates.
    at_us : int
        End of the window of events, whose length the options say.
    options : ViewOptions, optional

    Returns
    -------
    matplotlib.figure.Figure
    """
    options = options or ViewOptions()
    colors = palette(options.background)
    start = max(span[0], at_us - round(options.window_us))
    window = Window(start, at_us, recording.window(start, at_us))
    width, height = recording.size
    picture = (_WIDE_IN - 0.4) / 2 * height / width
    high = picture + 3.1
    figure = panels.bare_page((_WIDE_IN, high), colors)
    half, top = 0.5 - 0.2 / _WIDE_IN, picture / high
    base = 1 - top - 0.35 / high
    panels.draw_source(figure.add_axes((0.01, base, half, top)), window, source, colors)
    panels.draw_window(figure.add_axes((0.995 - half, base, half, top)), window, options, colors)
    rates = count_rates(recording, span=span, bins=even_bins(recording, span, _BINS))
    below = figure.add_axes((0.07, 0.55 / high, 0.91, 1.7 / high))
    panels.draw_rates(below, rates, window, colors)
    return figure
