"""The page: what a widget does, without a browser (tests/cli/test_tune.py has one)."""

import re
from html import unescape
from importlib.util import find_spec

import pytest

from eventsim.sources.reading import Reading
from eventsim.tuner.choice import Choice

READING = Reading(size=(12, 8), fps=50)


pytestmark = pytest.mark.skipif(
    find_spec("panel") is None, reason="the page needs pip install '.[tune]'"
)


@pytest.fixture
def make_page():
    # Panel takes seconds to import: not while tests are collected.
    from eventsim.tuner.page import TunerPage

    return TunerPage


@pytest.fixture
def page(folder, make_page):
    return make_page(folder, READING, Choice("davis346"))


def move(slider, value):
    """As a hand does: the value follows, and is told when the slider is let go."""
    import param

    slider.value = value
    with param.parameterized.edit_constant(slider):
        slider.value_throttled = value


def total(page):
    return int(re.search(r'id="total">([\d,]+)', page.table.object)[1].replace(",", ""))


def command(page):
    return unescape(re.search(r'id="command">(.*)</pre>', page.command.object)[1])


def test_a_slider_changes_events_and_command(page):
    before = total(page)
    assert command(page).endswith("--sensor davis346 --size 12x8 --fps 50")
    move(page.sliders["contrast_threshold_on"], 0.4)
    assert 0 < total(page) < before / 1.5
    assert "--set contrast_threshold_on=0.4 " in command(page)
    move(page.sliders["contrast_threshold_on"], 0.19)
    assert total(page) == before
    assert "--set" not in command(page)


def test_a_sensor_brings_its_own_values(page):
    move(page.sliders["leak_rate_hz"], 20)
    page.sensor.value = "imx636"
    assert page.sliders["contrast_threshold_on"].value == 0.15
    assert page.sliders["leak_rate_hz"].value == 0.05
    assert "--sensor imx636 --size" in command(page)
    page.noise.value = "v2e-noisy"
    assert page.sliders["shot_noise_rate_hz"].value == 5
    assert "--sensor imx636 --noise v2e-noisy --size" in command(page)


def test_back_to_the_sensor(page):
    before = command(page)
    move(page.sliders["leak_rate_hz"], 20)
    assert command(page) != before
    page.back.clicks += 1
    assert command(page) == before


def test_moment_and_window_change_the_picture_alone(page):
    before = total(page), page.picture.object
    move(page.moment, 0.1)
    assert total(page) == before[0]
    assert page.picture.object is not before[1]
    title = page.picture.object.axes[1].get_title(loc="left")
    assert "0.067 to 0.100 s" in title
    move(page.window, 10)
    assert "0.090 to 0.100 s" in page.picture.object.axes[1].get_title(loc="left")


def test_values_that_contradict_are_said_and_mended(page):
    move(page.sliders["contrast_threshold_on"], 0.05)
    move(page.sliders["threshold_mismatch"], 0.1)
    assert 'id="wrong"' in page.command.object
    assert "threshold_mismatch must not exceed" in page.command.object
    move(page.sliders["threshold_mismatch"], 0.02)
    assert "--set threshold_mismatch=0.02" in command(page)


def test_names_are_escaped(folder, make_page):
    odd = folder.rename(folder.with_name("<b>&"))
    assert "&lt;b&gt;&amp;" in make_page(odd, READING, Choice()).command.object


def test_it_has_a_view(page):
    assert page.view() is not None
