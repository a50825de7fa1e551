"""The kernels against the same rules, written down plainly."""

import numpy as np
import pytest

from eventsim.denoise import EBF, STCF, AgePolarity, DoubleWindow, OrderN, YNoise
from eventsim.denoise.filter import Denoiser
from eventsim.scenes.poisson import poisson_noise

NOISE = poisson_noise(40.0, size=(11, 7), seconds=1.0, seed=5)


def plainly(rule):
    """Scores of a rule (index, last) -> score; `last` is {(x, y): [(t, p), ...]} so far."""
    seen, scores = {}, []
    for k, (t, x, y, p) in enumerate(
        zip(*(getattr(NOISE, n).tolist() for n in "txyp"), strict=True)
    ):
        scores.append(rule((t, x, y, p), seen, k))
        seen.setdefault((x, y), []).append((t, p))
    return np.array(scores, np.float64)


def around(x, y, radius=1, itself=False):
    return [
        (x + dx, y + dy)
        for dy in range(-radius, radius + 1)
        for dx in range(-radius, radius + 1)
        if itself or (dx, dy) != (0, 0)
    ]


def scores_of(how):
    return Denoiser(how, NOISE.size).scores(NOISE)


@pytest.mark.parametrize("order", range(1, 9))
@pytest.mark.parametrize("same", [False, True])
def test_the_time_within_which_so_many_neighbors_fired(order, same):
    def rule(event, seen, _):
        t, x, y, p = event
        lasts = [
            max((s for s, q in seen.get(pixel, []) if q == p or not same), default=-np.inf)
            for pixel in around(x, y)
        ]
        return sorted(lasts)[-order] - t

    assert np.array_equal(scores_of(STCF(order, same_polarity=same)), plainly(rule))


@pytest.mark.parametrize("order", [1, 2, 5, 9])
def test_density_counts_last_events_of_the_same_polarity_and_the_pixel_itself(order):
    def rule(event, seen, _):
        t, x, y, p = event
        lasts = [seen.get(pixel, [(-np.inf, p)])[-1] for pixel in around(x, y, itself=True)]
        return sorted(s if q == p else -np.inf for s, q in lasts)[-order] - t

    assert np.array_equal(scores_of(YNoise(order)), plainly(rule))


@pytest.mark.parametrize("how", [EBF(window_us=30_000), AgePolarity()])
def test_ages_are_weighed_and_added(how):
    def rule(event, seen, _):
        t, x, y, p = event
        total = 0.0
        for pixel in around(x, y, how.radius_px):
            s, q = seen.get(pixel, [(-np.inf, p)])[-1]
            total += max(0.0, 1 - (t - s) / how.window_us) if q == p else 0.0
        return total

    assert np.allclose(scores_of(how), plainly(rule), rtol=0, atol=1e-12)


def test_lines_remember_their_last_event():
    columns, rows = {}, {}

    def rule(event, _seen, _k):
        t, x, y, p = event
        best = -np.inf
        for d in (-1, 0, 1):
            for last in (columns.get(x + d), rows.get(y + d)):
                if last is not None:
                    s, u, v, q = last
                    if q == p and max(abs(u - x), abs(v - y)) == 1:
                        best = max(best, s)
        columns[x] = rows[y] = event
        return best - t

    assert np.array_equal(scores_of(OrderN()), plainly(rule))


def test_windows_hold_the_last_kept_and_the_last_dropped():
    how = DoubleWindow(distance_px=2, matches=2, length=5)
    kept, dropped = [], []

    def rule(event, _seen, _k):
        _, x, y, _ = event
        near = sum(abs(u - x) + abs(v - y) <= 2 for u, v in [*kept[-5:], *dropped[-5:]])
        (kept if near >= 2 else dropped).append((x, y))
        return near

    assert np.array_equal(scores_of(how), plainly(rule))
