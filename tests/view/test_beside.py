"""Two recordings on one sensor."""

from eventsim.events import Events, SensorSize
from eventsim.view.beside import Beside
from eventsim.view.picture import write_picture
from eventsim.view.windows import span_us

ONE = Events.of([1, 5, 9], [0, 3, 1], [0, 1, 2], [1, 0, 1], [0, 1, 2], size=(4, 3))
TWO = Events.of([1, 6], [0, 1], [0, 4], [0, 0], [3, 0], size=(2, 5))


def test_the_right_one_begins_after_a_gap():
    both = Beside(ONE, TWO)
    assert both.size == SensorSize(4 + 2 + 2, 5)
    events = both.window(0, 7)
    assert events.t.tolist() == [1, 1, 5, 6]
    assert events.x.tolist() == [0, 6, 3, 7]
    assert events.y.tolist() == [0, 0, 1, 4]
    assert events.kind.tolist() == [0, 3, 1, 0]
    assert events.size == both.size
    assert len(both.window(7, 9)) == 0


def test_it_is_drawn_like_a_recording(tmp_path):
    write_picture(tmp_path / "both.png", Beside(ONE, TWO))
    assert (tmp_path / "both.png").stat().st_size > 10_000


def test_events_without_frames_are_shown_from_the_first_to_the_last():
    assert span_us(Beside(ONE, TWO)) == (1, 10)
    assert span_us(Beside(Events.empty((4, 3)), TWO)) == (0, 1)
