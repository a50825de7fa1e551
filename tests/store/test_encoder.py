"""Every order of events that there is becomes steps and comes back; and no other does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsim.errors import EventSimError, OutsideSensorError, TimeOrderError
from eventsim.events import COLUMNS, Events, SensorSize
from eventsim.store.decoder import decode
from eventsim.store.encoder import Encoder


def encode(events, chunk=5, start=0):
    """Steps and restarts of events, in chunks."""
    encoder, steps, restarts = Encoder(events.size), np.empty(len(events), np.uint64), []
    done = 0
    while done < len(events):
        if (start + done) % chunk == 0:
            encoder.begin_chunk()
        room = steps[done : done + chunk - (start + done) % chunk]
        taken = encoder.encode(events, done, room, start + done, restarts)
        assert taken == len(room)
        done += taken
    return steps, restarts, encoder


def decoded(steps, restarts, size):
    out = Events.from_columns([np.empty(len(steps), d) for d in COLUMNS.values()], size)
    stops = [*(row[0] for row in restarts[1:]), len(steps)][: len(restarts)]
    for (event, t_us, pixel), stop in zip(restarts, stops, strict=True):
        decode(steps[event:stop], t_us, pixel, out[event:stop])
    return out


PAUSES = [0, 1, 7, 10**6, 2**40, 2**58, 2**60, 2**61]


@settings(max_examples=150, deadline=None)
@given(
    data=st.lists(
        st.tuples(st.sampled_from(PAUSES), st.integers(0, 3), st.integers(0, 1), st.integers(0, 9)),
        max_size=24,
    ),
    first_us=st.sampled_from([0, -5, -(2**62), 2**50]),
    size=st.sampled_from([(4, 2), (1, 1), (32_767, 32_767)]),
)
def test_round_trip(data, first_us, size):
    """Any pauses, ties, kinds and sensors, absolute and negative times."""
    t, total = [], first_us
    for pause, *_ in data:
        total = min(total + pause, 2**63 - 1)
        t.append(total)
    x = [min(column, size[0] - 1) for _, column, _, _ in data]
    y = [min(row, size[1] - 1) for _, _, row, _ in data]
    bits = np.array([bits for *_, bits in data], np.int64)
    events = Events.of(t, x, y, bits & 1, bits >> 1, size=size)
    steps, restarts, encoder = encode(events)
    assert decoded(steps, restarts, events.size) == events
    assert {event for event, *_ in restarts} >= set(range(0, len(t), 5))
    for kind in range(5):
        for p in range(2):
            there = np.count_nonzero((events.kind == kind) & (events.p == p))
            assert encoder.counts[kind, p] == there


def test_a_pause_that_does_not_fit_is_a_restart():
    """2^60 - 1 is the most: 8 px per microsecond on a sensor of 4x2."""
    fits = (2**60 - 1 - 8) // 8
    for pause, rows in ((fits, 1), (fits + 1, 2)):
        events = Events.of([0, pause], [3, 3], [1, 1], [1, 0], size=(4, 2))
        steps, restarts, _ = encode(events)
        assert len(restarts) == rows
        assert decoded(steps, restarts, events.size) == events


def raw(t, x, y, kind=None):
    kind = np.zeros(len(t), np.uint8) if kind is None else np.array(kind, np.uint8)
    columns = [np.array(t), np.array(x, np.uint16), np.array(y, np.uint16), kind > 9, kind]
    return Events.from_columns(columns, SensorSize(4, 2))


@pytest.mark.parametrize("chunk", [5, 2, 1])
@pytest.mark.parametrize(
    ("events", "error"),
    [
        (raw([5, 5, 4], [0, 0, 0], [0, 0, 0]), TimeOrderError),
        (raw([5, 5, 5], [0, 2, 1], [0, 0, 0]), TimeOrderError),
        (raw([5, 5, 5], [0, 0, 0], [0, 1, 0]), TimeOrderError),
        (raw([5, 5, 6], [0, 1, 4], [0, 0, 0]), OutsideSensorError),
        (raw([5, 5, 6], [0, 1, 0], [0, 0, 2]), OutsideSensorError),
        (raw([5, 5, 6], [0, 1, 2], [0, 0, 0], [0, 0, 5]), OutsideSensorError),
        (raw([5, -(2**62), 6], [0, 1, 2], [0, 0, 0]), TimeOrderError),
    ],
)
def test_what_cannot_be_stored_is_refused(events, error, chunk):
    with pytest.raises(error) as caught:
        encode(events, chunk)
    assert isinstance(caught.value, EventSimError)
    assert "\n" not in str(caught.value)
