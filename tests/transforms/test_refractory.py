"""Pixels that rest, by hand."""

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import Refractory


def test_the_time_counts_from_the_last_event_that_was_kept():
    t = [0, 1, 9, 10, 15, 20]
    events = Events.of(t, [0, 1, 0, 0, 0, 0], [0] * 6, [1] * 6, size=(2, 1))
    # Pixel 0 at 0; 9 is too soon, 10 is not, 15 is, 20 is not. Pixel 1 is another one.
    assert Refractory(10.0)(events, Draws.of(0)).t.tolist() == [0, 1, 10, 20]
    assert Refractory(0.0)(events, Draws.of(0)) == events
