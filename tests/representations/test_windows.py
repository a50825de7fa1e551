"""Windows of time and their bins."""

import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations.windows import bin_edges, check_bins, cut

THREE = Events.of([5, 8, 12], [0, 0, 0], [0, 0, 0], [1, 1, 1], size=(1, 1))


def test_without_times_the_window_is_that_of_all_events():
    assert cut(THREE, None, None) == (THREE, 5, 13)
    assert cut(THREE, 0, None)[1:] == (0, 13)
    assert cut(Events.empty((1, 1)), None, None)[1:] == (0, 1)
    assert cut(THREE, 20, None)[1:] == (20, 21)


def test_a_window_is_half_open():
    assert cut(THREE, 5, 12)[0].t.tolist() == [5, 8]


def test_a_window_that_ends_before_it_begins_is_refused():
    with pytest.raises(ConfigError, match="found 9 to 9"):
        cut(THREE, 9, 9)


def test_borders_are_rounded_down_and_the_ends_are_exact():
    assert bin_edges(-5, 5, 4).tolist() == [-5, -3, 0, 2, 5]
    assert bin_edges(10**15, 10**15 + 7, 7).tolist() == [10**15 + k for k in range(8)]


@pytest.mark.parametrize("bad", [0, -1, 1.5, True])
def test_other_numbers_of_bins_are_refused(bad):
    with pytest.raises(ConfigError, match="bins must be 1 or more"):
        check_bins(bad)
