"""Numbers and ranges."""

import pytest

from eventsim.errors import ConfigError
from eventsim.transforms.ranges import check_number, check_range


@pytest.mark.parametrize("good", [0, 1, 0.5, (0, 1), (0.2, 0.2)])
def test_numbers_and_ranges_pass(good):
    check_range("share", good, 0, 1)


@pytest.mark.parametrize(
    "bad", [-1, 2, (0.5, 0.1), (0, 2), (0, 1, 1), [0, 1], "a", None, float("inf")]
)
def test_all_else_is_refused_with_what_was_found(bad):
    with pytest.raises(ConfigError, match=r"share must be a number or a range .* within 0 to 1"):
        check_range("share", bad, 0, 1)


def test_a_number_is_no_range():
    check_number("share", 0.5, 0, 1)
    for bad in ((0, 1), "x", float("nan"), 2):
        with pytest.raises(ConfigError, match="share must be a number within 0 to 1"):
            check_number("share", bad, 0, 1)
