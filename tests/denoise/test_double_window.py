"""Two windows, by hand."""

from eventsim.denoise import DoubleWindow


def test_what_is_near_to_the_last_ones_is_kept_whenever_those_were(stream):
    events = stream((0, 0, 0, 1), (10**9, 1, 1, 0), (2 * 10**9, 9, 8, 1), (3 * 10**9, 2, 2, 1))
    assert DoubleWindow(2)(events).t.tolist() == [10**9, 3 * 10**9]
    # With windows of one, the far event pushes out the first, but not the one that was kept.
    assert DoubleWindow(2, length=1)(events).t.tolist() == [10**9, 3 * 10**9]
