"""Pages of a film: the right pixels at the right place."""

import numpy as np
import pytest

from eventsim.events import Events
from eventsim.view.accumulate import accumulate
from eventsim.view.page import Layout, film_pages
from eventsim.view.windows import ViewOptions, count_rates, time_windows

SIZE = (64, 48)


def scattered(n: int = 2000, span_us: int = 100_000) -> Events:
    """Events all over the sensor and the time, from fixed random numbers."""
    rng = np.random.default_rng(5)
    t = np.sort(rng.integers(0, span_us, n))
    x, y = rng.integers(0, SIZE[0], n), rng.integers(0, SIZE[1], n)
    return Events.of(t, x, y, rng.random(n) < 0.5, size=SIZE)


def panel_of(page: np.ndarray, layout: Layout, which: int = -1) -> np.ndarray:
    """The panel of a page, one pixel for each of the sensor."""
    width, height = layout.panel
    x, y = layout.panel_left[which], layout.panel_top
    factor = width // SIZE[0]
    return page[y : y + height, x : x + width][::factor, ::factor]


def pages_of(events: Events, options: ViewOptions, step_us: float) -> tuple[list, Layout]:
    span = (0, 100_000)
    layout = Layout.of(events.size, two=False, gif=True)
    rates = count_rates(events, span=span, bins=20)
    windows = time_windows(events, span=span, window_us=options.window_us, step_us=step_us)
    return list(film_pages(windows, rates, layout=layout, options=options)), layout


@pytest.mark.parametrize("size", [(346, 260), (34, 34), (1280, 720), (1, 1), (33, 17)])
@pytest.mark.parametrize("two", [True, False])
@pytest.mark.parametrize("gif", [True, False])
def test_pages_are_even_and_hold_their_panels(size, two, gif):
    layout = Layout.of(size, two=two, gif=gif)
    assert layout.page[0] % 2 == layout.page[1] % 2 == 0
    assert len(layout.panel_left) == (2 if two else 1)
    assert all(left % 2 == 0 for left in layout.panel_left)
    assert layout.panel_left[-1] + layout.panel[0] <= layout.page[0]
    assert layout.panel_top + layout.panel[1] < layout.curve[1]
    assert layout.curve[1] + layout.curve[3] < layout.page[1]


def test_a_page_shows_the_events_of_its_window():
    events = scattered()
    pages, layout = pages_of(events, ViewOptions(window_us=20_000), 50_000)
    assert len(pages) == 2
    assert (panel_of(pages[0], layout) == accumulate(events.window(30_000, 50_000))).all()
    assert (panel_of(pages[1], layout) == accumulate(events.window(80_000, 100_000))).all()


@pytest.mark.parametrize("window_us", [10_000, 25_000])
def test_fading_from_page_to_page_is_fading_of_all_events(window_us):
    """Windows that overlap count no event twice."""
    events = scattered()
    pages, layout = pages_of(events, ViewOptions(window_us=window_us, decay_us=30_000), 10_000)
    at_once = accumulate(events.window(0, 60_000), at_us=60_000, decay_us=30_000)
    difference = panel_of(pages[5], layout).astype(int) - at_once
    assert np.abs(difference).max() <= 1  # float32 sums, rounded to 8 bits


def test_the_cursor_moves_over_the_curve():
    pages, layout = pages_of(scattered(), ViewOptions(window_us=10_000), 10_000)
    x, y, width, height = layout.curve
    cursors = []
    for page in pages:
        ink = (page[y : y + height, x : x + width] == (34, 34, 38)).all(axis=(0, 2))
        cursors.append(int(np.nonzero(ink)[0].mean()))
    assert cursors == pytest.approx([width * (i + 1) / 10 for i in range(10)], abs=2)


def test_pages_of_no_events_are_blank_in_the_panel():
    pages, layout = pages_of(Events.empty(SIZE), ViewOptions(background="black"), 50_000)
    assert not panel_of(pages[0], layout).any()
