"""Parts of a still, looked at through matplotlib's own objects."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from eventsim.events import Events
from eventsim.view import panels
from eventsim.view.accumulate import PALETTES
from eventsim.view.windows import Rates, ViewOptions, Window, count_rates

COLORS = PALETTES["white"]


def four_kinds() -> Events:
    """Signal ON, shot OFF, leak ON, hot OFF, and again: 2 of each in 1 s."""
    i = np.arange(8)
    return Events.of(i * 125_000, i % 4, i * 0, i % 2 == 0, i % 4, size=(4, 2))


def drawn_rates(events: Events, bins: int = 2) -> tuple[Figure, Rates]:
    rates = count_rates(events, span=(0, 1_000_000), bins=bins)
    figure = Figure()
    panels.draw_rates(figure.add_subplot(), rates, Window(0, 1000, events), COLORS)
    return figure, rates


def test_rates_are_in_events_per_second_and_labeled_by_kind():
    figure, _ = drawn_rates(four_kinds())
    curves = {patch.get_label(): patch for patch in figure.axes[0].patches if patch.get_label()}
    assert {"signal ON", "shot noise", "leak", "hot pixels"} <= set(curves)
    assert "signal OFF" not in curves  # there is none
    assert curves["leak"].get_data().values.tolist() == [2, 2]  # one event in each half second
    assert figure.axes[0].get_yscale() == "log"


def test_no_events_are_said():
    figure, _ = drawn_rates(Events.empty((4, 2)))
    assert [text.get_text() for text in figure.axes[0].texts] == ["no events"]


def test_the_page_states_events_size_share_and_rate():
    _, rates = drawn_rates(four_kinds())
    figure = panels.figure_page(
        (8, 6), ViewOptions(title="a title"), rates, four_kinds().size, COLORS
    )
    texts = [text.get_text() for text in figure.texts]
    assert texts == ["a title", "8 events on 4x2 in 1 s, 50% ON, 1 Hz a pixel"]
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["ON brighter", "OFF darker"]


def test_scatter_has_a_point_for_each_event_in_its_color():
    events = four_kinds()
    axes = Figure().add_subplot(projection="3d")
    notes = panels.draw_scatter(axes, events, 1, (0, 1_000_000), COLORS, zoom=1)
    points = axes.collections[0]
    assert notes == []
    assert axes.get_xlim() == (0, 1)
    assert axes.get_zlim() == (2, 0)  # row 0 is on top
    np.testing.assert_allclose(points._offsets3d[0], events.t * 1e-6)
    first = points.get_facecolors()[0][:3] * 255
    np.testing.assert_allclose(first, COLORS.on)


@pytest.mark.parametrize(
    ("stride", "said"), [(2, "2nd"), (3, "3rd"), (11, "11th"), (21, "21st"), (112, "112th")]
)
def test_a_thinned_scatter_says_so_on_the_page(stride: int, said: str):
    figure = Figure()
    axes = figure.add_subplot(projection="3d")
    notes = panels.draw_scatter(axes, four_kinds(), stride, (0, 10**6), COLORS, zoom=1)
    assert notes == [f"The scatter shows every {said} event: 8 points."]
    assert [text.get_text() for text in figure.texts] == notes
