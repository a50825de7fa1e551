"""What a notebook shows of events."""

import base64
import re
from html.parser import HTMLParser

import cv2
import numpy as np

from eventsim.events import Events
from eventsim.view.html import WIDEST_PX, html_of


class Balanced(HTMLParser):
    """Complains of what is opened and not closed."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def parsed(html):
    parser = Balanced()
    parser.feed(html)
    assert parser.open == []
    return html


def picture_of(html):
    data = base64.b64decode(re.search(r"base64,([^\"]+)", html)[1])
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]


def test_numbers_and_the_busiest_moment():
    # One ON event at the left, then a hundred at the right, half a second later.
    t = [0, *range(500_000, 500_100)]
    events = Events.of(t, [0] + [3] * 100, [0] * 101, [True] * 101, [0] + [1] * 100, size=(4, 2))
    html = parsed(html_of(events))
    for words in ("101", "4x2", "0 to 500,099 us", "100.0%", "signal 1.0%, shot noise 99.0%"):
        assert words in html
    picture = picture_of(html)
    assert picture.shape == (WIDEST_PX // 2, WIDEST_PX, 3)
    assert (picture[:10, -10:] == (213, 94, 0)).all()
    assert (picture[:10, :10] == 255).all()


def test_a_large_sensor_is_shown_small():
    events = Events.of([0, 1], [0, 1279], [0, 719], [True, False], size=(1280, 720))
    assert picture_of(html_of(events)).shape == (135, 240, 3)


def test_no_events_have_no_picture():
    html = parsed(html_of(Events.empty((4, 2))))
    assert "img" not in html
    assert '<b>events</b></td><td style="text-align: left">0<' in html


def test_events_show_themselves():
    events = Events.of([5], [1], [0], [True], size=(2, 1))
    assert events._repr_html_() == html_of(events)
