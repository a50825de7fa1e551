"""ROC curves: oracles, coins, ties, and points by hand."""

import numpy as np
import pytest

from eventsim.denoise import STCF, DoubleWindow
from eventsim.denoise_bench.curves import Curve, curve_of, filter_curve, swept_curve
from eventsim.scenes.poisson import poisson_noise

TRUTH = np.arange(2000) % 2 == 0


def test_an_oracle_has_one_and_a_coin_a_half():
    assert curve_of(TRUTH.astype(float), TRUTH).area == 1
    assert curve_of(-TRUTH.astype(float), TRUTH).area == 0
    coin = np.random.default_rng(0).random(2000)
    assert curve_of(coin, TRUTH).area == pytest.approx(0.5, abs=0.03)
    assert curve_of(np.zeros(2000), TRUTH).area == 0.5


def test_infinite_scores_are_the_lowest_and_only_the_order_counts():
    scores = np.array([-np.inf, -np.inf, -5.0, 3.0, -1e300, np.inf])
    truth = np.array([True, False, False, True, False, True])
    curve = curve_of(scores, truth)
    # Two of three pairs of the last, lowest signal: a tie with one, below two.
    assert curve.area == pytest.approx((3 + 3 + 0.5) / 9)
    assert curve_of(np.argsort(np.argsort(scores)).astype(float)[[0, 0, 2, 3, 4, 5]], truth
                    ).area == pytest.approx(curve.area)  # fmt: skip


def test_at_a_rate_and_at_as_many_events_as_there_is_signal():
    curve = Curve(np.array([0.0, 0.2, 1.0]), np.array([0.0, 0.8, 1.0]))
    assert curve.at(0.1) == pytest.approx(0.4)
    assert curve.area == pytest.approx(0.08 + 0.72)
    # 100 signal, 100 noise: at (.2, .8) 100 events are kept, 80 of them signal.
    assert curve.matched(100, 100) == pytest.approx(0.8)
    assert curve.matched(100, 0) == 1.0


def test_a_sweep_has_both_ends():
    keeps = [np.zeros(2000, bool), TRUTH & (np.arange(2000) < 1000), np.ones(2000, bool)]
    curve = swept_curve(keeps, TRUTH)
    assert (curve.fpr[0], curve.tpr[0], curve.fpr[-1], curve.tpr[-1]) == (0, 0, 1, 1)
    assert curve.area == pytest.approx(0.75)


def test_of_noise_that_is_called_signal_at_random_no_filter_tells_anything():
    noise = poisson_noise(20.0, size=(40, 30), seconds=1.0, seed=5)
    truth = np.random.default_rng(1).random(len(noise)) < 0.5
    for how in (STCF(), DoubleWindow()):
        assert filter_curve(how, noise, truth).area == pytest.approx(0.5, abs=0.02)
