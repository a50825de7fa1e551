"""Clusters of events, followed and cut out."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import MaskClusters

SIZE = (120, 90)


def walking(rng, n=20_000, seconds=1.0):
    """A disk of 8 px that goes from column 20 to 100 at row 45, 20,000 events/s."""
    t = np.sort(rng.integers(0, int(seconds * 1e6), n))
    angle, radius = rng.random(n) * 2 * np.pi, 8 * np.sqrt(rng.random(n))
    x = 20 + 80 * t / (seconds * 1e6) + radius * np.cos(angle)
    return t, x, 45 + radius * np.sin(angle)


@pytest.fixture(scope="module")
def scene():
    """A walker, kind 0, among 1,000 events/s of noise, kind 1."""
    rng = np.random.default_rng(1)
    t, x, y = walking(rng)
    noise = rng.integers(0, (1_000_000, *SIZE), (1000, 3))
    t, x, y = (np.concatenate([a, b]).astype(int) for a, b in zip((t, x, y), noise.T, strict=True))
    kind, order = np.repeat([0, 1], [20_000, 1000]), np.argsort(t, kind="stable")
    return Events.of(*(c[order] for c in (t, x, y, np.ones(21_000), kind)), size=SIZE)


def test_the_boxes_are_where_the_walker_is(scene):
    boxes = MaskClusters().boxes(scene)
    assert 90 <= len(boxes) <= 110  # one each 10 ms
    middle_x = (boxes[:, 1] + boxes[:, 3]) / 2
    assert np.abs(middle_x - (20 + 80 * boxes[:, 0] / 1e6)).max() < 6
    assert np.abs((boxes[:, 2] + boxes[:, 4]) / 2 - 45).max() < 3


def test_the_walker_is_cut_out_and_the_rest_is_not(scene):
    made = MaskClusters()(scene, Draws.of(0))
    assert np.sum(made.kind == 0) <= 20
    assert np.sum(made.kind == 1) > 850


def test_noise_alone_is_no_cluster():
    rng = np.random.default_rng(2)
    noise = rng.integers(0, (1_000_000, *SIZE), (10_000, 3))
    t, x, y = noise[np.argsort(noise[:, 0])].T
    events = Events.of(t, x, y, np.ones(len(t)), size=SIZE)
    assert MaskClusters()(events, Draws.of(0)) == events


def test_two_that_are_apart_are_two(scene):
    t = np.concatenate([scene.t, scene.t])
    order = np.argsort(t, kind="stable")
    y = np.concatenate([np.minimum(scene.y // 2, 44), np.minimum(scene.y // 2 + 45, 89)])
    x = np.concatenate([scene.x, scene.x])
    both = Events.of(t[order], x[order], y[order], np.ones(len(t)), size=SIZE)
    boxes = MaskClusters().boxes(both)
    counts = np.bincount((boxes[:, 0] // 10_000).astype(int))
    assert np.median(counts[counts > 0]) == 2


def test_after_a_long_silence_nothing_is_left_of_a_cluster(scene):
    late = Events.of([*scene.t, 10**12], [*scene.x, 1], [*scene.y, 1], [True] * 21_001, size=SIZE)
    assert MaskClusters().boxes(late)[-1, 0] < 2_000_000


def test_room_that_is_too_small_is_made_larger():
    rng = np.random.default_rng(3)
    t, x, y = walking(rng, 600_000, 30.0)
    events = Events.of(t, x.astype(int), y.astype(int), np.ones(len(t)), size=SIZE)
    assert len(MaskClusters().boxes(events)) > 2000


def test_numbers_that_make_no_sense():
    for bad in ({"radius_px": 0}, {"least_events": 0}, {"hold_us": -1}, {"margin": "x"}):
        with pytest.raises(ConfigError, match=next(iter(bad))):
            MaskClusters(**bad)
