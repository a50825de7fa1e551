"""Pictures of events: known colors of known counts."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.view.accumulate import OFF, ON, PALETTES, accumulate, color_counts, weigh_events

VERMILLION, BLUE, WHITE = [213, 94, 0], [0, 114, 178], [255, 255, 255]


def three_pixels() -> Events:
    """Pixel (0, 0): 3 ON; pixel (1, 0): 1 OFF; pixel (2, 0): 2 ON and 2 OFF; row 1: none."""
    x = [0, 0, 0, 1, 2, 2, 2, 2]
    p = [True, True, True, False, True, True, False, False]
    return Events.of(np.arange(8) * 1000, x, [0] * 8, p, size=(3, 2))


def test_counts_are_by_polarity_and_pixel():
    counts = weigh_events(three_pixels())
    assert counts[ON].tolist() == [[3, 0, 2], [0, 0, 0]]
    assert counts[OFF].tolist() == [[0, 1, 2], [0, 0, 0]]


def test_rows_and_columns_are_not_exchanged():
    counts = weigh_events(Events.of([0], [2], [1], [True], size=(3, 2)))
    assert np.argwhere(counts).tolist() == [[ON, 1, 2]]


def test_decay_weighs_an_event_by_its_age():
    events = Events.of([0, 10_000], [0, 1], [0, 0], [True, True], size=(2, 1))
    counts = weigh_events(events, at_us=20_000, decay_us=10_000)
    np.testing.assert_allclose(counts[ON], [[np.exp(-2), np.exp(-1)]], rtol=1e-6)


def test_decay_without_a_moment_counts_from_the_last_event():
    events = Events.of([0, 10_000], [0, 1], [0, 0], [True, True], size=(2, 1))
    np.testing.assert_allclose(weigh_events(events, decay_us=10_000)[ON], [[np.exp(-1), 1]])


def test_colors_say_polarity_and_strength():
    picture = accumulate(three_pixels(), saturation=2)
    assert picture[0, 0].tolist() == VERMILLION  # 3 events saturate at 2
    assert picture[0, 1].tolist() == [128, 184, 216]  # half way from white to blue, rounded to even
    assert picture[0, 2].tolist() == [106, 104, 89]  # the mean of both, full
    assert picture[1, 1].tolist() == WHITE


def test_black_background_has_its_own_pair():
    picture = accumulate(three_pixels(), saturation=1, background="black")
    assert picture[0, 0].tolist() == [230, 159, 0]
    assert picture[0, 1].tolist() == [86, 180, 233]
    assert picture[1, 0].tolist() == [0, 0, 0]


def test_no_events_give_the_background():
    picture = accumulate(Events.empty((5, 4)), decay_us=1000)
    assert picture.shape == (4, 5, 3)
    assert picture.dtype == np.uint8
    assert (picture == 255).all()


def test_on_and_off_differ_in_lightness_or_hue_for_the_color_blind():
    """Without red or green both pairs stay apart: blue differs by more than a quarter of full."""
    for colors in PALETTES.values():
        assert abs(colors.on[2] - colors.off[2]) > 64


@pytest.mark.parametrize("saturation", [0, -1, float("nan")])
def test_saturation_must_be_positive(saturation: float):
    with pytest.raises(ConfigError, match="saturation"):
        color_counts(np.zeros((2, 1, 1), np.float32), saturation=saturation)


def test_decay_must_be_positive():
    with pytest.raises(ConfigError, match="found 0 ms"):
        weigh_events(three_pixels(), decay_us=0)


def test_unknown_background_names_the_known_ones():
    with pytest.raises(ConfigError, match="white or black, found 'pink'"):
        accumulate(three_pixels(), background="pink")  # type: ignore[arg-type]
