"""Figures for notebooks: what they show is what the window holds."""

import base64
import re

import av
import cv2
import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import eventsim
from eventsim import view
from eventsim.errors import ConfigError
from eventsim.events import Events, Kind
from eventsim.view.accumulate import PALETTES

SIZE = (12, 8)


def some_events(count=600, length_us=300_000):
    """So many events, evenly over time, in the left half, with more of them from 0.1 s on."""
    rng = np.random.default_rng(0)
    t = np.sort(rng.integers(0, length_us, count))
    t = np.sort(np.append(t, rng.integers(100_000, 120_000, count)))
    n = len(t)
    kind = rng.integers(0, 4, n)
    return Events.of(t, rng.integers(0, 6, n), rng.integers(0, 8, n), rng.integers(0, 2, n), kind,
                     size=SIZE)  # fmt: skip


def image_of(figure):
    return np.asarray(figure.axes[0].images[0].get_array())


def title_of(figure):
    return figure.axes[0].get_title(loc="left")


def test_a_window_is_drawn_as_it_is_asked_for():
    events = some_events()
    figure = view.plot(events, 0, 50_000, saturation=1)
    assert isinstance(figure, Figure)
    assert f"{len(events.window(0, 50_000)):,} events, 0.000 to 0.050 s" in title_of(figure)
    image = image_of(figure)
    seen = (image != 255).any(axis=2)
    part = events.window(0, 50_000)
    there = np.zeros(seen.shape, bool)
    # ON and OFF of a pixel cancel: only pixels with more of one are sure to be seen.
    balance = np.zeros(seen.shape)
    np.add.at(balance, (part.y, part.x), np.where(part.p, 1, -1))
    there[balance != 0] = True
    assert (seen >= there).all()
    assert not seen[:, 6:].any()


def test_a_short_recording_is_drawn_whole_and_of_a_long_one_the_busiest_part():
    events = some_events()
    short = events.window(0, 90_000)
    assert f"{len(short):,} events" in title_of(view.plot(short))
    start, stop = (float(word) for word in re.findall(r"\d\.\d{3}", title_of(view.plot(events))))
    assert 0.08 < start < 0.12
    assert stop - start == pytest.approx(0.033, abs=0.002)


def test_kinds_have_their_colors_and_black_is_black():
    events = some_events()
    hot = events[events.kind == Kind.HOT]
    image = image_of(view.plot(hot, 0, 300_000, color="kind", background="black", saturation=1))
    assert {tuple(pixel) for pixel in image.reshape(-1, 3).tolist()} == {
        PALETTES["black"].kinds[Kind.HOT], (0, 0, 0)}  # fmt: skip


def test_it_draws_into_axes_that_are_given():
    figure = Figure()
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    assert view.plot(some_events(), 0, 1000, axes=right) is figure
    assert not left.images
    assert right.images
    assert "events" in right.get_title()
    assert right.get_title(loc="left") == ""


def test_points_in_space_are_the_events_of_the_window():
    events = some_events()
    figure = view.plot_xyt(events, 0, 100_000)
    shown = sum(len(group.get_offsets()) for group in figure.axes[0].collections)
    assert shown == len(events.window(0, 100_000))
    assert figure.axes[0].get_xlim() == pytest.approx((0, 0.1))
    with pytest.raises(ConfigError, match="projection"):
        view.plot_xyt(events, axes=Figure().subplots())


def test_no_events_are_a_picture_too():
    empty = Events.empty(SIZE)
    assert (image_of(view.plot(empty)) == 255).all()
    assert view.plot_xyt(empty) is not None
    assert "0 events" in title_of(view.plot(some_events(), 500_000, 600_000))


def test_a_film_plays_in_a_notebook(tmp_path):
    film = view.animate(some_events(), 0, 100_000, slow=10)
    html = film._repr_html_()
    data = base64.b64decode(re.search(r"base64,([^\"]+)", html)[1])
    assert data == film.data
    film.save(tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 30


@pytest.mark.parametrize("draw", [view.plot, view.plot_xyt, view.animate])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"colour": "kind"}, "no option 'colour'. There are background, color"),
        ({"saturation": 1, "background": "pink"}, "white or black"),
        ({"t0_us": 400_000}, "leaves nothing"),
        ({"t0_us": 5, "t1_us": 5}, "leaves nothing"),
    ],
)
def test_wrong_options_are_one_line(draw, options, words):
    with pytest.raises(ConfigError, match=re.escape(words)):
        draw(some_events(), **options)


def test_a_notebook_shows_a_figure():
    # As IPython asks for it; of a plain figure it would print the name.
    data = np.frombuffer(view.plot(some_events())._repr_png_(), np.uint8)
    assert cv2.imdecode(data, cv2.IMREAD_COLOR).shape[2] == 3


def test_nothing_is_left_open():
    # Figures of pyplot stay in memory until they are closed; these are plain values.
    from matplotlib import pyplot

    view.plot(some_events())
    assert pyplot.get_fignums() == []
    assert matplotlib.get_backend()


def test_a_recording_of_a_dataset(tmp_path):
    frames = np.random.default_rng(0).integers(0, 256, (4, 8, 12), np.uint8)
    for i, frame in enumerate(frames):
        cv2.imwrite(str(tmp_path / f"{i}.png"), frame)
    recording = eventsim.convert(tmp_path, tmp_path / "a.zarr", fps=60, size="source")[0]
    assert f"{len(recording):,} events" in title_of(view.plot(recording))
