"""The page: all that was measured, in one file."""

import re

import numpy as np
import pytest

from eventsim.denoise import BAF, STCF, DoubleWindow
from eventsim.denoise_bench.bench import LabeledStream, measure
from eventsim.denoise_bench.page import picture_of, short_names, write_page
from eventsim.denoise_bench.situations import Situation
from eventsim.events import Kind, SensorSize


@pytest.fixture(scope="module")
def stream():
    events = Situation("traffic", "davis346", 2.0, 1).events(SensorSize(48, 32), 0.3)
    return LabeledStream("a <scene>", events, events.kind == Kind.SIGNAL, "known", "one")


def test_everything_is_in_it_and_nothing_is_fetched(stream):
    filters = [BAF(), STCF(), STCF(3), DoubleWindow()]
    findings = measure([stream], filters)
    page = write_page(findings, [picture_of(stream, filters[:2])], "How & why.")
    assert "a &lt;scene&gt;" in page
    assert "How &amp; why." in page
    assert not re.search(r'(src|href)="(?!data:)', page)
    for row in findings.rows:
        assert f"{row.auc:.3f}".lstrip("0") in page
    best = max(findings.rows, key=lambda row: row.auc)
    assert f"<b>{best.auc:.3f}".replace("<b>0", "<b>") in page
    assert page.count("data:image/png;base64,") == 2


def test_names_are_as_short_as_they_can_be():
    names = short_names([repr(BAF()), repr(STCF()), repr(STCF(3))])
    assert names[repr(BAF())] == "BAF"
    assert names[repr(STCF(3))] == "STCF(neighbors=3)"
    assert names[repr(STCF())] == "STCF(neighbors=2)"


def test_pictures_show_all_the_signal_and_what_is_kept(stream):
    shown = picture_of(stream, [STCF()], span_us=10_000_000)
    assert shown.titles == ("events", "signal", "STCF")
    kept = STCF()(stream.events)
    for image, events in zip(
        shown.images, (stream.events, stream.events[stream.is_signal], kept), strict=True
    ):
        assert image.shape == (32, 48)
        assert image.sum() == np.count_nonzero(events.p) - np.count_nonzero(~events.p)
