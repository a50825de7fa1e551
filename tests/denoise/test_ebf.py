"""The bilateral filter, by hand."""

from eventsim.denoise import EBF, AgePolarity


def test_a_square_of_five(stream):
    events = stream((0, 2, 3, 1), (0, 6, 3, 1), (0, 7, 3, 1), (50, 4, 3, 1))
    how = EBF(window_us=100)
    assert how.scores(events, how.memory(events.size)).tolist() == [0.0, 0.0, 1.0, 1.0]


def test_it_is_the_rule_of_ages_on_another_square(noise):
    assert EBF(2.0, 40_000, 3)(noise) == AgePolarity(2.0, 40_000, 3)(noise)
