"""Windows of a recording, one after the other, without holding all of it in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events, Kind, SensorSize
from eventsim.view.accumulate import Background, Coloring, check_decay, palette

READ_US = 250_000
"""Longest piece that is read at once, microseconds. Chosen by eye: a second of a busy VGA sensor
(10 M events) is 140 MB, so a piece stays well under 100 MB."""


WINDOW_US = 1e6 / 30
"""Window of one picture, microseconds, if nothing else is said: a picture of 30 Hz video."""


class Viewable(Protocol):
    """What can be looked at: a recording of a dataset, or `Events` in memory."""

    @property
    def size(self) -> SensorSize:
        """Of the sensor, px."""

    def window(self, t0_us: int, t1_us: int) -> Events:
        """Events with ``t0_us <= t < t1_us``."""


class Window(NamedTuple):
    """Events with ``t0_us <= t < t1_us``."""

    t0_us: int
    t1_us: int
    events: Events


@dataclass(frozen=True)
class ViewOptions:
    """What part of a recording to show, and how.

    Attributes
    ----------
    window_us : float
        Length of the window of one picture, microseconds, >= 1; not used with `count`.
    count : int, optional
        Events in the window of one picture, > 0, instead of a fixed time.
    decay_us : float, optional
        Time constant with which events fade, microseconds, > 0. Left out, they do not.
    start_us, stop_us : int, optional
        Part of the recording to show, on its own time line: start <= t < stop.
    background : {"white", "black"}
        Of the event picture and the page around it.
    saturation : float
        Events of one pixel that give the full color, > 0.
    color : {"polarity", "kind"}
        What the hue of an event says.
    title : str
        Printed on top.

    Raises
    ------
    ConfigError
        If a number is out of range.
    """

    window_us: float = WINDOW_US
    count: int | None = None
    decay_us: float | None = None
    start_us: int | None = None
    stop_us: int | None = None
    background: Background = "white"
    saturation: float = 3.0
    color: Coloring = "polarity"
    title: str = "eventsim"

    def __post_init__(self) -> None:
        palette(self.background)
        if not self.window_us >= 1:
            raise ConfigError(
                "the window must be 0.001 ms or longer, found "
                f"{self.window_us / 1000:g} ms. Try 33."
            )
        if self.count is not None and self.count < 1:
            raise ConfigError(f"the count must be 1 event or more, found {self.count}. Try 20000.")
        if self.decay_us is not None:
            check_decay(self.decay_us)


def span_us(recording: Viewable, options: ViewOptions | None = None) -> tuple[int, int]:
    """First moment and end of what is to be shown.

    Parameters
    ----------
    recording : Viewable
        With `frame_t_us` (from the first to the last frame), or `span_us`, or `Events` (from the
        first to the last event).
    options : ViewOptions, optional
        Its `start_us` and `stop_us` cut the span.

    Returns
    -------
    (start_us, stop_us) : tuple of int
        Half-open, microseconds; a microsecond long if there is nothing.

    Raises
    ------
    ConfigError
        If `start_us` and `stop_us` leave nothing.
    """
    if isinstance(recording, Events):
        times: NDArray[np.int64] = recording.t
    else:
        times = np.asarray(getattr(recording, "frame_t_us", ()), np.int64)
        if not times.size and hasattr(recording, "span_us"):
            times = np.asarray(recording.span_us)
    first, last = (int(times[0]), int(times[-1]) + 1) if times.size else (0, 1)
    start, stop = first, last
    if options and options.start_us is not None:
        start = max(start, options.start_us)
    if options and options.stop_us is not None:
        stop = min(stop, options.stop_us)
    if start >= stop:
        raise ConfigError(
            f"the recording runs from {first / 1e6:g} s to {last / 1e6:g} s; to show it from "
            f"{start / 1e6:g} s to {stop / 1e6:g} s leaves nothing. Choose another start or stop."
        )
    return start, stop


def time_windows(
    recording: Viewable, *, span: tuple[int, int], window_us: float, step_us: float
) -> Iterator[Window]:
    """Windows of a fixed time; they overlap if `step_us` is shorter than `window_us`.

    Parameters
    ----------
    recording : Viewable
    span : (start_us, stop_us)
        What to show, microseconds.
    window_us : float
        Length of a window, microseconds, >= 1.
    step_us : float
        From the end of one window to the end of the next, microseconds, >= 1.

    Yields
    ------
    Window
        The i-th ends ``(i + 1) * step_us`` after the start; the last at `stop_us`. None reaches
        back before the start.
    """
    start, stop = span
    total = time_window_count(span, step_us)
    for i in range(total):
        t1 = start + round((i + 1) * step_us) if i < total - 1 else stop
        # Rounded like t1, so that windows as long as the step leave no gap and share no event.
        t0 = max(start, min(start + round((i + 1) * step_us - window_us), t1 - 1))
        yield Window(t0, t1, recording.window(t0, t1))


def time_window_count(span: tuple[int, int], step_us: float) -> int:
    """Count the windows that `time_windows` yields."""
    # A span ends a microsecond after its last frame: that is no reason for another window.
    return max(1, int(np.ceil((span[1] - span[0] - 1) / step_us - 1e-9)))


def count_windows(recording: Viewable, *, span: tuple[int, int], count: int) -> Iterator[Window]:
    """Windows with a fixed number of events; the last holds what is left.

    Parameters
    ----------
    recording : Viewable
    span : (start_us, stop_us)
        What to show, microseconds.
    count : int
        Events in a window, > 0.

    Yields
    ------
    Window
        Begins where the one before it ended; ends one microsecond after its last event. Events
        of one microsecond may fall into two windows.
    """
    start, stop = span
    waiting = Events.empty(recording.size)
    for piece in pieces(recording, span):
        waiting = Events.concatenate([waiting, piece.events], recording.size)
        for a in range(0, len(waiting) - count + 1, count):
            whole = waiting[a : a + count]
            end = int(whole.t[-1]) + 1
            yield Window(start, end, whole)
            start = end
        waiting = waiting[len(waiting) - len(waiting) % count :]
    if len(waiting):
        yield Window(start, stop, waiting)


def pieces(recording: Viewable, span: tuple[int, int]) -> Iterator[Window]:
    """Read the whole span, once, in pieces of at most `READ_US`."""
    for t0 in range(span[0], span[1], READ_US):
        t1 = min(t0 + READ_US, span[1])
        yield Window(t0, t1, recording.window(t0, t1))


class Rates(NamedTuple):
    """How many events there are in equal bins of time.

    Attributes
    ----------
    edges_us : (B + 1,) ndarray of float64
        Edges of the bins, microseconds.
    counts : (K, 2, B) ndarray of int64
        Events of each `Kind` and polarity (0 OFF, 1 ON).
    """

    edges_us: NDArray[np.float64]
    counts: NDArray[np.int64]

    @property
    def total(self) -> int:
        """Number of events."""
        return int(self.counts.sum())

    @property
    def kinds(self) -> list[Kind]:
        """Kinds that a legend names: those of a simulator; with unknown ones, those there are."""
        there: list[int] = self.counts.sum(axis=(1, 2)).tolist()
        if there[Kind.UNKNOWN]:
            return [kind for kind in Kind if there[kind]]
        return [kind for kind in Kind if kind != Kind.UNKNOWN]

    @property
    def bin_s(self) -> float:
        """Length of a bin, seconds."""
        return float(self.edges_us[1] - self.edges_us[0]) * 1e-6


def even_bins(recording: Viewable, span: tuple[int, int], most: int) -> int:
    """Choose how many bins of time to count in, so that each holds whole frame intervals.

    Bins that hold two frames here and three there make a curve that saws without a reason.

    Parameters
    ----------
    recording : Viewable
        With `frame_t_us`, or any other, which gets `most` bins.
    span : (start_us, stop_us)
    most : int
        Most bins wanted, > 0.

    Returns
    -------
    int
        At most `most`: frame intervals divided by a whole number, or times one.
    """
    times = np.asarray(getattr(recording, "frame_t_us", ()), np.int64)
    intervals = int(np.count_nonzero((times >= span[0]) & (times < span[1]))) - 1
    if intervals < 1:
        return most
    if intervals <= most:
        return intervals * (most // intervals)
    return intervals // -(-intervals // most)


def count_rates(recording: Viewable, *, span: tuple[int, int], bins: int) -> Rates:
    """Count events by time, kind and polarity, reading the recording once.

    Parameters
    ----------
    recording : Viewable
    span : (start_us, stop_us)
        What to count, microseconds.
    bins : int
        Number of bins, > 0; never more than there are microseconds.

    Returns
    -------
    Rates
    """
    start, stop = span
    bins = min(bins, stop - start)
    counts = np.zeros(len(Kind) * 2 * bins, np.int64)
    for piece in pieces(recording, span):
        events = piece.events
        # Exact in integers: event times are below 2**53 / bins in any real recording.
        at = (events.t - start) * bins // (stop - start)
        row = events.kind.astype(np.int64) * 2 + events.p
        counts += np.bincount(row * bins + at, minlength=counts.size)
    return Rates(np.linspace(start, stop, bins + 1), counts.reshape(len(Kind), 2, bins))
