"""Points of a scatter."""

import tracemalloc

import numpy as np
import pytest

from eventsim.events import Events, Kind, SensorSize
from eventsim.view import points as module
from eventsim.view.points import scatter_points, thin
from eventsim.view.windows import ViewOptions, count_rates


def steady(n: int = 1000) -> Events:
    """An event every 100 us on 64x48 pixels, all four kinds."""
    i = np.arange(n)
    return Events.of(i * 100, i % 64, i % 48, i % 2 == 0, i % 4, size=(64, 48))


@pytest.mark.parametrize(
    ("limit", "signal_step", "noise_step"), [(1, 250, 0), (10, 25, 0), (250, 1, 0), (333, 1, 10),
                                             (1000, 1, 1), (5000, 1, 1)]
)  # fmt: skip
def test_signal_comes_first_and_noise_where_there_is_room(
    limit, signal_step, noise_step, monkeypatch
):
    monkeypatch.setattr(module, "POINT_LIMIT", limit)
    monkeypatch.setattr("eventsim.view.windows.READ_US", 777)
    events = steady()
    found = thin(events, (0, 99_901))
    assert (found.signal_step, found.noise_step) == (signal_step, noise_step)
    is_signal = events.kind == Kind.SIGNAL
    signal, noise = events[is_signal], events[~is_signal]
    shown = found.events.kind == Kind.SIGNAL
    assert found.events[shown] == signal[::signal_step]
    assert found.events[~shown] == (noise[::noise_step] if noise_step else noise[:0])
    assert len(found.events) <= limit
    assert (np.diff(found.events.t) >= 0).all()


def test_words():
    events = steady(3)
    assert module.Points(events, (0, 9), 1, 1).notes == []
    (note,) = module.Points(events, (0, 9), 6, 1).notes
    assert note == "The scatter shows every 6th signal event and every noise event: 3 points."
    for step, word in ((2, "2nd"), (3, "3rd"), (11, "11th"), (21, "21st"), (112, "112th")):
        (note,) = module.Points(events, (0, 9), step, 0).notes
        assert note == f"The scatter shows every {word} signal event and no noise event: 3 points."


def test_the_scatter_is_of_the_busiest_moment():
    """3 s, and most events in the last 0.1 s."""
    t = np.concatenate([np.arange(300) * 10_000, 2_900_000 + np.arange(900) * 100])
    events = Events.of(np.sort(t), t % 64, t % 48, t % 2 == 0, size=(64, 48))
    span = (0, 3_000_000)
    rates = count_rates(events, span=span, bins=60)
    points, notes = scatter_points(events, rates, ViewOptions())
    assert points.span == (2_700_000, 3_000_000)
    assert len(points.events) == 930
    assert notes == ["The scatter shows 0.3 s around the busiest moment."]
    asked, notes = scatter_points(events, rates, ViewOptions(start_us=0))
    assert (asked.span, notes) == (span, [])


class Endless:
    """An event every 3 us, made when asked for: 100 s of them are 467 MB."""

    size = SensorSize(64, 48)

    def window(self, t0_us: int, t1_us: int) -> Events:
        t = np.arange(t0_us, t1_us - 1, 3)
        zeros = np.zeros(len(t), np.uint16)
        return Events(t, zeros, zeros, zeros > 0, zeros.astype(np.uint8), self.size)


def test_thinning_keeps_only_what_it_takes():
    tracemalloc.start()
    found = thin(Endless(), (0, 30_000_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.signal_step == 100
    assert len(found.events) <= module.POINT_LIMIT
    assert peak < 20e6  # a piece and the points; with the pieces it would be 140 MB
