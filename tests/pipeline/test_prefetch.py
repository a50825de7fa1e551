import threading
import time

import numpy as np
import pytest

from eventsim.events import SensorSize
from eventsim.frames import Encoding, Frame
from eventsim.pipeline.prefetch import prefetch, read_ahead


@pytest.mark.parametrize("depth", [1, 3, 100])
def test_order(depth):
    assert list(prefetch(range(50), depth)) == list(range(50))


def test_error_comes_at_its_place():
    def items():
        yield 1
        yield 2
        raise KeyError("third")

    ahead = prefetch(items(), 4)
    assert [next(ahead), next(ahead)] == [1, 2]
    with pytest.raises(KeyError, match="third"):
        next(ahead)


def test_is_bounded():
    made = []

    def items():
        for i in range(100):
            made.append(i)
            yield i

    ahead = prefetch(items(), 3)
    next(ahead)
    time.sleep(0.2)
    # One is taken, three wait, and one is in the hand of the thread.
    assert len(made) <= 5
    ahead.close()


def test_is_bounded_by_cost():
    made = []

    def items():
        for size in (3, 3, 50, 1, 1, 1):
            made.append(size)
            yield size

    ahead = prefetch(items(), 6, lambda size: size)
    time.sleep(0.2)
    taken = []
    for expected in ([3, 3, 50], [3, 3, 50, 1], [3, 3, 50, 1, 1, 1]):
        taken.append(next(ahead))
        time.sleep(0.2)
        # One is in the hand of the thread; the large one waits alone.
        assert made == expected
    assert taken + list(ahead) == [3, 3, 50, 1, 1, 1]


def test_closing_stops_the_thread_and_the_items():
    closed = threading.Event()

    def endless():
        try:
            while True:
                yield 0
        finally:
            closed.set()

    before = threading.active_count()
    ahead = prefetch(prefetch(endless(), 2), 2)
    next(ahead)
    assert threading.active_count() == before + 2
    started = time.monotonic()
    ahead.close()
    assert closed.is_set()
    assert threading.active_count() == before
    assert time.monotonic() - started < 2


def test_runs_in_another_thread():
    def items():
        yield threading.get_ident()

    assert next(prefetch(items(), 1)) != threading.get_ident()


class Source:
    size = SensorSize(2, 1)
    encoding = Encoding("linear")
    expected_frames = 3
    lost_frames = 0

    def __init__(self):
        self.notes: list[str] = []

    def __iter__(self):
        for t in range(3):
            yield Frame(t, np.zeros((1, 2), np.uint8))
        self.lost_frames = 1
        self.notes.append("one was lost")


def test_read_ahead_is_the_source():
    source = read_ahead(Source())
    assert (source.size, source.encoding, source.expected_frames) == ((2, 1), Encoding("linear"), 3)
    assert [frame.t_us for frame in source] == [0, 1, 2]
    assert (source.lost_frames, source.notes) == (1, ["one was lost"])
