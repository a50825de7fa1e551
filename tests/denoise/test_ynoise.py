"""Density, by hand."""

from eventsim.denoise import YNoise


def test_a_pixel_counts_for_itself_and_by_its_last_polarity(stream):
    events = stream((0, 3, 3, 1), (10, 3, 3, 1), (20, 4, 3, 0), (30, 4, 3, 1), (40, 5, 3, 1))
    # 20 sees ON alone; 30 sees ON beside it; 40 sees the pixel whose last was ON again.
    assert YNoise(1, 15)(events).t.tolist() == [10, 40]
    assert YNoise(1, 20)(events).t.tolist() == [10, 30, 40]
