"""Events as colored pictures: count them at each pixel, then color the counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events, Kind

Background = Literal["white", "black"]
Coloring = Literal["polarity", "kind"]
"""What the hue of an event says."""
Rgb = tuple[int, int, int]

OFF, ON = 0, 1
"""Index of a polarity in every array of counts."""


@dataclass(frozen=True)
class Palette:
    """Colors (red, green, blue, each 0..255) of a picture on one background.

    Attributes
    ----------
    on, off : Rgb
        Of the polarities.
    kinds : tuple of Rgb
        Of signal, shot noise, leak, hot pixels and what is unknown, by number of the `Kind`.
    background, page, ink, faint : Rgb
        Of an event picture without events, of what is around it, of text, and of lines.

    Notes
    -----
    ON is warm and OFF is blue: the pair of the Okabe and Ito set that stays apart for every
    common kind of color blindness. Vermillion and blue are its dark pair, for white; orange and
    sky blue its light pair, for black.

    References
    ----------
    .. [1] Okabe and Ito, "Color Universal Design", 2008, https://jfly.uni-koeln.de/color/
    """

    on: Rgb
    off: Rgb
    kinds: tuple[Rgb, Rgb, Rgb, Rgb, Rgb]
    background: Rgb
    page: Rgb
    ink: Rgb
    faint: Rgb

    def legend(self, by: Coloring, kinds: Sequence[Kind]) -> list[tuple[str, Rgb]]:
        """What each hue says, and the hue; of these kinds, if it says kinds."""
        if by == "kind":
            return [(KIND_NAMES[kind], self.kinds[kind]) for kind in kinds]
        return [("ON brighter", self.on), ("OFF darker", self.off)]

    def hues(self, by: Coloring) -> NDArray[np.int64]:
        """Hues by number of the polarity or kind, (2 or 5, 3)."""
        return np.array(self.kinds if by == "kind" else [self.off, self.on], np.int64)


KIND_NAMES = {
    Kind.SIGNAL: "signal",
    Kind.SHOT: "shot noise",
    Kind.LEAK: "leak",
    Kind.HOT: "hot pixels",
    Kind.UNKNOWN: "unknown",
}
"""In the order of their numbers."""


# Both pairs, shot noise and leak are from Okabe and Ito; the others were chosen by eye.
PALETTES: dict[Background, Palette] = {
    "white": Palette(
        on=(213, 94, 0),
        off=(0, 114, 178),
        kinds=((92, 100, 112), (204, 121, 167), (0, 158, 115), (140, 110, 60), (34, 34, 38)),
        background=(255, 255, 255),
        page=(244, 244, 242),
        ink=(34, 34, 38),
        faint=(150, 150, 152),
    ),
    "black": Palette(
        on=(230, 159, 0),
        off=(86, 180, 233),
        kinds=((196, 202, 210), (204, 121, 167), (0, 158, 115), (190, 150, 90), (236, 236, 236)),
        background=(0, 0, 0),
        page=(26, 26, 30),
        ink=(236, 236, 236),
        faint=(124, 124, 130),
    ),
}


def palette(background: Background) -> Palette:
    """Colors for a background.

    Raises
    ------
    ConfigError
        If there are no colors for it.
    """
    if background not in PALETTES:
        raise ConfigError(
            f"background must be {' or '.join(get_args(Background))}, found {background!r}. "
            "Pick one of the two."
        )
    return PALETTES[background]


def weigh_events(
    events: Events,
    *,
    at_us: int | None = None,
    decay_us: float | None = None,
    by: Coloring = "polarity",
) -> NDArray[np.float32]:
    """Events of each pixel and polarity (or kind), old ones weighing less if asked.

    Parameters
    ----------
    events : Events
        May be empty.
    at_us : int, optional
        Moment of the picture, microseconds, not before the last event; the time of the last
        event if left out. Only matters with `decay_us`.
    decay_us : float, optional
        Time constant, microseconds, > 0: an event that is this old counts 1/e. Left out, every
        event counts 1.
    by : {"polarity", "kind"}

    Returns
    -------
    (2 or 4, H, W) ndarray of float32
        By polarity, index 0 is OFF, 1 is ON; by kind, the index is the `Kind`.

    Raises
    ------
    ConfigError
        If `decay_us` is not positive.
    """
    width, height = events.size
    which = events.kind if by == "kind" else events.p
    shape = (len(Kind) if by == "kind" else 2, height, width)
    flat = which.astype(np.int64) * (height * width) + events.y.astype(np.int64) * width
    flat += events.x
    weights = None
    if decay_us is not None:
        check_decay(decay_us)
        if len(events):
            now = int(events.t[-1]) if at_us is None else at_us
            weights = np.exp((events.t - now) / decay_us)
    counts = np.bincount(flat, weights, minlength=shape[0] * height * width)
    return counts.reshape(shape).astype(np.float32)


def check_decay(decay_us: float) -> None:
    """Refuse a time constant that is not positive.

    Raises
    ------
    ConfigError
    """
    if not decay_us > 0:
        raise ConfigError(
            f"the decay must be a time above 0, found {decay_us / 1000:g} ms. "
            "Leave it out for pictures without decay."
        )


def color_counts(
    counts: NDArray[np.float32],
    *,
    background: Background = "white",
    saturation: float = 3.0,
    by: Coloring = "polarity",
) -> NDArray[np.uint8]:
    """Color counts: the hue says which polarity (or kind), the strength how many events.

    Parameters
    ----------
    counts : (2 or 4, H, W) ndarray of float32
        From `weigh_events`; >= 0.
    background : {"white", "black"}
        Color of a pixel without events.
    saturation : float
        Number of events at which the color is full, > 0. The default is chosen by eye: single
        noise events stay pale, edges are full.
    by : {"polarity", "kind"}
        As the events were counted.

    Returns
    -------
    (H, W, 3) ndarray of uint8
        Red, green, blue. A pixel with several takes the mean color, weighted by count.

    Raises
    ------
    ConfigError
        If `saturation` is not positive.

    Examples
    --------
    >>> color_counts(np.zeros((2, 1, 1), np.float32)).tolist()
    [[[255, 255, 255]]]
    """
    if not saturation > 0:
        raise ConfigError(
            f"saturation must be a number of events above 0, found {saturation:g}. Try 3."
        )
    colors = palette(background)
    height, width = counts.shape[1:]
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = colors.background
    total = counts.sum(axis=0)
    lit = np.flatnonzero(total)  # most pixels are silent: only the others are colored
    n = total.ravel()[lit, None]
    hue = (counts.reshape(len(counts), -1)[:, lit].T / n) @ colors.hues(by).astype(np.float64)
    strength = np.minimum(n / np.float32(saturation), 1)
    mixed = strength * hue + (1 - strength) * np.array(colors.background)
    picture.reshape(-1, 3)[lit] = np.rint(mixed).astype(np.uint8)
    return picture


def accumulate(
    events: Events,
    *,
    background: Background = "white",
    saturation: float = 3.0,
    at_us: int | None = None,
    decay_us: float | None = None,
) -> NDArray[np.uint8]:
    """Picture of events: ON warm, OFF blue, stronger where there are more.

    Parameters
    ----------
    events : Events
        Of one window, cut by time or by count; may be empty.
    background, saturation
        As `color_counts`.
    at_us, decay_us
        As `weigh_events`.

    Returns
    -------
    (H, W, 3) ndarray of uint8
        Red, green, blue.

    Examples
    --------
    >>> events = Events.of([5], [1], [0], [True], size=(2, 1))
    >>> accumulate(events, saturation=1).tolist()
    [[[255, 255, 255], [213, 94, 0]]]
    """
    counts = weigh_events(events, at_us=at_us, decay_us=decay_us)
    return color_counts(counts, background=background, saturation=saturation)
