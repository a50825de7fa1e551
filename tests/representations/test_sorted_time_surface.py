"""Ranks, by hand and against the formula pixel by pixel."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations import SortedTimeSurface


def by_pixel(events, alpha, patch, length):
    """The formula, one pixel at a time."""
    width, height = events.size
    r = patch // 2
    out = np.zeros((2, height, width))
    for q in (0, 1):
        mine = events[events.p == bool(q)]
        times = {}
        for t, x, y in zip(mine.t, mine.x, mine.y, strict=True):
            times.setdefault((int(y), int(x)), []).append(t / length)
        counts = np.zeros((height, width))
        for place, seen in times.items():
            counts[place] = len(seen)
        most = max(1, np.sort(counts.ravel())[int(np.ceil(0.99 * counts.size)) - 1])
        value = np.zeros((height, width))
        for (y, x), seen in times.items():
            near = [(b, a) for b in range(y - r, y + r + 1) for a in range(x - r, x + r + 1)]
            around = sum(min(most, len(times[n])) for n in near if n in times)
            latest = max(times[n][-1] for n in near if n in times)
            earliest = min(times[n][0] for n in near if n in times)
            if around > 1:
                value[y, x] = max(0.0, seen[-1] - alpha * (latest - earliest) / around)
        different = np.unique(value)
        out[q] = np.searchsorted(different, value) / len(different)
    return out


@pytest.mark.parametrize(("alpha", "patch"), [(3.0, 5), (0.0, 3), (1.0, 1)])
def test_it_is_the_formula(alpha, patch):
    rng = np.random.default_rng(1)
    events = Events.of(np.sort(rng.integers(0, 1000, 200)), rng.integers(0, 14, 200),
                       rng.integers(0, 11, 200), rng.random(200) < 0.6, size=(14, 11))  # fmt: skip
    surface = SortedTimeSurface(alpha, patch)(events, 0, 1000)
    assert np.allclose(surface, by_pixel(events, alpha, patch, 1000))
    assert len(np.unique(surface)) > 20


def test_without_discount_pixels_rank_by_their_last_event():
    # Each pixel fires twice, so that none is lonely: ranks 1, 2, 3 of four values with zero.
    events = Events.of([1, 2, 3, 4, 5, 6], [0, 1, 2, 2, 0, 1], [0] * 6, [1] * 6, size=(4, 1))
    surface = SortedTimeSurface(alpha=0.0, patch_px=1)(events, 0, 10)
    assert surface[1, 0].tolist() == [0.5, 0.75, 0.25, 0.0]


def test_settings_that_make_no_sense_are_refused():
    with pytest.raises(ConfigError, match="patch_px must be odd"):
        SortedTimeSurface(patch_px=4)
