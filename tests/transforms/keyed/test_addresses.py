"""Events sent to other addresses."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.transforms.keyed.addresses import check_block, check_rekey, sent, shuffled


def test_each_period_has_its_table_counted_from_time_0():
    events = Events.of([-1, 0, 9, 10, 35], [0] * 5, [0] * 5, [1] * 5, size=(8, 1))
    asked = []

    def table_of(number):
        asked.append(number)
        return np.roll(np.arange(8), -number)  # pixel 0 goes to pixel `number`

    assert sent(events, 10, table_of).x.tolist() == [7, 0, 0, 1, 3]
    assert asked == [-1, 0, 1, 3]
    assert sent(sent(events, 10, table_of), 10, table_of, back=True) == events
    assert sent(events, None, table_of).x.tolist() == [0] * 5


def test_events_of_a_microsecond_are_put_in_order():
    events = Events.of([5, 5], [0, 1], [0, 0], [1, 0], size=(2, 1))
    turned = sent(events, None, lambda n: np.array([1, 0]))
    assert (turned.x.tolist(), turned.p.tolist()) == ([0, 1], [False, True])


def test_no_events():
    empty = Events.empty((4, 4))
    assert sent(empty, 10, lambda n: np.arange(16)) == empty


def test_words_that_are_too_few_are_drawn_again(key, monkeypatch):
    items, bounds = np.arange(50), np.array([0, 50])
    calls = []
    stream = type(key).stream

    def counted(self, number, count):
        calls.append(count)
        words = stream(self, number, count)
        return words[: 4 * 10].copy() if len(calls) == 1 else words

    wanted = shuffled(key, 3, items, bounds)
    monkeypatch.setattr(type(key), "stream", counted)
    assert shuffled(key, 3, items, bounds).tolist() == wanted.tolist()
    assert calls[1] == 2 * calls[0]


@pytest.mark.parametrize("bad", [0, -5, 1.5, "10"])
def test_numbers_that_make_no_sense(bad):
    with pytest.raises(ConfigError, match="rekey_us"):
        check_rekey(bad)
    with pytest.raises(ConfigError, match="block_px"):
        check_block(bad, 1)
