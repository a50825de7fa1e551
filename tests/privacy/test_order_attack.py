"""The attack on orders of pixels: on a plane whose order is known."""

import numpy as np
import pytest

from eventsim.events import Events, SensorSize
from eventsim.privacy.order_attack import find_order, recovered_share


def waves(size, seconds=60.0, seed=0):
    """Random smooth light that drifts over a sensor: an event where it crosses a level."""
    rng = np.random.default_rng(seed)
    steps = round(seconds / 0.02)
    y, x = np.mgrid[: size[1], : size[0]]
    columns = []
    for step in range(steps):
        a, b, c, d = rng.normal(size=4)
        level = np.sin(0.9 * a * x + 0.9 * b * y + 6 * c) + 0.3 * d
        rows, cols = np.nonzero(np.abs(level) > 0.6)
        columns.append((np.full(len(rows), step * 20_000), cols, rows, level[rows, cols] > 0))
    return Events.of(*(np.concatenate(c) for c in zip(*columns, strict=True)), size=size)


@pytest.mark.parametrize("size", [(12, 12), (16, 10)])
def test_an_order_is_found_from_events_alone(size):
    events = waves(size)
    table = np.random.default_rng(1).permutation(size[0] * size[1])
    to = table[events.y.astype(int) * size[0] + events.x]
    hidden = Events.of(events.t, to % size[0], to // size[0], events.p, size=size)
    exact, near = recovered_share(find_order(hidden), table, SensorSize(*size))
    assert near > 0.9
    assert exact > 0.4


def test_noise_has_no_order():
    rng = np.random.default_rng(2)
    n, size = 100_000, (12, 12)
    events = Events.of(np.sort(rng.integers(0, 10**7, n)), rng.integers(0, 12, n),
                       rng.integers(0, 12, n), rng.random(n) < 0.5, size=size)  # fmt: skip
    table = np.random.default_rng(5).permutation(144)
    exact, _ = recovered_share(find_order(events), table, SensorSize(*size))
    assert exact < 0.1
    empty = find_order(Events.empty(size))
    assert sorted(empty.tolist()) == list(range(144))


def test_turns_and_mirrors_do_not_count():
    table = np.random.default_rng(3).permutation(36)
    truth = np.argsort(table)
    for turned in (truth, truth.reshape(36) // 6 + truth % 6 * 6, truth // 6 * 6 + 5 - truth % 6):
        assert recovered_share(turned, table, SensorSize(6, 6)) == (1.0, 1.0)
    shifted = np.minimum(truth % 6 + 1, 5) + truth // 6 * 6
    exact, near = recovered_share(shifted, table, SensorSize(6, 6))
    assert exact < near == 1.0
