"""Where the array rests, what its events tell, and that parts make the whole."""

import numpy as np
import pytest

from eventsim.events import Events
from eventsim.realism.moments import (
    look_at,
    motion_moments,
    noise_moments,
    parts_of,
    still,
    without_hot,
)
from eventsim.sources.arrays import ArraySource


def test_where_the_frames_change():
    frames = np.full((3, 4, 5), 100.0, np.float32)
    frames[1, 0, 0] = 102  # ln(103 / 101) = .02: quiet
    frames[1, 1, 1] = 110  # ln(111 / 101) = .09: neither
    frames[2, 2, 2] = 130  # ln(131 / 101) = .26: motion
    light = look_at(ArraySource(frames, np.array([5, 10, 20]), transfer="linear"))
    assert (light.start_us, light.stop_us) == (5, 20)
    assert np.argwhere(light.active).tolist() == [[2, 2]]
    assert np.argwhere(~light.quiet).tolist() == [[1, 1], [2, 2]]


def test_noise_by_hand():
    events = Events.of([10, 20, 30, 40], [0, 0, 1, 1], [0, 0, 0, 0], [1, 0, 1, 1], size=(20, 2))
    light = still((20, 2), 0, 2_000_000)
    found = noise_moments(events, light, np.ones((2, 20), bool))
    # Three ON, one OFF, one change, each and one more, on 40 pixels in 2 s.
    assert np.exp(found[:3]) == pytest.approx([4 / 80, 2 / 80, 2 / 80])
    # Two pixels of two events, and of 40 the two with most are left out: none has any.
    assert np.exp(found[3]) == pytest.approx(0.05)


def test_motion_by_hand():
    events = Events.of([1, 95, 96], [0, 0, 1], [0, 0, 0], [1, 0, 1], size=(2, 1))
    light = still((2, 1), 0, 96)
    light = type(light)(~light.quiet, light.quiet, 0, 96)  # all of it moves
    counts = np.exp(motion_moments(events, light, np.array([[True, True]]))[:192]) - 3
    on, off = counts.reshape(2, 96)
    assert np.flatnonzero(on > 0.5).tolist() == [1, 95]
    assert np.flatnonzero(off > 0.5).tolist() == [95]
    alone = np.exp(motion_moments(events, light, np.array([[True, False]]))[:96]) - 3
    assert alone.sum() == pytest.approx(1)


def test_parts_are_apart_and_make_the_whole():
    light = still((50, 40), 0, 1)
    parts = parts_of(light, seed=1)
    assert np.array_equal(sum(part.astype(int) for part in parts), np.ones((40, 50), int))
    sizes = [part.sum() for part in parts]
    assert max(sizes) < 2 * min(sizes)
    for part in parts:  # spread over the array
        rows, columns = np.nonzero(part)
        assert np.ptp(rows) > 15
        assert np.ptp(columns) > 20


def test_hot_pixels_are_counted_and_left_out():
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 20, 4000), rng.integers(0, 20, 4000)
    x[:400], y[:400] = 3, 4
    x[400:700], y[400:700] = 9, 9
    t = np.sort(rng.integers(1, 10_000_000, 4000))
    p = np.ones(4000, bool)
    p[:200] = False
    order = rng.permutation(4000)
    events = Events.of(t, x[order], y[order], p[order], size=(20, 20))
    left, hot = without_hot(events, still((20, 20), 0, 10_000_000))
    mine = ((x == 3) & (y == 4)) | ((x == 9) & (y == 9))
    assert len(left) == 4000 - mine.sum()
    assert hot["hot_pixel_fraction"] == 2 / 400
    assert hot["hot_pixel_rate_hz"] == pytest.approx((mine.sum() / 2 - 8) / 10, abs=0.2)
    assert hot["hot_pixel_on_share"] == pytest.approx(p[mine].mean())
