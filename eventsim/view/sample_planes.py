"""Planes of still images as a picture: a row per sample, a column per plane."""

from collections.abc import Sequence
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from eventsim.view.accumulate import Background, color_counts, palette
from eventsim.view.panels import bare_page, draw_image
from eventsim.view.picture import checked_path, save_figure

CELL_IN = 1.45
"""Side of a plane on the page; chosen by eye, as the rest."""
_TOP_IN, _LEFT_IN = 0.45, 0.1
_TITLE_IN = 0.24


def write_planes(
    path: str | PathLike[str],
    samples: Sequence[tuple[str, NDArray[np.uint8]]],
    *,
    title: str = "eventsim",
    background: Background = "white",
) -> None:
    """Draw the eight planes of some samples, ON orange and OFF blue.

    Parameters
    ----------
    path : str or path-like
        ``.png``, ``.pdf`` or ``.svg``.
    samples : sequence of (str, (8, 2, H, W) ndarray of uint8)
        What stands over a row, and its planes: index 0 is OFF, 1 is ON, as in `eventsim.i2e`.
    title : str
    background : {"white", "black"}

    Raises
    ------
    ConfigError
        If the path has another ending or cannot be written.
    """
    path = checked_path(path)
    colors = palette(background)
    count = max((len(planes) for _, planes in samples), default=8)
    row_in = CELL_IN + _TITLE_IN
    wide, high = count * CELL_IN + 2 * _LEFT_IN, len(samples) * row_in + _TOP_IN + _LEFT_IN
    figure = bare_page((wide, high), colors)
    ink, faint = (np.array(color) / 255 for color in (colors.ink, colors.faint))
    left, top = _LEFT_IN / wide, 1 - 0.24 / high
    figure.text(left, top, title, size=12, color=ink, va="center", parse_math=False)
    for row, (words, planes) in enumerate(samples):
        below = 1 - (_TOP_IN + row * row_in + _TITLE_IN) / high
        figure.text(left, below + 0.05 / high, words, size=8.5, color=faint, parse_math=False)
        for column, plane in enumerate(planes):
            place = (
                (_LEFT_IN + column * CELL_IN) / wide,
                below - CELL_IN / high,
                0.95 * CELL_IN / wide,
                0.95 * CELL_IN / high,
            )
            counts = plane.astype(np.float32)
            image = color_counts(counts, background=background, saturation=1)
            draw_image(figure.add_axes(place), image, colors)
    save_figure(figure, path)
