"""Drawing on a page of a film: text, legend, panels and the curve of the event rate."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from eventsim.view.accumulate import OFF, ON, Palette, Rgb

Image = NDArray[np.uint8]

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_SCALE = 1 / 27  # OpenCV's scale for a line of one pixel; measured with getTextSize of OpenCV 5


def text_width_px(line: str, size_px: float) -> int:
    """Width of a line of text, px."""
    return int(cv2.getTextSize(line, _FONT, size_px * _SCALE, 1)[0][0])


def draw_text(
    page: Image, line: str, left: float, base: float, *, size_px: float, color: Rgb
) -> None:
    """Write a line on the page, in place.

    Parameters
    ----------
    page : (H, W, 3) ndarray of uint8
    line : str
        Characters outside ASCII become ``?``, for the font has no others.
    left, base : float
        Start and base line, px.
    size_px : float
        Height of the letters, px.
    color : (red, green, blue)
    """
    line = line.encode("ascii", "replace").decode()
    at = (round(left), round(base))
    cv2.putText(page, line, at, _FONT, size_px * _SCALE, color, 1, cv2.LINE_AA)


def shorten(line: str, width_px: float, size_px: float) -> str:
    """Cut a line in its middle so that it fits."""
    if text_width_px(line, size_px) <= width_px:
        return line
    keep = len(line)
    while keep > 2:
        keep -= 1
        cut = line[: (keep + 1) // 2] + "..." + line[len(line) - keep // 2 :]
        if text_width_px(cut, size_px) <= width_px:
            return cut
    return ""


def draw_box(page: Image, x: float, y: float, width: float, height: float, color: Rgb) -> None:
    """Fill a rectangle, in place, px."""
    page[round(y) : round(y + height), round(x) : round(x + width)] = color


def legend_width_px(size_px: float, legend: Sequence[tuple[str, Rgb]]) -> int:
    """Width that `draw_legend` takes, px."""
    widths = [text_width_px(label, size_px) + 3.2 * size_px for label, _ in legend]
    return round(sum(widths) - 1.2 * size_px)


def draw_legend(
    page: Image,
    left: float,
    base: float,
    *,
    size_px: float,
    legend: Sequence[tuple[str, Rgb]],
    ink: Rgb,
) -> None:
    """Say which color is what, in place; `legend` is that of a `Palette`."""
    for label, color in legend:
        draw_box(page, left, base - size_px, size_px, size_px, color)
        draw_text(page, label, left + 1.4 * size_px, base, size_px=size_px, color=ink)
        left += text_width_px(label, size_px) + 3.2 * size_px


def panel_size_px(size: tuple[int, int], target_px: int, most_px: int) -> tuple[int, int]:
    """Size of a panel: whole multiples of a small sensor, one that is too big cut down.

    Parameters
    ----------
    size : (width, height)
        Of the sensor, px.
    target_px : int
        Wanted length of the longer side, px.
    most_px : int
        Longest side that is left as it is: where pixels shrink, single events fade.

    Returns
    -------
    (width, height) : tuple of int
        Even numbers, as video wants; an odd panel keeps one more row or column of page.
    """
    longer = max(size)
    factor = float(max(1, round(target_px / longer)))
    if longer > most_px:
        factor = target_px / longer
    return round(size[0] * factor), round(size[1] * factor)


def resize_panel(picture: Image, width_px: int, height_px: int) -> Image:
    """Scale a picture to a panel: every pixel sharp when it grows, averaged when it shrinks."""
    if picture.shape[:2] == (height_px, width_px):
        return picture
    grows = width_px >= picture.shape[1]
    method = cv2.INTER_NEAREST if grows else cv2.INTER_AREA
    resized: Image = cv2.resize(picture, (width_px, height_px), interpolation=method)
    return resized


def rate_curve(counts: NDArray[np.int64], width_px: int, height_px: int, colors: Palette) -> Image:
    """Picture of the event rate over time: ON upwards, OFF downwards.

    Parameters
    ----------
    counts : (2, B) ndarray of int64
        Events in each bin of time; index 0 is OFF, 1 is ON.
    width_px, height_px : int
    colors : Palette

    Returns
    -------
    (height_px, width_px, 3) ndarray of uint8
        The highest bin of the two reaches the edge.
    """
    image = np.empty((height_px, width_px, 3), np.uint8)
    image[:] = colors.background
    middle = height_px // 2
    of_column = np.arange(width_px) * counts.shape[1] // width_px
    tall = counts[:, of_column] / max(1, int(counts.max(initial=0))) * (middle - 2)
    row = np.arange(height_px)[:, None]
    image[(row < middle) & (middle - row <= tall[ON])] = colors.on
    image[(row > middle) & (row - middle <= tall[OFF])] = colors.off
    image[middle] = colors.faint
    return image


def fade(image: Image, colors: Palette) -> Image:
    """Make a paler copy, for what has not happened yet: a quarter of the color, chosen by eye."""
    pale = 0.25 * image + 0.75 * np.array(colors.background)
    faded: Image = np.rint(pale).astype(np.uint8)
    return faded


def with_unit(value: float) -> str:
    """Write a number in three digits with k, M or G.

    Examples
    --------
    >>> with_unit(1234567), with_unit(340), with_unit(0)
    ('1.23 M', '340', '0')
    """
    for limit, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if abs(value) >= 0.9995 * limit:
            return f"{value / limit:.3g}{unit}"
    return f"{value:.3g}"
