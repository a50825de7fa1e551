"""One neighbor, by hand."""

from eventsim.denoise import BAF, STCF


def test_a_neighbor_that_fired_in_time_is_enough(stream):
    events = stream((0, 3, 3, 1), (100, 4, 4, 0), (200, 9, 3, 1), (301, 3, 4, 1), (302, 9, 3, 1))
    # Of either polarity, over a corner; the pixel itself is no neighbor; 201 us are too long.
    assert BAF(200)(events).t.tolist() == [100]
    assert BAF(201)(events).t.tolist() == [100, 301]


def test_it_is_the_correlation_filter_with_one_neighbor_of_any_polarity(noise):
    assert BAF(9000)(noise) == STCF(1, 9000, same_polarity=False)(noise)
