"""Pixels that fire too often, by hand."""

from eventsim.denoise import RefractoryFilter


def test_the_time_counts_from_the_last_event_of_any_kind(stream):
    events = stream((0, 1, 1, 1), (9, 1, 1, 0), (18, 1, 1, 1), (28, 1, 1, 1), (29, 2, 1, 1))
    assert RefractoryFilter(10)(events).t.tolist() == [0, 28, 29]
