"""Averaged time surfaces, against a loop over all pairs of events."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations import AveragedTimeSurface


def by_pairs(events, cell, radius, tau):
    width, height = events.size
    shape = (2, -(-height // cell), -(-width // cell))
    total, count = np.zeros((*shape, 2 * radius + 1, 2 * radius + 1)), np.zeros(shape)
    columns = [c.astype(int) for c in (events.t, events.x, events.y, events.p)]
    for i, (t, x, y, p) in enumerate(zip(*columns, strict=True)):
        count[p, y // cell, x // cell] += 1
        for s, a, b, q in zip(*(c[:i] for c in columns), strict=True):
            near = abs(a - x) <= radius and abs(b - y) <= radius
            if near and q == p and (a // cell, b // cell) == (x // cell, y // cell):
                surface = total[p, y // cell, x // cell]
                surface[b - y + radius, a - x + radius] += np.exp(-(t - s) / tau)
    return total / np.maximum(count, 1)[..., None, None]


@pytest.mark.parametrize(("cell", "radius"), [(4, 1), (5, 3), (3, 0)])
def test_it_is_the_mean_over_the_events_of_a_cell(cell, radius):
    rng = np.random.default_rng(0)
    events = Events.of(np.sort(rng.integers(0, 500, 150)), rng.integers(0, 9, 150),
                       rng.integers(0, 7, 150), rng.random(150) < 0.5, size=(9, 7))  # fmt: skip
    surface = AveragedTimeSurface(cell, radius, 100.0)(events, 0, 500)
    expected = by_pairs(events, cell, radius, 100.0)
    assert surface.shape == expected.shape
    assert np.allclose(surface, expected, atol=1e-5)
    assert expected.max() > 0.1


def test_settings_that_make_no_sense_are_refused():
    with pytest.raises(ConfigError, match="cell_px"):
        AveragedTimeSurface(cell_px=0)
