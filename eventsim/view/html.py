"""Events in a notebook: a small picture, and what they are."""

import base64
from html import escape

import cv2
import numpy as np

from eventsim.events import Events, Kind
from eventsim.view.accumulate import KIND_NAMES, accumulate
from eventsim.view.windows import WINDOW_US

WIDEST_PX = 240
"""Of the picture; chosen by eye."""


def html_of(events: Events) -> str:
    """Events as HTML: the 33 ms with the most of them as a picture, and a few numbers.

    Parameters
    ----------
    events : Events

    Returns
    -------
    str
        One element, with nothing from outside of it.
    """
    rows = [("events", f"{len(events):,}"), ("sensor", str(events.size))]
    if not len(events):
        return _page("", rows)
    first, last = int(events.t[0]), int(events.t[-1])
    seconds = (last - first) * 1e-6
    rows.append(("time", f"{first:,} to {last:,} us"))
    if seconds:
        hz = len(events) / seconds / (events.size.width * events.size.height)
        rows.append(("rate", f"{hz:.3g} Hz per pixel"))
    rows.append(("ON", f"{np.mean(events.p):.1%}"))
    counts = np.bincount(events.kind, minlength=len(Kind))
    kinds = [f"{KIND_NAMES[k]} {counts[k] / len(events):.1%}" for k in Kind if counts[k]]
    rows.append(("kinds", ", ".join(kinds)))
    t0 = _busiest_us(events)
    shown = events.window(t0, t0 + round(WINDOW_US))
    rows.append(("picture", f"from {t0:,} us on, {WINDOW_US / 1000:.0f} ms"))
    return _page(_png(shown), rows)


def _busiest_us(events: Events) -> int:
    """Beginning of the 33 ms, on a grid of them, with the most events."""
    first = int(events.t[0])
    step = round(WINDOW_US)
    starts = np.arange(first, int(events.t[-1]) + 1, step)
    edges = np.searchsorted(events.t, np.append(starts, starts[-1] + step))
    return int(starts[np.argmax(np.diff(edges))])


def _png(events: Events) -> str:
    image = accumulate(events)
    scale = WIDEST_PX / image.shape[1]
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
    size = (WIDEST_PX, max(1, round(image.shape[0] * scale)))
    small = cv2.resize(image, size, interpolation=how)
    data = cv2.imencode(".png", small[:, :, ::-1])[1].tobytes()
    text = base64.b64encode(data).decode("ascii")
    return f'<img alt="events" style="border: 1px solid #bbb" src="data:image/png;base64,{text}">'


def _page(picture: str, rows: list[tuple[str, str]]) -> str:
    cells = "".join(
        f'<tr><td style="text-align: left"><b>{name}</b></td>'
        f'<td style="text-align: left">{escape(value)}</td></tr>'
        for name, value in rows
    )
    return (
        '<div style="display: flex; gap: 1em; flex-wrap: wrap; align-items: center">'
        f"{picture}<table>{cells}</table></div>"
    )
