import pytest

from eventsim.errors import ConfigError
from eventsim.sources.rate import checked_rate, times_by_rate


def test_times_are_rounded_each_and_do_not_drift():
    times = times_by_rate(30, 3001)
    assert times[:4] == [0, 33333, 66667, 100000]
    assert times[3000] == 100_000_000


@pytest.mark.parametrize("fps", [0, -1, 2e6, float("nan"), float("inf")])
def test_rates_that_are_none(fps):
    with pytest.raises(ConfigError, match="fps must be above 0 and at most 1000000"):
        checked_rate(fps)


def test_a_microsecond_each():
    assert times_by_rate(checked_rate(1e6), 3) == [0, 1, 2]
