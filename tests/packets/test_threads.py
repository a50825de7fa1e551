"""Work is spread over threads, and all of it is done."""

import os
import signal
import threading

import pytest

from eventsim.packets.threads import default_threads, spread, tiles


def test_default_threads():
    assert 1 <= default_threads() <= 8
    if hasattr(os, "sched_getaffinity"):
        assert default_threads() <= len(os.sched_getaffinity(0))


def test_default_threads_are_at_most_eight(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    assert default_threads() == 8


@pytest.mark.parametrize(("n", "threads"), [(0, 2), (1, 2), (7, 1), (7, 3)])
def test_all_work_is_done(n, threads):
    done = []
    spread(done.append, n, threads)
    assert sorted(done) == list(range(n))


def test_one_thread_is_the_callers():
    here = []
    spread(lambda _: here.append(threading.current_thread()), 3, 1)
    assert set(here) == {threading.current_thread()}


def test_an_error_reaches_the_caller():
    def fail(k):
        raise ValueError(k)

    with pytest.raises(ValueError, match="0"):
        spread(fail, 4, 2)


def test_tiles():
    assert tiles(450, 1).tolist() == [0, 450]
    assert tiles(450, 2).tolist() == [0, 112, 225, 337, 450]
    assert tiles(3, 2).tolist() == [0, 1, 2, 3]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded, use of fork")
def test_a_forked_process_has_threads_of_its_own():
    """As the workers of a loader do; with those of its parent it would wait for ever."""
    spread(lambda k: None, 4, 2)
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        done = []
        spread(done.append, 4, 2)
        os._exit(0 if sorted(done) == [0, 1, 2, 3] else 1)
    assert os.waitpid(child, 0)[1] == 0
