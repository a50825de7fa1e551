from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsim.formats.text_kernels import format_lines, parse_lines


def parse(text, places=(0, 1, 2, 3), decimals=0, room=100):
    data = np.frombuffer(text.encode(), np.uint8)
    columns = (
        *(np.empty(room, np.int64) for _ in range(3)),
        np.empty(room, bool),
        np.full(room, 9, np.uint8),
    )
    n, used, wrong, lines = parse_lines(data, 0, np.array(places), decimals, columns)
    return [column[:n].tolist() for column in columns], used, wrong, lines


def test_lines_with_any_marks_between_their_columns():
    columns, used, wrong, lines = parse("1,2,3,1\n4 5\t6;-1\r\n\n# no\n 7 ,8, 9, True\n10,1")
    assert columns[:4] == [[1, 4, 7], [2, 5, 8], [3, 6, 9], [True, False, True]]
    assert (used, wrong, lines) == (len("1,2,3,1\n4 5\t6;-1\r\n\n# no\n 7 ,8, 9, True\n"), 0, 5)


def test_columns_in_another_order_and_some_that_are_not_wanted():
    columns, *_ = parse("3 x 2 1 4 1\n", places=(1, -1, 2, 3, 4, 0))
    assert [column[0] for column in columns] == [1, 3, 2, True, 4]


@pytest.mark.parametrize(
    "row", ["1 2 3", "1 2 a 1", "1 2.5 3 1", "-", "1 2 3 1e", "1 2 3 .", "1e40 2 3 1"]
)
def test_a_line_that_is_none_is_counted(row):
    columns, used, wrong, _ = parse(f"1 2 3 1\n{row}\n")
    assert (len(columns[0]), used, wrong) == (1, 8, 2)


def test_full_columns_stop_at_a_line_and_it_goes_on():
    _, used, wrong, lines = parse("1 2 3 1\n2 2 3 1\n3 2 3 1\n", room=2)
    assert (used, wrong, lines) == (16, 0, 2)


@settings(deadline=None)
@given(
    st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=9),
    st.sampled_from([0, 3, 6, -3]),
    st.booleans(),
)
def test_decimal_numbers_are_exact(value, decimals, scientific):
    text = f"{value:.17e}" if scientific else f"{value:f}"
    columns, _, wrong, _ = parse(f"{text} 0 0 1\n", decimals=decimals)
    assert wrong == 0
    exact = Decimal(text).scaleb(decimals).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert columns[0] == [int(exact)]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-(10**18) + 1, 10**18 - 1), st.integers(0, 32767)), max_size=30)
)
def test_what_is_formatted_is_parsed(rows):
    t = np.array([row[0] for row in rows], np.int64)
    x = np.array([row[1] for row in rows], np.uint16)
    p, kind = x % 2 == 1, (x % 5).astype(np.uint8)
    for seconds, places, decimals in ((False, (0, 1, 2, 3, 4), 0), (True, (0, 1, 2, 3), 6)):
        text, done = b"", 0
        while done < len(t):
            data = np.empty(200, np.uint8)
            n, done = format_lines(t, x, x, p, kind, done, seconds, data)
            text += data[:n].tobytes()
        columns, _, wrong, _ = parse(text.decode(), places, decimals)
        assert wrong == 0
        assert columns[:4] == [t.tolist(), x.tolist(), x.tolist(), p.tolist()]
        assert seconds or columns[4] == kind.tolist()
