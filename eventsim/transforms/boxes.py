"""Boxes over time, from a file or from elsewhere, and the events that lie in them."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.formats.detection import BOX, ENDING, read_detections


class Box(NamedTuple):
    """Where somebody is at one time.

    Attributes
    ----------
    t_us : int
        On the time line of the recording, microseconds.
    x0, y0, x1, y1 : float
        Columns ``x0 <= x < x1`` and rows ``y0 <= y < y1``, px.
    id : str
        Of the recording; "" is for all.
    label : str
        What is in it; "" if nobody says.
    track : int
        The same for the same object over time; -1 if nobody says.
    confidence : float
        Of who found it, 0 to 1.
    """

    t_us: int
    x0: float
    y0: float
    x1: float
    y1: float
    id: str = ""
    label: str = ""
    track: int = -1
    confidence: float = 1.0


_NAMES = Box._fields[:5]


def read_boxes(path: str | Path) -> tuple[Box, ...]:
    """Boxes of a file, sorted by time.

    Parameters
    ----------
    path : path
        CSV with a header, or a JSON list of objects: t_us, x0, y0, x1, y1 and, where a dataset has
        several recordings, id; label, track and confidence may be there. Or the NAME_bbox.npy of a
        detection set, of which the recording is not named.

    Raises
    ------
    ConfigError
        If it is none, or a row is wrong.
    """
    path = Path(path)
    if path.name.endswith(ENDING):
        return boxes_of_detections(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows: Any
        if path.suffix.lower() == ".json":
            rows = json.loads(text)
        else:
            rows = list(csv.DictReader(text.splitlines()))
    except OSError as error:
        raise ConfigError(f"cannot read the boxes {path}: {error.strerror}.") from None
    except ValueError as error:
        raise ConfigError(f"{path} is not a table of boxes: {error}.") from None
    if not isinstance(rows, list) or not rows:
        raise ConfigError(f"{path} lists no boxes.")
    return tuple(sorted(_box(row, number, path) for number, row in enumerate(rows, 1)))


def boxes_of_detections(path: Path, name: str = "") -> tuple[Box, ...]:
    """Boxes of a detection set's NAME_bbox.npy, for the recording of that id.

    Raises
    ------
    ConfigError
        If it cannot be read. Boxes without an area are left out.
    """
    try:
        rows = read_detections(path)
    except OSError as error:
        raise ConfigError(f"cannot read the boxes {path}: {error}") from None
    good = rows[(rows["w"] > 0) & (rows["h"] > 0) & np.isfinite(rows["x"] + rows["y"])]
    return tuple(
        Box(t, x, y, x + w, y + h, name, str(label), track, confidence)
        for t, x, y, w, h, label, track, confidence in good.tolist()
    )


def as_detections(boxes: Sequence[Box]) -> NDArray[np.void]:
    """Boxes as a detection set has them; labels must be numbers, or are numbered in their order."""
    labels = sorted({box.label for box in boxes})
    numbers = {label: k for k, label in enumerate(labels)}
    if all(label.isdigit() for label in labels):
        numbers = {label: int(label) for label in labels}
    rows = [
        (b.t_us, b.x0, b.y0, b.x1 - b.x0, b.y1 - b.y0, numbers[b.label], max(0, b.track),
         b.confidence)
        for b in boxes
    ]  # fmt: skip
    return np.array(rows, BOX)


def write_boxes(path: Path, boxes: Sequence[Box]) -> None:
    """Write a CSV that `read_boxes` takes."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Box._fields)
        writer.writerows((f"{v:.9g}" if isinstance(v, float) else v for v in box) for box in boxes)


def given_boxes(boxes: Sequence[Box] | str) -> tuple[Box, ...]:
    """Boxes that a transform was given, or those of a file, sorted by time.

    Raises
    ------
    ConfigError
        If one is none.
    """
    if isinstance(boxes, str):
        return read_boxes(boxes)
    try:
        return tuple(sorted(_checked(Box(*box)) for box in boxes))
    except (TypeError, ValueError) as error:
        raise ConfigError(
            f"boxes are (t_us, x0, y0, x1, y1) with x0 < x1 and y0 < y1: {error}."
        ) from None


def boxes_of(boxes: Sequence[Box], name: str) -> tuple[Box, ...]:
    """Boxes of one recording, by its id, and those of all."""
    return tuple(box for box in boxes if box.id in ("", name))


def as_rows(boxes: Sequence[Box]) -> NDArray[np.float64]:
    """(n, 5) float64: t_us, x0, y0, x1, y1."""
    return np.array([box[:5] for box in boxes], np.float64).reshape(-1, 5)


def in_boxes(
    events: Events, rows: NDArray[np.float64], margin: float, hold_us: float
) -> NDArray[np.bool_]:
    """Which events lie in a box.

    Parameters
    ----------
    events : Events
    rows : (n, 5) ndarray of float64
        t_us, x0, y0, x1, y1.
    margin : float
        Share of its width and height that a box is enlarged by on each side.
    hold_us : float
        A box counts so long before its time and after it.

    Returns
    -------
    (N,) ndarray of bool
    """
    inside = np.zeros(len(events), np.bool_)
    if not len(rows) or not len(events):
        return inside
    starts, stops = rows[:, 0] - hold_us, rows[:, 0] + hold_us + 1
    wide, high = margin * (rows[:, 3] - rows[:, 1]), margin * (rows[:, 4] - rows[:, 2])
    corners = np.column_stack(
        [
            np.floor(rows[:, 1] - wide),
            np.floor(rows[:, 2] - high),
            np.ceil(rows[:, 3] + wide),
            np.ceil(rows[:, 4] + high),
        ]
    )
    limits = np.array([*events.size, *events.size])
    corners = np.clip(corners, 0, limits).astype(np.int64)
    edges = np.unique(np.concatenate([starts, stops]))
    first = np.searchsorted(events.t, edges)
    for edge, start, stop in zip(edges[:-1], first[:-1], first[1:], strict=True):
        if start == stop:
            continue
        image = np.zeros((events.size.height, events.size.width), np.bool_)
        for x0, y0, x1, y1 in corners[(starts <= edge) & (edge < stops)]:
            image[y0:y1, x0:x1] = True
        inside[start:stop] = image[events.y[start:stop], events.x[start:stop]]
    return inside


def _box(row: Any, number: int, path: Path) -> Box:
    try:
        t_us, x0, y0, x1, y1 = (float(row[name]) for name in _NAMES)
        named = str(row.get("id") or ""), str(row.get("label") or "")
        found = int(row.get("track") or -1), float(row.get("confidence") or 1.0)
        return _checked(Box(round(t_us), x0, y0, x1, y1, *named, *found))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        reason = f"it has no {error}" if isinstance(error, KeyError) else str(error)
        raise ConfigError(
            f"box {number} of {path} is none: {reason}. It must have t_us, x0, y0, x1, y1, with "
            "x0 < x1 and y0 < y1."
        ) from None


def _checked(box: Box) -> Box:
    if not all(np.isfinite(value) for value in box[:5]):
        raise ValueError("a number is not finite")
    if not (box.x0 < box.x1 and box.y0 < box.y1):
        raise ValueError(f"it has no area: {box.x0:g}, {box.y0:g} to {box.x1:g}, {box.y1:g}")
    return box
