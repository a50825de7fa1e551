"""A way held against all attackers."""

import numpy as np
import pytest

from eventsim.privacy.measure import Bench, Way, looks
from eventsim.privacy.ways import NOTHING, RAW
from eventsim.transforms import MaskBoxes, SpatialJitter
from eventsim.transforms.keyed import ChaoticScramble, CipherPolarity, PermutePixels


@pytest.fixture(scope="module")
def bench(clips):
    return Bench(clips, 1)


def test_raw_tells_much_and_nothing_tells_nothing(bench, clips):
    raw, view = bench.measure(RAW)
    none, _ = bench.measure(NOTHING)
    assert raw.person_naive == raw.person_adaptive > 0.6
    assert raw.likeness_adaptive > none.likeness_adaptive + 0.15
    assert (raw.rates, raw.events) == (pytest.approx(1), 1)
    assert none.person_adaptive == pytest.approx(1 / 3)
    assert (none.attribute_adaptive, none.events, none.rates) == (0.5, 0, 0)
    assert raw.task_adaptive > none.task_adaptive
    assert view.truth is next(clip for clip in clips if clip.is_test).truth
    assert view.adaptive.shape == view.events.shape == (64, 64)
    assert bench.measure(RAW)[0] == raw


def test_keys_are_of_each_clip_but_where_they_are_shared(bench, clips):
    events = clips[0].events
    own = Way("x", (ChaoticScramble(),))
    shared = Way("x", (ChaoticScramble(),), shares_key=True)
    assert bench.anonymized(own, clips[0], 1) != bench.anonymized(own, clips[0], 2)
    assert bench.anonymized(shared, clips[0], 1) == bench.anonymized(shared, clips[0], 2)
    both = Way("x", (CipherPolarity(), PermutePixels()))
    hidden = bench.anonymized(both, clips[0], 0)
    assert len(hidden) == len(events)
    assert both.words == "CipherPolarity() + PermutePixels(block_px=None, rekey_us=10000)"
    assert both.is_keyed


def test_boxes_that_are_not_given_are_those_of_the_face(bench, clips):
    left = bench.anonymized(Way("x", (MaskBoxes(()),)), clips[0], 0)
    assert len(left) < 0.01 * len(clips[0].events)
    jittered = bench.anonymized(Way("x", (SpatialJitter(2.0),)), clips[0], 0)
    assert len(jittered) > 0.9 * len(clips[0].events)


def test_looks_are_pictures_put_in_the_middle_in_two_ways(bench, clips):
    from eventsim.privacy.views import planes

    seen = np.array([planes(clip) for clip in clips[:2]])
    views = looks(bench._decoder, seen)
    assert [view.shape for view in views] == [(2, 4, 1200)] * 2
    assert np.isfinite(views).all()
