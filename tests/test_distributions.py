"""Distributions as they are written, and what is drawn from them."""

import numpy as np
import pytest
from scipy import stats

from eventsim import random
from eventsim.distributions import Distribution, is_distribution
from eventsim.errors import ConfigError

KEY = random.stream_key(1, random.Stream.SETTING)


def draws(text, count=4000):
    n = np.arange(count, dtype=np.uint64)
    pixel = np.zeros(1, np.uint64)
    u = random.uniform(KEY, pixel, n * np.uint64(2))
    v = random.uniform(KEY, pixel, n * np.uint64(2) + np.uint64(1))
    distribution = Distribution.of(text)
    return np.array([distribution.drawn(pair) for pair in zip(u, v, strict=True)])


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("uniform(0.1, 0.4)", stats.uniform(0.1, 0.3)),
        ("loguniform(0.1, 10)", stats.loguniform(0.1, 10)),
        ("normal(2, 0.5)", stats.norm(2, 0.5)),
        ("lognormal(0.2, 0.3)", stats.lognorm(0.3, scale=0.2)),
    ],
)
def test_numbers_follow_the_law(text, law):
    assert stats.kstest(draws(text), law.cdf).pvalue > 0.001


def test_a_choice_is_even_and_may_be_of_words():
    found = draws("choice(ideal, row-latch, 3)")
    assert {value: np.mean(found == value) for value in ("ideal", "row-latch", "3")} == {
        "ideal": pytest.approx(1 / 3, abs=0.03),
        "row-latch": pytest.approx(1 / 3, abs=0.03),
        "3": pytest.approx(1 / 3, abs=0.03),
    }


def test_text_and_back():
    for text in ("uniform(0.1, 0.4)", "lognormal(3, 0.5)", "choice(a, 2, 0.5)"):
        assert str(Distribution.of(text)) == text
        assert Distribution.of(str(Distribution.of(text))) == Distribution.of(text)
    assert Distribution.of(" Uniform( 1,2 ) ").arguments == (1, 2)


def test_ends_and_the_middle():
    assert Distribution.of("uniform(1, 3)").typical == 2
    assert Distribution.of("loguniform(1, 4)").typical == pytest.approx(2)
    assert Distribution.of("lognormal(0.2, 1)").ends == (0.2,)
    assert Distribution.of("choice(1, 5, 9)").ends == (1, 5, 9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("uniform(1)", r"expected uniform\(low, high\), found 'uniform\(1\)'"),
        ("uniform(3, 1)", "expected uniform"),
        ("loguniform(0, 1)", "expected loguniform"),
        ("normal(1, -1)", "expected normal"),
        ("lognormal(-1, 1)", "expected lognormal"),
        ("uniform(a, b)", "expected uniform"),
        ("uniform(nan, 1)", "expected uniform"),
        ("choice()", "expected choice"),
        ("unifrom(1, 2)", "no distribution 'unifrom'. Did you mean 'uniform'"),
        ("0.3", "expected a distribution such as"),
    ],
)
def test_what_is_wrong_is_said(text, words):
    with pytest.raises(ConfigError, match=words):
        Distribution.of(text)


def test_what_looks_like_one():
    assert is_distribution("uniform(1, 2)") and is_distribution("unifrom(1)")  # noqa: PT018
    assert not any(is_distribution(v) for v in (0.3, "ideal", "a.csv", None, "choice"))
