"""The figure of single pixels."""

import numpy as np

from eventsim.events import Events, Kind
from eventsim.view.traces import Trace, draw_traces

T_US = np.array([0, 10_000, 20_000])
LINE = np.array([4.0, 4.3, 4.5])


def trace(name, kinds):
    n = len(kinds)
    events = Events.of(
        np.arange(1, n + 1) * 3000, [0] * n, [0] * n, [True, False, True][:n], kinds, size=(1, 1)
    )
    return Trace(name, T_US, LINE, LINE - 0.05, np.full(3, 4.0), 0.2, 0.3, events)


def test_a_panel_for_each_pixel_with_what_it_has():
    figure = draw_traces(
        [trace("(0, 0)", [Kind.SIGNAL, Kind.SHOT, Kind.SIGNAL]), trace("(5, 1)", [])]
    )
    first, second = figure.axes
    assert first.get_title("left") == "pixel (0, 0): 2 ON, 1 OFF"
    assert second.get_title("left") == "pixel (5, 1): 0 ON, 0 OFF"
    log, photoreceptor, *marks = first.get_lines()
    assert np.array_equal(log.get_ydata(), LINE)
    assert np.array_equal(photoreceptor.get_ydata(), LINE - 0.05)
    up = [line for line in marks if line.get_marker() == "^" and len(line.get_xdata())]
    assert up[0].get_xdata().tolist() == [0.003, 0.009]
    assert up[0].get_ydata()[0] == np.interp(3000, T_US, LINE - 0.05)
    band = first.collections[0].get_paths()[0].get_extents()
    assert (band.y0, band.y1) == (3.7, 4.2)
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "shot: up ON, down OFF" in words
    assert not any(word.startswith("leak") for word in words)
