"""Counter-based random numbers: known answers, uniformity, and independence of everything else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, kstest

from eventsim import random
from eventsim.random import GOLDEN, Draws, Stream, draw_bits, mix64, normal, stream_key, uniform

WORD = (1 << 64) - 1
N = 200_000


def big_mix64(z):
    """SplitMix64 with Python's unbounded integers."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & WORD
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & WORD
    return z ^ (z >> 31)


def u64(*values):
    return np.array(values, np.uint64)


def grid(pixels, draws):
    pixel, n = np.meshgrid(np.arange(pixels), np.arange(draws), indexing="ij")
    return pixel.ravel().astype(np.uint64), n.ravel().astype(np.uint64)


def test_splitmix64_known_outputs():
    # The first outputs of SplitMix64 with seed 1234567, as published with its reference code.
    known = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    golden = int(GOLDEN)
    assert [big_mix64((1234567 + k * golden) & WORD) for k in (1, 2, 3)] == known
    assert mix64(u64(1234567) + u64(1, 2, 3) * GOLDEN).tolist() == known


@given(st.lists(st.integers(0, WORD), min_size=1, max_size=20))
def test_mix64_against_unbounded_integers(values):
    assert mix64(u64(*values)).tolist() == [big_mix64(v) for v in values]


def test_mix64_is_injective():
    assert np.unique(mix64(np.arange(N, dtype=np.uint64))).size == N


@given(
    seed=st.integers(-(1 << 70), 1 << 70),
    stream=st.sampled_from(Stream),
    pixel=st.integers(0, (1 << 32) - 1),
    n=st.integers(0, (1 << 32) - 1),
)
def test_draw_bits_against_unbounded_integers(seed, stream, pixel, n):
    golden = int(GOLDEN)
    key = big_mix64(big_mix64(((seed & WORD) + golden) & WORD) ^ (2 * stream + 1))
    assert int(stream_key(seed, stream)) == key
    expected = big_mix64((key + ((pixel << 32) | n) * golden) & WORD)
    assert int(draw_bits(np.uint64(key), u64(pixel), u64(n))[0]) == expected


def test_seeds_and_streams_have_their_own_keys():
    keys = {int(stream_key(seed, stream)) for seed in range(-500, 500) for stream in Stream}
    assert len(keys) == 1000 * len(Stream)


def test_pixels_and_draws_do_not_share_bits():
    pixel, n = grid(400, 500)
    assert np.unique(draw_bits(stream_key(1, 0), pixel, n)).size == N
    # Neither do the neighbors of the corners of the allowed range.
    pixel, n = u64(0, 0, 1, WORD >> 32), u64(0, WORD >> 32, 0, WORD >> 32)
    assert np.unique(draw_bits(stream_key(1, 0), pixel, n)).size == 4


@pytest.mark.parametrize("draw", [uniform, normal])
def test_a_draw_depends_on_pixel_and_number_alone(draw):
    pixel, n = grid(30, 40)
    key = stream_key(5, Stream.SHOT_TIME)
    together = draw(key, pixel, n)
    shuffled = np.random.default_rng(0).permutation(pixel.size)
    assert np.array_equal(draw(key, pixel[shuffled], n[shuffled]), together[shuffled])
    for k in (0, 777, 1199):
        assert draw(key, pixel[k : k + 1], n[k : k + 1])[0] == together[k]


@pytest.mark.parametrize("shape", [(1, N), (N, 1), (400, 500)])
def test_uniform(shape):
    u = uniform(stream_key(11, Stream.HOT_CHOICE), *grid(*shape))
    assert u.dtype == np.float64
    assert u.min() > 0
    assert u.max() < 1
    # Four standard deviations of the mean and of the variance of N uniform numbers.
    assert abs(u.mean() - 0.5) < 4 * np.sqrt(1 / 12 / N)
    assert abs(u.var() - 1 / 12) < 4 * np.sqrt(1 / 180 / N)
    assert kstest(u, "uniform").pvalue > 1e-3


def uniform_of(bits, monkeypatch):
    monkeypatch.setattr(random, "draw_bits", lambda *_: u64(bits))
    return float(random.uniform(np.uint64(0), u64(0), u64(0))[0])


def test_uniform_never_reaches_zero(monkeypatch):
    assert uniform_of(0, monkeypatch) == 2.0**-53


def test_uniform_never_reaches_one(monkeypatch):
    assert uniform_of(WORD, monkeypatch) < 1


@pytest.mark.parametrize("shape", [(1, N), (N, 1)])
def test_normal(shape):
    x = normal(stream_key(11, Stream.THRESHOLD_ON), *grid(*shape))
    assert np.isfinite(x).all()
    assert abs(x.mean()) < 4 / np.sqrt(N)
    assert abs(x.var() - 1) < 4 * np.sqrt(2 / N)
    assert kstest(x, "norm").pvalue > 1e-3
    # 4 sigma tails: 6.3e-5 of the numbers.
    assert 2 < (np.abs(x) > 4).sum() < 35


def test_normal_is_box_and_muller_of_two_uniform_draws():
    key, pixel = stream_key(3, Stream.LEAK_JITTER), u64(7)
    u, v = uniform(key, pixel, u64(10))[0], uniform(key, pixel, u64(11))[0]
    expected = np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)
    assert normal(key, pixel, u64(5))[0] == pytest.approx(expected, rel=1e-14)


def correlation(a, b):
    return abs(np.corrcoef(a, b)[0, 1])


def test_streams_seeds_pixels_and_draws_are_uncorrelated():
    pixel, n = grid(400, 500)
    draws = {
        (seed, stream): uniform(stream_key(seed, stream), pixel, n)
        for seed in (1, 2)
        for stream in (Stream.SHOT_TIME, Stream.SHOT_POLARITY)
    }
    names = list(draws)
    limit = 4 / np.sqrt(N)
    for i, a in enumerate(names):
        for b in names[:i]:
            assert correlation(draws[a], draws[b]) < limit
    u = draws[names[0]].reshape(400, 500)
    assert correlation(u[:-1].ravel(), u[1:].ravel()) < limit
    assert correlation(u[:, :-1].ravel(), u[:, 1:].ravel()) < limit


def test_pairs_fill_the_square_evenly():
    u = uniform(stream_key(4, Stream.SHOT_TIME), *grid(1, N))
    cells = (np.floor(u[::2] * 32) * 32 + np.floor(u[1::2] * 32)).astype(int)
    counts = np.bincount(cells, minlength=1024)
    expected = N / 2 / 1024
    statistic = ((counts - expected) ** 2 / expected).sum()
    assert chi2.sf(statistic, 1023) > 1e-3


def test_draws_of_a_sample_depend_on_seed_epoch_index_and_number():
    first = Draws.of(1, 2, 3)
    others = [Draws.of(2, 2, 3), Draws.of(1, 3, 3), Draws.of(1, 2, 4), first.child(0)]
    assert first.uniform(0) == Draws.of(1, 2, 3).uniform(0)
    assert len({first.uniform(0), first.uniform(1), *(o.uniform(0) for o in others)}) == 6


def test_draws_are_uniform_whichever_number_is_varied():
    by_number = [Draws.of(5).uniform(n) for n in range(20_000)]
    by_index = [Draws.of(5, 0, i).uniform(0) for i in range(5000)]
    by_child = [Draws.of(5).child(i).uniform(0) for i in range(5000)]
    for drawn in (by_number, by_index, by_child, Draws.of(5).uniforms(2, 20_000)):
        assert kstest(drawn, "uniform").pvalue > 1e-4
    assert kstest(Draws.of(5).normals(2, 20_000), "norm").pvalue > 1e-4


def test_draws_from_ranges():
    rng = Draws.of(0)
    assert rng.between(0, 4) == 4.0
    assert all(2 <= rng.between(n, (2, 3)) <= 3 for n in range(100))
    seen = [rng.integer(n, -1, 2) for n in range(400)]
    assert sorted(set(seen)) == [-1, 0, 1, 2]
    assert len(rng.uniforms(0, 0)) == 0
