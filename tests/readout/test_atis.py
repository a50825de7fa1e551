"""The readout of an ATIS, from its formulas."""

import numpy as np
import pytest

from eventsim.events import Events, Packet
from eventsim.readout.atis import AtisReadout

SIZE = (64, 2000)
FAR_US = 100_000
"""After so long nothing is left of a read."""


def read(t, x, y, p, seed=1, size=SIZE):
    """Events as they are read."""
    events = Events.of(t, x, y, p, size=size)
    stage = AtisReadout(events.size, seed)
    frames = np.array([0, int(events.t[-1]) + 10_000])
    stops = np.searchsorted(events.t, frames, side="right")
    out = [stage.push(Packet(events, frames, stops)), stage.end()]
    return Events.concatenate([packet.events for packet in out], events.size)


def pairs(n, apart_us, *, same_row, first=True, second=True):
    """Pairs of events of two pixels, each long after the one before; one pixel is used once.

    So its interval is the longest that counts, 8 ms.
    """
    k = np.arange(n)
    start = 1000 + k * FAR_US
    t = np.stack([start, start + apart_us], 1).ravel()
    x = np.stack([k % 32, 32 + k % 32], 1).ravel()
    row = k // 32
    y = np.stack([row, row if same_row else row + 1000], 1).ravel()
    p = np.tile([first, second], n)
    return t, x, y, p


def times_of_seconds(out, n):
    """When the second of each pair was read, from when the first was due."""
    second = out[out.x >= 32]
    k = (second.t + 20_000) // FAR_US
    kept = np.unique(k, return_index=True)[1]  # without second reads of it
    return second.t[kept] - (1000 + k[kept] * FAR_US)


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("apart_us", [15, 40, 90])
def test_a_read_pulls_the_next_event_of_its_row(first, second, apart_us):
    """The first t with t + I c h(t) >= T, found on a fine grid."""
    n = 900
    coupling = {(0, 0): 0.0027, (0, 1): 0.0136, (1, 0): 0.0032, (1, 1): 0.0270}[first, second]
    once = 0.009 if second else 0.022
    u = np.arange(0, apart_us, 1e-3)
    advance = 8000 * coupling * (np.exp(-u / 73.8) - (1 - once) * np.exp(-u / 18))
    falls = u[np.argmax(u + advance >= apart_us)] if (u + advance >= apart_us).any() else apart_us
    out = read(*pairs(n, apart_us, same_row=True, first=first, second=second))
    found = times_of_seconds(out, n)
    assert len(found) == n
    # Where in its microsecond each of them is due is drawn: a triangle of +-1 us, cut down; and
    # behind another one the bus is busy for .5 to .7 us. Glitches with ON reads come on top.
    near = np.abs(found - falls) <= 3
    glitches = {True: 0.028, False: 0.037}[second] * np.exp(-apart_us / 68.7) if first else 0
    assert near.mean() > 0.99 - 1.3 * glitches
    assert np.median(found) == pytest.approx(falls, abs=1.5)


@pytest.mark.parametrize("second", [False, True])
def test_a_glitch_reads_what_is_just_due_anywhere(second):
    """With probability g exp(-u / 68.7) it is read with an ON event of another row."""
    n, apart_us = 30_000, 20
    k = np.arange(n)
    size = (64, 1000)
    t, x, y, p = pairs(n, apart_us, same_row=False, second=second)
    y = np.stack([k % 400, 500 + k % 400], 1).ravel()
    x = np.stack([k // 400 % 32, 32 + k // 400 % 32], 1).ravel()
    found = times_of_seconds(read(t, x, y, p, size=size), n)
    expected = {True: 0.028, False: 0.037}[second] * np.exp(-apart_us / 68.7)
    at_once = (found <= 2).mean()
    assert at_once == pytest.approx(expected, abs=4 * np.sqrt(expected / n))
    assert (np.abs(found - apart_us) <= 1).mean() == pytest.approx(1 - expected, abs=0.01)


def test_no_glitch_with_off_reads():
    n = 5000
    k = np.arange(n)
    t, x, _, p = pairs(n, 20, same_row=False, first=False)
    y = np.stack([k % 400, 500 + k % 400], 1).ravel()
    x = np.stack([k // 400 % 32, 32 + k // 400 % 32], 1).ravel()
    found = times_of_seconds(read(t, x, y, p, size=(64, 1000)), n)
    assert (np.abs(found - 20) <= 1).all()


@pytest.mark.parametrize(("on", "gap_us"), [(True, 0.50), (False, 0.72)])
def test_one_bus_for_all(on, gap_us):
    """1,500 events at once, one in each row: the gap is a normal one, cut at 0."""
    n = 1500
    zeros = np.zeros(n, int)
    out = read(zeros + 1000, zeros, np.arange(n), np.full(n, on))
    once = out[np.unique(out.y, return_index=True)[1]]
    took = once.t.max() - 1000
    assert took == pytest.approx(gap_us * n, rel=0.03)
    assert np.bincount(once.t - 1000).max() <= 2 / gap_us + 3


@pytest.mark.parametrize("on", [False, True])
def test_second_reads_by_the_rate_of_the_array(on):
    """20 events per ms, none near another of its row."""
    n, rate_ms = 400_000, 20.0
    k = np.arange(n)
    t = 1000 + k * 50
    out = read(t, k // 2000 % 64, k % 2000, np.full(n, on))
    more = len(out) - n
    if on:
        flipped, same = 4.3e-5 * rate_ms, 6e-4 + 5e-6 * rate_ms
        late = 6e-4 + 3.6e-5 * rate_ms
    else:
        flipped, same, late = 1.9e-5 * rate_ms, 0.0, 0.0
    expected = n * (flipped + same + late)
    assert more == pytest.approx(expected, abs=4 * np.sqrt(expected))
    assert (out.p != on).sum() == pytest.approx(n * flipped, abs=4 * np.sqrt(n * flipped))
    order = np.lexsort((out.t, out.y, out.x))
    pixel = (out.y.astype(int) * 64 + out.x)[order]
    again = np.diff(out.t[order])[np.diff(pixel) == 0]
    soon = (again <= 3).sum()
    wanted = n * (flipped + same)
    assert soon == pytest.approx(wanted, abs=4 * np.sqrt(wanted) + 0.02 * n * late)


def test_times_may_begin_anywhere():
    """A run-in begins before 0."""
    t, x, y, p = pairs(300, 30, same_row=True)
    size = (64, 10)

    def moved(by_us):
        events = Events.of(t + by_us, x, y, p, size=size)
        stage = AtisReadout(events.size, 1)
        stops = np.array([len(events)])
        out = [stage.push(Packet(events, events.t[-1:] + 10_000, stops)), stage.end()]
        return Events.concatenate([packet.events for packet in out], events.size).t - by_us

    there = moved(0)
    assert (there != t).mean() > 0.3  # the second of each pair was pulled
    assert np.array_equal(there, moved(-20_000_000))
    assert np.array_equal(there, moved(1 << 40))


def test_events_are_moved_and_not_lost():
    rng = np.random.default_rng(1)
    n = 20_000
    t, p = np.sort(rng.integers(1, 200_000, n)), rng.random(n) < 0.5
    x, y, kind = rng.integers(0, 34, n), rng.integers(0, 34, n), rng.integers(0, 4, n)
    events = Events.of(t, x, y, p, kind, size=(34, 34))
    stage = AtisReadout(events.size, 5)
    packet = Packet(events, np.array([200_000]), np.array([n]))
    out = Events.concatenate([stage.push(packet).events, stage.end().events], events.size)
    assert 0 < len(out) - len(events) < 0.03 * len(events)

    def counts(some):
        table = np.zeros((34, 34, 4), int)
        np.add.at(table, (some.y, some.x, some.kind), 1)
        return table

    more = counts(out) - counts(events)
    assert more.min() >= 0
    assert more.sum() == len(out) - len(events)  # a second read has the kind of the first
