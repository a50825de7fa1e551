from pathlib import Path

import numpy as np
import pytest

from eventsim.errors import ConfigError, SourceError
from eventsim.formats.columns import NAMES, find_columns, order_of, times_us
from eventsim.formats.file import Layout

PATH = Path("a.h5")


def test_no_name_is_that_of_two_columns():
    every = [name for names in NAMES.values() for name in names]
    assert len(set(every)) == len(every)


def test_columns_are_found_by_any_of_their_names():
    names = ["Timestamp", "xs", "ys", "pol", "more"]
    assert find_columns(names) == {"t": "Timestamp", "x": "xs", "y": "ys", "p": "pol"}
    assert find_columns(["t", "x", "y"]) is None


@pytest.mark.parametrize(
    ("t", "unit", "expected"),
    [
        ([3], "us", [3]),
        ([3], "ms", [3000]),
        ([1499, 1500, -1500], "ns", [1, 2, -1]),
        ([1.5, 0.0000016], None, [1_500_000, 2]),
        ([1.5], "ms", [1500]),
        (np.array([2**63 - 1], np.uint64), "ns", [9_223_372_036_854_776]),
    ],
)
def test_times_in_microseconds(t, unit, expected):
    assert times_us(np.asarray(t), PATH, unit).tolist() == expected


@pytest.mark.parametrize(
    "t", [np.array([2**62]), np.array([2**64 - 1], np.uint64), [np.inf], [1e13]]
)
def test_times_that_do_not_fit_are_refused(t):
    with pytest.raises(SourceError, match=r"Check --time-unit"):
        times_us(np.asarray(t), PATH, None)


def test_an_order_names_each_column_once():
    assert order_of(Layout()) == "txyp"
    assert order_of(Layout(columns="xytpk")) == "xytpk"
    with pytest.raises(ConfigError, match=r"found 'xxyp'"):
        order_of(Layout(columns="xxyp"))
