"""Drawing: sizes, and colors where they belong."""

import numpy as np
import pytest

from eventsim.view import canvas
from eventsim.view.accumulate import PALETTES

COLORS = PALETTES["white"]


def blank(height: int = 40, width: int = 300) -> np.ndarray:
    return np.full((height, width, 3), 255, np.uint8)


def test_text_lies_above_its_base_line_in_its_color():
    page = blank()
    canvas.draw_text(page, "HHH", 10, 30, size_px=16, color=(0, 0, 200))
    rows, columns = np.nonzero((page != 255).any(axis=2))
    assert 10 <= rows.min() < rows.max() <= 31
    assert 9 <= columns.min() < columns.max() <= 12 + canvas.text_width_px("HHH", 16)
    assert page[rows, columns, 2].min() >= 200


def test_characters_that_the_font_lacks_are_replaced():
    page, other = blank(), blank()
    canvas.draw_text(page, "ä", 5, 30, size_px=16, color=COLORS.ink)
    canvas.draw_text(other, "?", 5, 30, size_px=16, color=COLORS.ink)
    assert (page == other).all()


def test_long_lines_lose_their_middle():
    short = canvas.shorten("a_very_long_name_of_a_file.mp4", 150, 16)
    assert "..." in short
    assert short.startswith("a_v")
    assert short.endswith("mp4")
    assert canvas.text_width_px(short, 16) <= 150
    assert canvas.shorten("short", 150, 16) == "short"


def test_legend_shows_both_colors_inside_its_width():
    page = blank()
    legend = COLORS.legend("polarity", ())
    canvas.draw_legend(page, 10, 30, size_px=14, legend=legend, ink=COLORS.ink)
    for color in (COLORS.on, COLORS.off):
        assert (page == color).all(axis=2).sum() >= 14 * 14
    columns = np.nonzero((page != 255).any(axis=(0, 2)))[0]
    assert columns.max() < 10 + canvas.legend_width_px(14, legend)


@pytest.mark.parametrize(
    ("size", "panel"),
    [
        ((34, 34), (646, 646)),
        ((346, 260), (692, 520)),
        ((640, 480), (640, 480)),
        ((1280, 720), (1280, 720)),
        ((2000, 500), (640, 160)),
        ((1, 1), (640, 640)),
        ((900, 450), (900, 450)),
    ],
)
def test_panels_grow_by_whole_factors_and_shrink_to_the_target(size, panel):
    assert canvas.panel_size_px(size, 640, 1920) == panel


def test_growing_repeats_pixels_and_shrinking_averages():
    picture = np.array([[[0] * 3, [200] * 3]], np.uint8)
    grown = canvas.resize_panel(picture, 4, 2)
    assert grown[..., 0].tolist() == [[0, 0, 200, 200]] * 2
    assert canvas.resize_panel(np.repeat(picture, 2, axis=0), 1, 1).tolist() == [[[100] * 3]]


def test_curve_is_on_above_and_off_below():
    counts = np.array([[0, 5, 0], [10, 0, 0]])  # OFF 5 in the middle, ON 10 on the left
    image = canvas.rate_curve(counts, 30, 41, COLORS)
    on = (image == COLORS.on).all(axis=2)
    off = (image == COLORS.off).all(axis=2)
    assert on.sum(axis=0).tolist() == [18] * 10 + [0] * 20  # 20 rows above the middle, less 2
    assert off.sum(axis=0).tolist() == [0] * 10 + [9] * 10 + [0] * 10
    assert np.nonzero(on)[0].max() < 20 < np.nonzero(off)[0].min()


def test_curve_of_no_events_is_a_line():
    image = canvas.rate_curve(np.zeros((2, 3), np.int64), 30, 41, COLORS)
    assert (np.delete(image, 20, axis=0) == 255).all()


def test_fading_keeps_a_quarter_of_the_color():
    image = np.full((1, 1, 3), 55, np.uint8)
    assert canvas.fade(image, COLORS).tolist() == [[[205] * 3]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (12.345, "12.3"),
        (999, "999"),
        (999.9, "1 k"),
        (45_600, "45.6 k"),
        (2.5e9, "2.5 G"),
    ],
)
def test_numbers_get_units(value: float, text: str):
    assert canvas.with_unit(value) == text
