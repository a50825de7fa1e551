"""A film of a recording: the source and the events side by side, with a legend and a time line."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.frames import FrameSource
from eventsim.view.encode import GIF_LIMIT, check_film_path, encode_film
from eventsim.view.page import Layout, film_pages
from eventsim.view.windows import (
    Viewable,
    ViewOptions,
    count_rates,
    count_windows,
    even_bins,
    span_us,
    time_window_count,
    time_windows,
)

Image = NDArray[np.uint8]

SHORTEST_S = 3.0
"""Of a film, unless another speed is asked for; chosen by eye."""
_NEARLY = 0.99  # of it is enough

_CURVE_BINS = 400  # chosen by eye: about three pixels per bin


def write_film(
    path: str | PathLike[str],
    recording: Viewable,
    *,
    options: ViewOptions | None = None,
    source: FrameSource | None = None,
    fps: float = 30.0,
    slow: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[str]:
    """Write a film of events, beside the frames they were made from.

    Reads the recording twice, window by window: once for the curve of the event rate at the
    bottom, once for the pictures. Memory does not grow with its length.

    Parameters
    ----------
    path : str or path-like
        ``.mp4`` (H.264) or ``.gif`` (at most 300 pictures, half the size).
    recording : Viewable
        A recording of a dataset, or `Events`. May be empty.
    options : ViewOptions, optional
        What to show. With `count`, each picture holds so many events, and time runs unevenly.
    source : FrameSource, optional
        Frames to show on the left, with times on the time line of the recording.
    fps : float
        Pictures a second of the film, > 0.
    slow : float, optional
        Times slower than real, > 0; not with `count`. By default 1, or of a short recording as
        much as makes the film `SHORTEST_S` long.
    progress : callable, optional
        Is called with (pictures done, pictures in all).

    Returns
    -------
    list of str
        What the film leaves out, one sentence each.

    Raises
    ------
    ConfigError
        If an option is out of range, or the path cannot be written.
    """
    path = Path(path)
    options = options or ViewOptions()
    check_film_path(path)
    _check_speed(fps, 1.0 if slow is None else slow, options)
    span = span_us(recording, options)
    asked = slow is not None or bool(options.count)
    slow = (slow or 1.0) if asked else slow_for(span)
    bins = even_bins(recording, span, _CURVE_BINS)
    rates = count_rates(recording, span=span, bins=bins)
    step_us = 1e6 / (fps * slow)
    if options.decay_us and options.window_us < step_us:
        options = replace(options, window_us=step_us)  # no event may be missed while others fade
    if options.count:
        windows = count_windows(recording, span=span, count=options.count)
        total = max(1, -(-rates.total // options.count))
    else:
        windows = time_windows(recording, span=span, window_us=options.window_us, step_us=step_us)
        total = time_window_count(span, step_us)
    gif = path.suffix.lower() == ".gif"
    if gif and total > GIF_LIMIT:
        raise ConfigError(
            f"a GIF may have {GIF_LIMIT} pictures, this one would have {total}. Write an .mp4, or "
            "choose a shorter part or fewer pictures per second."
        )
    layout = Layout.of(recording.size, two=source is not None, gif=gif)
    pages = film_pages(windows, rates, layout=layout, options=options, source=source, slow=slow)
    encode_film(path, _counted(pages, total, progress), fps=fps)
    notes = _notes(options, step_us, total)
    if not asked and slow > 1:
        seconds = (span[1] - span[0]) * 1e-6
        notes.append(
            f"It plays {slow:g} times slower than real: in real time {seconds:.2g} s long."
        )
    return notes


def slow_for(span: tuple[int, int]) -> float:
    """How many times slower a recording must play to last `SHORTEST_S`: 1, 2, 3, 5, 10, 20, ...

    Examples
    --------
    >>> slow_for((0, 4_000_000)), slow_for((0, 1_200_000)), slow_for((0, 300_000))
    (1.0, 3.0, 10.0)
    """
    wanted = SHORTEST_S * 1e6 / (span[1] - span[0])
    if wanted * _NEARLY <= 1 or span[1] - span[0] <= 1:  # long enough, or nothing at all
        return 1.0
    power = 10.0 ** np.floor(np.log10(wanted * _NEARLY))
    return float(next(power * n for n in (1, 2, 3, 5, 10) if power * n >= wanted * _NEARLY))


def _check_speed(fps: float, slow: float, options: ViewOptions) -> None:
    for name, value in (("fps", fps), ("slow", slow)):
        if not 0 < value < float("inf"):
            raise ConfigError(f"{name} must be a number above 0, found {value:g}.")
    if options.count and slow != 1:
        raise ConfigError(
            "a film with a fixed count of events has no even time to slow down, found a count of "
            f"{options.count} and slow {slow:g}. Choose a smaller count, or a window of time."
        )


def _counted(
    pages: Iterator[Image], total: int, progress: Callable[[int, int], None] | None
) -> Iterator[Image]:
    for done, page in enumerate(pages, 1):
        yield page
        if progress:
            progress(done, total)


def _notes(options: ViewOptions, step_us: float, total: int) -> list[str]:
    if options.count or options.decay_us or options.window_us >= step_us - 1 or total == 1:
        return []
    shown = options.window_us / step_us
    return [
        f"The pictures show {shown:.0%} of the time: a window of {options.window_us / 1000:g} ms "
        f"every {step_us / 1000:.3g} ms. A longer window or slower playback shows all events."
    ]
