"""People replaced by somebody who does not exist, moving as they did."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events
from eventsim.frames import Encoding
from eventsim.pixel.array import PixelArray
from eventsim.pixel.settings import PixelSettings
from eventsim.random import Draws
from eventsim.transforms.boxes import Box, as_rows, boxes_of, given_boxes, in_boxes
from eventsim.transforms.changing import kept, merged
from eventsim.transforms.ranges import check_number

_GRAY_DN = 128.0
"""Luminance of what is behind the template; chosen by eye."""
_TEMPLATE_PX = 64
_BATCH = 64
"""Frames that are drawn at a time."""


@dataclass(frozen=True)
class ReplaceBoxes:
    """Drop all events in boxes, and put those of another texture there that moves as the boxes do.

    The texture is drawn into the boxes, between whose times their corners move on lines, and the
    simulator's pixels make events of it. Boxes of one person must overlap from one time to the
    next. All people look the same then.

    Attributes
    ----------
    boxes : path or sequence of (t_us, x0, y0, x1, y1)
        As `MaskBoxes`.
    margin, hold_us : float
        As `MaskBoxes`.
    contrast_threshold : float
        Of the pixels, natural log; 0.2 is about that of a DAVIS.
    frame_rate_hz : float
        How often the texture is drawn; chosen by eye.
    """

    boxes: tuple[Box, ...] = field(repr=False)
    margin: float = 0.15
    hold_us: float = 100_000
    contrast_threshold: float = 0.2
    frame_rate_hz: float = 200.0

    leaves: ClassVar[str] = (
        "everybody whom the boxes miss; how large each person is and how they move, which tells "
        "people by their walk."
    )

    def __post_init__(self) -> None:
        check_number("margin", self.margin, 0, 10)
        check_number("hold_us", self.hold_us, 0, 1e12)
        check_number("contrast_threshold", self.contrast_threshold, 0.01, 10)
        check_number("frame_rate_hz", self.frame_rate_hz, 1, 100_000)
        object.__setattr__(self, "boxes", given_boxes(self.boxes))

    def for_recording(self, name: str) -> "ReplaceBoxes":
        """The same with the boxes of one recording, by its id, and those of all."""
        return replace(self, boxes=boxes_of(self.boxes, name))

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Drop events, and add those of the texture."""
        rows = as_rows(self.boxes)
        rest = kept(events, ~in_boxes(events, rows, self.margin, self.hold_us))
        drawn = self._drawn(events, rows, rng)
        drawn = kept(drawn, in_boxes(drawn, rows, self.margin, self.hold_us))
        return merged(rest, drawn)

    def _drawn(self, events: Events, rows: NDArray[np.float64], rng: Draws) -> Events:
        """Events of the texture, from the first box to the last, within the time of the events."""
        tracks = tracks_of(rows, self.hold_us)
        if not tracks or not len(events):
            return Events.empty(events.size)
        begin = max(int(events.t[0]), int(rows[:, 0].min()))
        end = min(int(events.t[-1]), int(rows[:, 0].max()))
        times = np.arange(begin, end + 1, max(1, round(1e6 / self.frame_rate_hz)))
        if len(times) < 2:
            return Events.empty(events.size)
        settings = PixelSettings(
            contrast_threshold_on=self.contrast_threshold,
            contrast_threshold_off=self.contrast_threshold,
        )
        pixels = PixelArray(
            events.size, settings, Encoding("linear"), seed=rng.child(0).key, threads=1
        )
        face = template()
        made = []
        for first in range(0, len(times), _BATCH):
            some = times[first : first + _BATCH]
            frames = np.full((len(some), events.size.height, events.size.width), _GRAY_DN)
            for frame, t_us in zip(frames, some, strict=True):
                for track in tracks:
                    if track[0, 0] <= t_us <= track[-1, 0]:
                        corners = [np.interp(t_us, track[:, 0], track[:, k]) for k in range(1, 5)]
                        _draw(frame, face, corners)
            made += [p.events for p in pixels.pieces(frames.astype(np.float32), some)]
        return Events.concatenate(made, events.size)


def tracks_of(rows: NDArray[np.float64], hold_us: float) -> list[NDArray[np.float64]]:
    """Boxes that follow each other: each goes on the track whose last box it overlaps most.

    Parameters
    ----------
    rows : (n, 5) ndarray of float64
        t_us, x0, y0, x1, y1, sorted by time.
    hold_us : float
        A track that has no box for twice so long has ended.

    Returns
    -------
    list of (k, 5) ndarray of float64
    """
    tracks: list[list[NDArray[np.float64]]] = []
    for row in rows:
        best, most = None, 0.0
        for track in tracks:
            last = track[-1]
            if last[0] < row[0] <= last[0] + 2 * hold_us:
                common = _overlap(last, row)
                if common > most:
                    best, most = track, common
        if best is None:
            tracks.append([row])
        else:
            best.append(row)
    return [np.array(track) for track in tracks]


def template() -> NDArray[np.float64]:
    """(64, 64) float64: a head that is nobody's, luminance, 255 is white; NaN beside it."""
    y, x = (np.mgrid[:_TEMPLATE_PX, :_TEMPLATE_PX] + 0.5) / _TEMPLATE_PX - 0.5
    head = np.where((x / 0.40) ** 2 + (y / 0.48) ** 2 < 1, 190.0 - 60.0 * x, np.nan)
    for left, top, width, height, dn in _FEATURES:
        inside = ((x - left) / width) ** 2 + ((y - top) / height) ** 2 < 1
        head[inside] = dn
    return head


_FEATURES = (
    (-0.16, -0.08, 0.07, 0.035, 60.0),
    (0.16, -0.08, 0.07, 0.035, 60.0),
    (0.0, 0.07, 0.035, 0.09, 150.0),
    (0.0, 0.24, 0.14, 0.03, 80.0),
)
"""Eyes, nose and mouth: middle, half width and half height in shares of the head, luminance."""


def _draw(frame: NDArray[np.float64], face: NDArray[np.float64], corners: list[float]) -> None:
    """Draw a template into a box, in place; what is between its pixels is interpolated."""
    x0, y0, x1, y1 = corners
    height, width = frame.shape
    columns = np.arange(max(0, int(np.floor(x0))), min(width, int(np.ceil(x1))))
    rows = np.arange(max(0, int(np.floor(y0))), min(height, int(np.ceil(y1))))
    if not len(columns) or not len(rows):
        return
    n = face.shape[0]
    filled = np.where(np.isnan(face), _GRAY_DN, face)
    u = np.clip((columns + 0.5 - x0) / (x1 - x0) * n - 0.5, 0, n - 1.001)
    v = np.clip((rows + 0.5 - y0) / (y1 - y0) * n - 0.5, 0, n - 1.001)
    i, j = v.astype(int), u.astype(int)
    a, b = (v - i)[:, None], (u - j)[None, :]
    part = (1 - a) * (1 - b) * filled[np.ix_(i, j)] + (1 - a) * b * filled[np.ix_(i, j + 1)]
    part += a * (1 - b) * filled[np.ix_(i + 1, j)] + a * b * filled[np.ix_(i + 1, j + 1)]
    frame[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = part


def _overlap(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Intersection over union of two boxes."""
    wide = min(one[3], other[3]) - max(one[1], other[1])
    high = min(one[4], other[4]) - max(one[2], other[2])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = sum((box[3] - box[1]) * (box[4] - box[2]) for box in (one, other))
    return float(wide * high / (areas - wide * high))
