"""Memories of lines, by hand."""

from eventsim.denoise import OrderN


def test_a_line_knows_its_last_event_only(stream):
    beside = stream((0, 3, 3, 1), (10, 4, 4, 1))
    assert OrderN(10)(beside).t.tolist() == [10]
    assert OrderN(9)(beside).t.tolist() == []
    # Events far off in the same column and in the same row make both lines forget it.
    forgotten = stream((0, 3, 3, 1), (1, 3, 8, 1), (2, 9, 3, 1), (10, 4, 4, 1))
    assert OrderN(10)(forgotten).t.tolist() == []


def test_another_polarity_and_the_pixel_itself_are_no_support(stream):
    assert len(OrderN()(stream((0, 3, 3, 1), (10, 4, 3, 0), (20, 3, 3, 1)))) == 0
