"""Random paths have the statistics that their docstrings promise, and follow the seed."""

import numpy as np
import pytest
from scipy import stats

from eventsim.errors import ConfigError
from eventsim.motion.wandering import REFRACTORY_US, drift_microsaccade, random_walk

GENERATORS = [random_walk, drift_microsaccade]


@pytest.mark.parametrize("generator", GENERATORS)
def test_same_seed_same_path_other_seed_other(generator):
    a, b, c = generator(3), generator(3), generator(4)
    assert all(np.array_equal(x, y) for x, y in zip(a.columns, b.columns, strict=True))
    assert not np.array_equal(a.x_px, c.x_px)
    assert a.poses[0].tolist() == [0, 0, 0, 1]
    assert a.t_us[0] == 0


@pytest.mark.parametrize("generator", GENERATORS)
@pytest.mark.parametrize("duration_us", [1, 2, 7777])
def test_paths_last_as_long_as_asked(generator, duration_us):
    assert generator(1, duration_us=duration_us).duration_us == duration_us


def test_a_longer_walk_goes_on_from_the_shorter():
    short, long = random_walk(5, duration_us=100_000), random_walk(5, duration_us=900_000)
    n = short.t_us.size - 1
    assert np.array_equal(short.t_us[:n], long.t_us[:n])
    assert np.array_equal(short.x_px[:n], long.x_px[:n])


def test_segments_of_the_walk_are_exponential():
    path = random_walk(11, duration_us=240_000_000)  # 10,000 segments
    lengths = np.diff(path.t_us)[:-1]
    assert lengths.size == pytest.approx(10_000, abs=4 * 100)
    assert stats.kstest(lengths, stats.expon(scale=24_000).cdf).pvalue > 1e-3


def test_the_walk_has_12_directions_and_3_speeds_equally_often():
    path = random_walk(7, duration_us=240_000_000, speed_px_s=50, speed_ratio=3)
    vx, vy = path.velocity(path.t_us[1:])[:, :2].T
    lasting = np.diff(path.t_us) > 1000  # shorter ones are too short to tell the direction
    direction = np.rint(np.degrees(np.arctan2(vy, vx)) / 30).astype(int)[lasting] % 12
    speed = np.hypot(vx, vy)[lasting]
    # Positions of tens of px in float64 leave 1e-11 px, over 1 ms and more.
    found = np.searchsorted([30, 100], speed)
    assert speed == pytest.approx(np.array([50 / 3, 50, 150])[found], rel=1e-6)
    counts = np.bincount(direction * 3 + found, minlength=36)
    assert counts.size == 36
    assert stats.chisquare(counts).pvalue > 1e-3


def steps_of(path, pull_us):
    """The random part of the drift's steps, by its equation."""
    dt_us = np.diff(path.t_us)
    return [np.diff(c) + c[:-1] * -np.expm1(-dt_us / pull_us) for c in (path.x_px, path.y_px)]


def test_the_drift_diffuses_as_asked():
    path = drift_microsaccade(2, duration_us=40_000_000, drift_px2_s=20, microsaccade_hz=0)
    steps = np.concatenate(steps_of(path, 200_000.0))
    sd = np.sqrt(2 * 20 * 2e-3)  # 2 D dt; the pull takes 0.5 % of it
    assert steps.std() == pytest.approx(sd, rel=4 / np.sqrt(2 * steps.size) + 0.005)
    assert stats.kstest(steps / steps.std(), "norm").pvalue > 1e-3
    x, y = steps_of(path, 200_000.0)
    assert abs(np.corrcoef(x, y)[0, 1]) < 4 / np.sqrt(x.size)


def test_the_drift_stays_near_the_center():
    path = drift_microsaccade(2, duration_us=100_000_000, drift_px2_s=20, microsaccade_hz=0)
    # D tau = 4 px^2; 100 s are 500 times tau, each good for about half a sample.
    for column in (path.x_px, path.y_px):
        assert column.var() == pytest.approx(4.0, rel=4 * np.sqrt(2 / 250))


def onsets_of(path):
    """Starts and lengths of the moves of a path without drift and nearly without pull."""
    speed = np.hypot(np.diff(path.x_px), np.diff(path.y_px)) > 1e-4
    starts = np.flatnonzero(np.diff(speed.astype(int), prepend=0) == 1)
    ends = np.flatnonzero(np.diff(speed.astype(int), append=0) == -1) + 1
    return starts, ends


def test_microsaccades_come_as_asked():
    path = drift_microsaccade(
        9, duration_us=400_000_000, drift_px2_s=0, pull_us=1e15, microsaccade_px=7.0
    )
    starts, ends = onsets_of(path)
    assert starts.size == pytest.approx(600, abs=4 * np.sqrt(600))
    waits = np.diff(path.t_us[starts])
    assert waits.min() >= REFRACTORY_US - 4000  # two nodes
    rest = stats.expon(loc=REFRACTORY_US, scale=1e6 / 1.5 - REFRACTORY_US)
    assert stats.kstest(waits, rest.cdf).pvalue > 1e-3
    length = np.hypot(path.x_px[ends] - path.x_px[starts], path.y_px[ends] - path.y_px[starts])
    assert stats.kstest(length / 7.0, stats.uniform(0.5, 1).cdf).pvalue > 1e-3
    # Main sequence at 7 px a degree: 21 ms + 2.2 ms a degree; nodes are 2 ms apart.
    lasts_ms = (path.t_us[ends] - path.t_us[starts]) * 1e-3
    assert np.abs(lasts_ms - (21 + 2.2 * length / 7)).max() < 4
    angle = np.arctan2(path.y_px[ends] - path.y_px[starts], path.x_px[ends] - path.x_px[starts])
    assert stats.kstest(angle / (2 * np.pi) % 1, "uniform").pvalue > 1e-3


def test_a_microsaccade_is_fastest_in_the_middle():
    path = drift_microsaccade(9, duration_us=4_000_000, drift_px2_s=0, pull_us=1e15, step_us=100)
    start, end = (ends[0] for ends in onsets_of(path))
    moved = np.hypot(*(np.diff(c[start : end + 1]) for c in (path.x_px, path.y_px)))
    length = moved.sum()
    lasts = 21_000 + 2_200 * length / 7
    assert moved.max() / 100 == pytest.approx(1.875 * length / lasts, rel=0.01)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: random_walk(1, duration_us=0), "duration_us must be above 0"),
        (lambda: random_walk(1, mean_us=-1), "mean_us must be above 0"),
        (lambda: random_walk(1, speed_px_s=0), "speed_px_s"),
        (lambda: random_walk(1, speed_ratio=0.5), "speed_ratio must be at least 1"),
        (lambda: drift_microsaccade(1, drift_px2_s=-1), "drift_px2_s must be 0 or more"),
        (lambda: drift_microsaccade(1, pull_us=0), "pull_us"),
        (lambda: drift_microsaccade(1, microsaccade_px=0), "microsaccade_px"),
        (lambda: drift_microsaccade(1, microsaccade_hz=7), "below 6.67"),
        (lambda: drift_microsaccade(1, microsaccade_hz=float("nan")), "microsaccade_hz"),
        (lambda: drift_microsaccade(1, px_per_degree=0), "px_per_degree"),
        (lambda: drift_microsaccade(1, step_us=0), "step_us"),
    ],
)
def test_bad_numbers(make, words):
    with pytest.raises(ConfigError, match=words):
        make()
