"""Blocks that integrate and fire, by hand."""

import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import IntegrateBlocks


def test_a_block_fires_when_its_sum_passes_the_threshold():
    t = [1, 2, 3, 4, 5, 6, 7]
    p = [1, 1, 0, 1, 1, 0, 0]
    events = Events.of(t, [0, 1, 0, 1, 4, 4, 4], [0, 1, 1, 0, 0, 0, 0], p, size=(5, 3))
    made = IntegrateBlocks(2, 2)(events, Draws.of(0))
    # The first block: 1, 2 fires; then -1, 0 to the end. The last: 1, 0, -1, so it never does.
    assert made.t.tolist() == [2]
    assert (made.x.tolist(), made.y.tolist(), made.p.tolist()) == ([1], [1], [True])
    made = IntegrateBlocks(2, 1)(events, Draws.of(0))
    assert len(made) == 7
    assert made.x.tolist() == [1, 1, 1, 1, 4, 4, 4]  # the middle of what is left of a block
    assert IntegrateBlocks(1)(events, Draws.of(0)) == events


def test_a_whole_block_of_one_polarity_is_one_event_a_pixel(many):
    on = Events(many.t, many.x, many.y, many.p | True, many.kind, many.size)
    assert len(IntegrateBlocks(4)(on, Draws.of(0))) == pytest.approx(len(many) / 16, abs=192)


@pytest.mark.parametrize("bad", [{"side_px": 0}, {"threshold": 0}, {"threshold": 1.5}])
def test_numbers_that_make_no_sense(bad):
    with pytest.raises(ConfigError, match=next(iter(bad))):
        IntegrateBlocks(**bad)
