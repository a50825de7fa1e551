"""The page: whole, offline, and true to the numbers."""

import re

import numpy as np
import pytest

from eventsim.privacy.fixed_order import Broken
from eventsim.privacy.measure import Measured, Shown, Way
from eventsim.privacy.report import Findings, write_page
from eventsim.privacy.verdicts import Result
from eventsim.privacy.ways import NOTHING, RAW
from eventsim.transforms import SpatialJitter

BEST = Measured(0.5, 0.7, 0.7, 0.9, 0.9, 1.0, 1.0, 0.4, 1.0, 1.0, 0.95, 0.95, 1.0)
MIDDLE = Measured(0.3, 0.3, 0.4, 0.2, 0.81, 0.5, np.nan, 0.1, 0.5, 0.5, 0.9, 0.92, 1.0)
WORST = Measured(0.3, 0.3, 0.3, 0.1, 0.1, 0.5, 0.5, 0.1, 0.5, 0.0, 0.2, 0.2, 0.0)


@pytest.fixture
def findings():
    picture = np.arange(64.0).reshape(8, 8)
    way = Way("SpatialJitter", (SpatialJitter(2.0),))
    return Findings(
        results=(Result(RAW, (BEST, BEST)), Result(way, (MIDDLE, MIDDLE)),
                 Result(NOTHING, (WORST, WORST))),
        shown=(Shown(picture, picture - 30, picture, picture, 0 * picture),) * 3,
        broken=(Broken("PermutePixels(rekey_us=None)", 4_000_000, 0.82, 1.0),),
        people=10, clips=200, seeds=(1, 2), about="Faces & <friends>.",
    )  # fmt: skip


def test_the_page_needs_nothing_but_itself(findings):
    page = write_page(findings)
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page
    assert len(re.findall(r'src="data:image/png;base64,', page)) == 3
    assert page.count("src=") == 3


def test_what_it_says_is_what_was_measured(findings):
    page = write_page(findings)
    assert "Faces &amp; &lt;friends&gt;." in page
    assert "0.20 / 0.81" in page
    assert "recognizes 81% of people (raw 90%, chance 10%)" in page
    assert "&ndash;" in page  # no attribute was measured
    assert page.count('class="badge bad"') == 2  # in the table and among the verdicts
    assert "82.0%" in page
    assert "SpatialJitter leaves what a picture" in page
    assert write_page(findings) == page
