"""Sums over parts, whoever speaks and however late."""

from eventsim.pipeline.heartbeat import Beat
from eventsim.pipeline.meter import Meter


def test_steps_and_words_of_workers_add_up():
    calls = []
    meter = Meter(100, calls.append)
    meter.step(0, 5, 50, "a")
    meter.step(0, 3, 20, "b")
    meter.live(1, 10, 7, "c")
    meter.live(1, 12, 9, "d")
    done = [(5, 100, 50, "a"), (8, 100, 70, "b"), (18, 100, 77, "c"), (20, 100, 79, "d")]
    assert [call[:4] for call in calls] == done
    assert meter.beat() == Beat(20, 100, 79, ("b", "d"))
    meter.end(1, 30, 90)
    assert calls[-1][:3] == (38, 100, 160)
    meter.live(1, 12, 9, "d")  # came late
    assert meter.beat() == Beat(38, 100, 160, ("b",))


def test_a_part_that_is_begun_anew_counts_once():
    meter = Meter(None, None)
    meter.live(4, 100, 1000, "x")
    meter.live(4, 3, 30, "x")  # its worker died, and another one began
    meter.end(4, 120, 1200)
    assert meter.beat() == Beat(120, None, 1200, ())


def test_inputs_are_counted_also_where_they_pass_without_a_word():
    """Two parts of five inputs; a worker names the third, and then the part is there."""
    calls = []
    inputs = {0: ["a", "b", "c", "d", "d"], 1: ["x"]}
    meter = Meter(None, calls.append, inputs)
    meter.step(0, 1, 1, "a")
    meter.step(0, 1, 1, "a")
    assert (calls[-1].begun, calls[-1].inputs) == (1, 6)
    meter.live(0, 9, 9, "c")
    assert calls[-1].begun == 3
    meter.step(1, 1, 1, "x")
    meter.step(0, 1, 1, "nobody knows")
    assert calls[-1].begun == 4
    meter.end(0, 20, 20)
    assert calls[-1] == (21, None, 21, "nobody knows", 6, 6)
