"""Ages that are added, by hand."""

from eventsim.denoise import AgePolarity


def test_recent_neighbors_count_more(stream):
    events = stream((0, 1, 3, 1), (50, 7, 3, 1), (75, 4, 3, 1), (75, 4, 6, 0))
    how = AgePolarity(window_us=100)
    scores = how.scores(events, how.memory(events.size))
    # Three columns away on both sides: 1 - 75/100 and 1 - 25/100; OFF has nothing around it.
    assert scores.tolist() == [0.0, 0.0, 1.0, 0.0]
    assert AgePolarity(1.0, 100)(events).t.tolist() == [75]
    assert len(AgePolarity(1.001, 100)(events)) == 0
