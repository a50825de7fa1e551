"""Figures and films of events, for notebooks and scripts: nothing is written to disk."""

import base64
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from mpl_toolkits.mplot3d import Axes3D

from eventsim.errors import ConfigError
from eventsim.frames import FrameSource
from eventsim.view import panels
from eventsim.view.accumulate import Palette, palette
from eventsim.view.film import write_film
from eventsim.view.picture import busiest_window
from eventsim.view.points import scatter_points
from eventsim.view.windows import (
    Rates,
    Viewable,
    ViewOptions,
    Window,
    count_rates,
    even_bins,
    span_us,
)

WHOLE_US = 100_000
"""A recording that is no longer is drawn whole; of a longer one, the busiest 33 ms. By eye."""
_RATE_BINS = 120
"""In which the busiest moment is looked for; chosen by eye."""
_WIDE_IN, _SPACE_IN = 6.0, (9.6, 5.4)
"""Inches of figures that are made here; chosen by eye."""


@dataclass(frozen=True)
class Film:
    """A film in memory, which a notebook plays.

    Attributes
    ----------
    data : bytes
        MP4, H.264.
    notes : tuple of str
        What it leaves out.
    """

    data: bytes
    notes: tuple[str, ...]

    def _repr_html_(self) -> str:
        text = base64.b64encode(self.data).decode("ascii")
        said = "".join(f"<br><small>{note}</small>" for note in self.notes)
        return (
            '<video controls loop autoplay muted playsinline style="max-width: 100%" '
            f'src="data:video/mp4;base64,{text}"></video>{said}'
        )

    def save(self, path: str | Path) -> None:
        """Write it to a file."""
        Path(path).write_bytes(self.data)


def plot(
    recording: Viewable,
    t0_us: int | None = None,
    t1_us: int | None = None,
    *,
    axes: Axes | None = None,
    **options: Any,
) -> Figure:
    """Draw events of a window of time as one picture.

    Parameters
    ----------
    recording : Events or Recording
    t0_us, t1_us : int, optional
        Window ``t0_us <= t < t1_us``, microseconds. By default all of it, if that is no longer
        than 100 ms, else the 33 ms with the most events.
    axes : matplotlib.axes.Axes, optional
        To draw into; by default those of a new figure.
    **options
        Fields of `eventsim.view.windows.ViewOptions`: ``color="kind"``, ``background="black"``,
        ``saturation``, ``decay_us``.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ConfigError
        If an option is unknown or out of range, or the window is empty.
    """
    chosen, rates = _look(recording, t0_us, t1_us, options)
    start, stop = (round(edge) for edge in rates.edges_us[[0, -1]])
    whole = stop - start <= WHOLE_US or (t0_us is not None and t1_us is not None)
    if whole and not chosen.count:
        window = Window(start, stop, recording.window(start, stop))
    else:
        window = busiest_window(recording, rates, chosen)
    colors = palette(chosen.background)
    if axes is None:
        width, height = recording.size
        inches = (_WIDE_IN, max(1.0, _WIDE_IN * height / width) + 0.35)
        axes = _page(inches, colors).add_axes((0.01, 0.01, 0.98, 0.98 - 0.3 / inches[1]))
        panels.draw_window(axes, window, chosen, colors)
        return _figure_of(axes)
    panels.draw_window(axes, window, chosen, colors)
    # In the middle, so that `axes.set_title` takes its place.
    axes.set_title(axes.get_title(loc="left"), fontsize=8)
    axes.set_title("", loc="left")
    return _figure_of(axes)


def plot_xyt(
    recording: Viewable,
    t0_us: int | None = None,
    t1_us: int | None = None,
    *,
    axes: Axes | None = None,
    **options: Any,
) -> Figure:
    """Draw events as points in space and time.

    Parameters
    ----------
    recording : Events or Recording
    t0_us, t1_us : int, optional
        Window, microseconds. By default 0.3 s around the busiest moment.
    axes : mpl_toolkits.mplot3d.Axes3D, optional
        To draw into (``projection="3d"``); by default those of a new figure.
    **options
        As `plot`.

    Returns
    -------
    matplotlib.figure.Figure
        With up to 100,000 points; where there are more events, every so many-th is drawn, and this
        is said below.

    Raises
    ------
    ConfigError
        As `plot`, or if the axes are flat.
    """
    chosen, rates = _look(recording, t0_us, t1_us, options)
    points, notes = scatter_points(recording, rates, chosen)
    colors = palette(chosen.background)
    if axes is None:
        place = (0.0, 0.0, 1.0, 1.0)
        axes = _page(_SPACE_IN, colors).add_axes(place, projection="3d")
        panels.draw_note(_figure_of(axes), notes, colors)
    if not isinstance(axes, Axes3D):
        raise ConfigError('axes must be in space: plt.subplot(projection="3d") makes such.')
    panels.draw_scatter(axes, points, chosen, colors, zoom=1.3)
    return _figure_of(axes)


def animate(
    recording: Viewable,
    t0_us: int | None = None,
    t1_us: int | None = None,
    *,
    slow: float | None = None,
    source: FrameSource | None = None,
    progress: Callable[[int, int], None] | None = None,
    **options: Any,
) -> Film:
    """Make a film of events, which a notebook plays.

    Parameters
    ----------
    recording : Events or Recording
    t0_us, t1_us : int, optional
        Part to show, microseconds; by default all of it.
    slow : float, optional
        Times slower than real. By default 1, or for a short recording as much as makes 3 s.
    source : FrameSource, optional
        Frames to show on the left, on the time line of the recording.
    progress : callable, optional
        Is called with (pictures done, pictures in all).
    **options
        As `plot`, and ``title``.

    Returns
    -------
    Film

    Raises
    ------
    ConfigError
        As `plot`.
    """
    chosen = _options(t0_us, t1_us, options)
    with tempfile.TemporaryDirectory(prefix="eventsim-") as folder:
        path = Path(folder) / "film.mp4"
        notes = write_film(
            path, recording, options=chosen, source=source, slow=slow, progress=progress
        )
        return Film(path.read_bytes(), tuple(notes))


def _options(t0_us: int | None, t1_us: int | None, options: dict[str, Any]) -> ViewOptions:
    known = ViewOptions.__dataclass_fields__.keys() - {"start_us", "stop_us"}
    wrong = sorted(options.keys() - known)
    if wrong:
        raise ConfigError(f"there is no option {wrong[0]!r}. There are {', '.join(sorted(known))}.")
    return ViewOptions(**{**options, "start_us": t0_us, "stop_us": t1_us})


def _look(
    recording: Viewable, t0_us: int | None, t1_us: int | None, options: dict[str, Any]
) -> tuple[ViewOptions, Rates]:
    chosen = _options(t0_us, t1_us, options)
    if t0_us is not None and t1_us is not None and t0_us < t1_us:
        span = (t0_us, t1_us)  # also where the recording holds nothing
    else:
        span = span_us(recording, chosen)
    return chosen, count_rates(recording, span=span, bins=even_bins(recording, span, _RATE_BINS))


def _page(inches: tuple[float, float], colors: Palette) -> Figure:
    """A figure that a notebook shows; of a plain one it would print the name."""
    figure = panels.bare_page(inches, colors)

    def png() -> bytes:
        file = io.BytesIO()
        figure.savefig(file, format="png")
        return file.getvalue()

    setattr(figure, "_repr_png_", png)  # noqa: B010 - Matplotlib does not know of it
    return figure


def _figure_of(axes: Axes) -> Figure:
    return cast("Figure", axes.get_figure(root=True))
