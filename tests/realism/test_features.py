"""Features by hand, on events that are few enough to count."""

import numpy as np
import pytest

from eventsim.events import Events
from eventsim.realism import features as f

SPAN = f.Span(0, 90_000)


def made(*rows, size=(6, 5)):
    """Events (t, x, y, p)."""
    t, x, y, p = (np.array(column) for column in zip(*sorted(rows), strict=True))
    return Events.of(t, x, y, p, size=size)


def test_intervals_of_pixels():
    events = made((0, 0, 0, 1), (5, 1, 0, 0), (10, 0, 0, 1), (40, 0, 0, 0), (45, 1, 0, 0))
    dt, before, after = f.pixel_intervals_us(events)
    assert dt.tolist() == [10, 30, 40]  # the first pixel's two, the second's one
    assert before.tolist() == [True, True, False]
    assert after.tolist() == [True, False, False]


def test_the_course_of_the_rate():
    events = made((0, 0, 0, 1), (4_999, 0, 0, 1), (5_000, 0, 0, 1), (89_999, 0, 0, 1))
    course = f.rate_course(events, SPAN)
    assert course.size == 18
    assert course[[0, 1, 17]].tolist() == [0.5, 0.25, 0.25]
    assert course.sum() == 1


def test_shares_of_on():
    events = made((0, 0, 0, 1), (9_999, 1, 0, 1), (10_000, 2, 0, 0))
    assert f.on_shares(events, SPAN)[:3] == pytest.approx([2.5 / 3, 0.5 / 2, 0.5])


def test_quantiles_of_intervals_leave_out_short_ones():
    rows = [(0, 0, 0, 1), (500, 0, 0, 1), (2_500, 0, 0, 1), (6_500, 0, 0, 0)]
    found = f.pixel_intervals(made(*rows), SPAN).reshape(3, -1)
    assert np.exp(found[0]) == pytest.approx([2_000] * 5)  # ON: the 500 us do not count
    assert np.exp(found[1]) == pytest.approx([1_000] * 5)  # OFF: none
    assert np.exp(found[2]) == pytest.approx([4_000] * 5)  # a change


def test_alternation_by_the_length_of_intervals():
    rows = [(0, 0, 0, 1), (500, 0, 0, 0), (2_500, 0, 0, 1), (4_500, 0, 0, 1)]
    assert f.alternation(made(*rows), SPAN) == pytest.approx([1.5 / 2, 1.5 / 3, 0.5, 0.5])


def test_short_pairs_by_polarity():
    rows = [(0, 0, 0, 1), (2, 0, 0, 1), (100, 0, 0, 0), (101, 3, 3, 0)]
    found = np.exp(f.short_pairs(made(*rows), SPAN)).reshape(3, 4) * 5
    assert found[0] == pytest.approx([1.5, 0.5, 0.5, 0.5])  # ON then ON after 2 us
    assert found[1] == pytest.approx([0.5, 1.5, 0.5, 0.5])  # ON then OFF after 98 us
    assert found[2] == pytest.approx([0.5] * 4)


def test_gaps_of_the_array():
    found = f.array_gaps(made((0, 0, 0, 1), (0, 1, 0, 1), (1, 2, 0, 1), (100, 0, 1, 1)), SPAN)
    assert found * 4 == pytest.approx([1.5, 1.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1.5])


def test_one_row_among_near_events():
    # Pairs: 1 us apart in one row, ON second; 2 and 1 us apart in other rows, OFF second.
    found = f.row_gaps(made((0, 0, 2, 1), (1, 1, 2, 1), (2, 0, 3, 0)), SPAN).reshape(-1, 2)
    assert found[1] == pytest.approx([0.5 / 2, 1.5 / 2])
    assert found[2] == pytest.approx([0.5 / 2, 0.5])
    assert found[0] == pytest.approx([0.5, 0.5])


def test_polarities_of_near_events():
    found = f.polarity_gaps(made((0, 0, 0, 1), (0, 1, 0, 0), (1, 0, 1, 0)), SPAN)
    assert found[:4] == pytest.approx([0.5 / 3, 0.5 / 3, 1.5 / 3, 0.5 / 3])  # ON, then OFF
    assert found[4:] == pytest.approx([1.5 / 3, 0.5 / 3, 0.5 / 3, 0.5 / 3])  # OFF, then OFF


def test_counts_of_pixels():
    found = f.pixel_counts(made(*[(k, 0, 0, 1) for k in range(25)], (3, 1, 0, 0)), SPAN)
    off, on = found.reshape(2, -1) * 30
    assert off.tolist() == [29, 1, 0, 0, 0, 0, 0, 0]
    assert on.tolist() == [29, 0, 0, 0, 0, 0, 0, 1]


def test_neighbors_by_their_distance():
    # Two columns wide, in one polarity: along a column alike, along a row less so.
    rows = [(k, x, y, 1) for k, (x, y) in enumerate((x, y) for x in (2, 3) for y in range(5))]
    found = f.neighbor_correlation(made(*rows), SPAN)
    assert found[0] == 0  # OFF is empty
    along_x, along_y = found[1:3]
    assert along_y == pytest.approx(1)
    assert along_x < 0.5


def test_the_border_and_what_stands_out():
    events = made((0, 0, 0, 1), (1, 0, 0, 1), (2, 3, 2, 0), size=(7, 6))
    found = f.border(events, SPAN)
    assert found.size == 2 * (7 * 6 - 3 * 2)  # all but the inner 3 x 2, twice
    assert found.sum() == pytest.approx(np.sqrt(2))  # the OFF event is inside
    assert f.fixed_pattern(events, SPAN) == pytest.approx([0, 0, np.log(2), 0, 0, np.log(3)])


def test_summaries_of_event_frames():
    # ON twice at pixel 0 in the first bin, OFF once at pixel 2 in the second.
    events = made((0, 0, 0, 1), (9, 0, 0, 1), (15_000, 2, 0, 0), size=(3, 1))
    found = f.summaries(events, SPAN)
    assert found[:9] == pytest.approx([np.log(3), np.log(2), *[0] * 7])
    assert found[9:18] == pytest.approx([1, *[0] * 8])
    assert found[18:27] == pytest.approx([np.log(2), np.log(2), *[0] * 7])
    assert found[27:] == pytest.approx([1 / 3, 1 / 3, 1 / 3, np.log(3), np.log1p(5 / 3)])


@pytest.mark.parametrize("feature", f.GROUPS, ids=lambda g: g.__name__)
def test_any_recording_has_as_many_finite_numbers(feature, poisson):
    found = [feature(e, f.Span(0, 100_000)) for e in (
        poisson(1, 5, 3), poisson(2, 500, 800), poisson(3, 0, 0), poisson(4, 2, 0)
    )]  # fmt: skip
    assert len({numbers.shape for numbers in found}) == 1
    assert np.isfinite(found).all()
    assert found[0].ndim == 1
