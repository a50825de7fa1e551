"""Parts of a still, looked at through matplotlib's own objects."""

import numpy as np
from matplotlib.figure import Figure

from eventsim.events import Events, Kind
from eventsim.view import panels
from eventsim.view.accumulate import PALETTES
from eventsim.view.points import Points
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


def test_events_of_a_real_camera_are_drawn_by_polarity():
    """Nobody knows their kinds: they are neither signal nor noise, and none is left out."""
    four = four_kinds()
    real = Events.of(four.t, four.x, four.y, four.p, size=four.size)
    figure, _ = drawn_rates(real)
    curves = {patch.get_label(): patch for patch in figure.axes[0].patches if patch.get_label()}
    assert set(curves) == {"ON", "OFF"}
    assert curves["ON"].get_data().values.tolist() == [4, 4]


def test_the_legend_by_kind_names_what_is_unknown_where_it_is():
    four = four_kinds()
    mixed = four.kind.copy()
    mixed[::4] = Kind.UNKNOWN
    some = Events.of(four.t, four.x, four.y, four.p, mixed, size=four.size)
    _, rates = drawn_rates(some)
    figure = panels.figure_page((8, 6), ViewOptions(color="kind"), rates, four.size, COLORS)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["shot noise", "leak", "hot pixels", "unknown"]  # and no signal is left


def test_no_events_are_said():
    figure, _ = drawn_rates(Events.empty((4, 2)))
    assert [text.get_text() for text in figure.axes[0].texts] == ["no events"]


def test_the_page_states_events_size_share_and_rate():
    _, rates = drawn_rates(four_kinds())
    figure = panels.figure_page(
        (8, 6), ViewOptions(title="a title"), rates, four_kinds().size, COLORS
    )
    texts = [text.get_text() for text in figure.texts]
    assert texts == ["a title", "8 events on 4x2 in 1 s, 50% ON, 1 Hz per pixel"]
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["ON brighter", "OFF darker"]


def drawn_scatter(options: ViewOptions):
    points = Points(four_kinds(), (0, 1_000_000), 1, 1)
    axes = Figure().add_subplot(projection="3d")
    panels.draw_scatter(axes, points, options, COLORS, zoom=1)
    return axes


def test_scatter_has_a_point_for_each_event_in_its_color_and_signal_on_top():
    events = four_kinds()
    axes = drawn_scatter(ViewOptions())
    noise, signal = axes.collections
    assert axes.get_xlim() == (0, 1)
    assert axes.get_zlim() == (2, 0)  # row 0 is on top
    np.testing.assert_allclose(signal._offsets3d[0], events.t[events.kind == 0] * 1e-6)
    np.testing.assert_allclose(noise._offsets3d[0], events.t[events.kind != 0] * 1e-6)
    np.testing.assert_allclose(signal.get_facecolors()[0][:3] * 255, COLORS.on)
    assert signal.get_zorder() > noise.get_zorder()


def test_scatter_by_kind():
    noise, signal = drawn_scatter(ViewOptions(color="kind")).collections
    np.testing.assert_allclose(signal.get_facecolors()[0][:3] * 255, COLORS.kinds[0])
    np.testing.assert_allclose(noise.get_facecolors()[0][:3] * 255, COLORS.kinds[1])


def test_what_is_left_out_stands_at_the_foot_of_the_page():
    figure = Figure()
    panels.draw_note(figure, ["One.", "Two."], COLORS)
    assert [text.get_text() for text in figure.texts] == ["One. Two."]


def test_the_legend_by_kind():
    _, rates = drawn_rates(four_kinds())
    figure = panels.figure_page((8, 6), ViewOptions(color="kind"), rates, four_kinds().size, COLORS)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["signal", "shot noise", "leak", "hot pixels"]
