"""The kernels that shake events, and put them in order."""

import numpy as np
import pytest

from eventsim.events import COLUMNS, Events
from eventsim.transforms import jitter_kernels
from eventsim.transforms.changing import columns_of, room_for
from eventsim.transforms.ziggurat import ziggurat

KEY = np.uint64(12345)


def shaken(events, sd_px):
    room = room_for(len(events))
    n = jitter_kernels.jitter_places(
        sd_px, KEY, ziggurat(), tuple(events.size), *columns_of(events), tuple(room)
    )
    return Events.from_columns([column[:n] for column in room], events.size)


def test_no_noise_leaves_events_as_they_are(events):
    assert shaken(events, 0.0) == events


def test_places_move_by_rounded_normal_noise():
    n = 200_000
    events = Events.of(np.arange(n), np.full(n, 50), np.full(n, 50), np.ones(n), size=(101, 101))
    made = shaken(events, 2.0)
    assert len(made) == n
    for place in (made.x.astype(float), made.y.astype(float)):
        assert place.mean() == pytest.approx(50, abs=0.02)
        assert place.var() == pytest.approx(4 + 1 / 12, rel=0.02)
    assert np.corrcoef(made.x, made.y)[0, 1] == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("n", [1, 3, 32, 33, 2000])
def test_events_of_a_microsecond_are_in_raster_order_and_equal_ones_as_they_were(n):
    rng = np.random.default_rng(n)
    t = rng.integers(0, 3, n)
    columns = [t, rng.integers(0, 4, n).astype(np.uint16), rng.integers(0, 3, n).astype(np.uint16),
               rng.random(n) < 0.5, rng.integers(0, 4, n).astype(np.uint8)]  # fmt: skip
    room = room_for(n)
    order = np.argsort(t, kind="stable")
    jitter_kernels.arrange(order, *columns, tuple(room))
    wanted = np.lexsort((columns[1], columns[2], t))  # stable
    for k, name in enumerate(COLUMNS):
        assert np.array_equal(room[k][:n], columns[k][wanted]), name
