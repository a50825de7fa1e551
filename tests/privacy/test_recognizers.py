"""Attackers who recognize: they find what is there, and nothing where nothing is."""

import numpy as np
import pytest

from eventsim.privacy.recognizers import accuracy, linkage, separation

RNG = np.random.default_rng(1)
LABELS, WANTED = np.repeat(np.arange(4), 25), np.repeat(np.arange(4), 50)


def views(labels, strength, seed):
    """Two moments of clips whose numbers depend on the label by so much."""
    rng = np.random.default_rng(seed)
    means = np.random.default_rng(0).normal(size=(4, 30))
    return strength * means[labels][:, None] + rng.normal(size=(len(labels), 2, 30))


def test_what_is_there_is_found_and_noise_is_chance():
    strong = accuracy([views(LABELS, 2.0, 1)], LABELS, [views(WANTED, 2.0, 2)], WANTED)
    nothing = accuracy([views(LABELS, 0.0, 1)], LABELS, [views(WANTED, 0.0, 2)], WANTED)
    assert strong > 0.98
    assert nothing == pytest.approx(0.25, abs=0.08)


def test_clips_that_are_all_alike_are_chance():
    same = np.ones((100, 2, 5)), np.ones((200, 2, 5))
    assert accuracy([same[0]], LABELS, [same[1]], WANTED) == 0.25
    assert separation([same[0]], LABELS % 2, [same[1]], WANTED % 2) == 0.5


def test_a_detector_of_one_thing():
    train, test = views(LABELS % 2, 1.0, 1), views(WANTED % 2, 1.0, 2)
    assert separation([train], LABELS % 2, [test], WANTED % 2) > 0.95
    assert separation([train], LABELS % 2, [views(0 * WANTED, 0, 3)], WANTED % 2) == pytest.approx(
        0.5, abs=0.12
    )


def test_views_vote_together():
    """One that tells nothing does not outvote one that tells all."""
    train = [views(LABELS, 2.0, 1), views(LABELS, 0.0, 3)]
    test = [views(WANTED, 2.0, 2), views(WANTED, 0.0, 4)]
    assert accuracy(train, LABELS, test, WANTED) > 0.7


def test_links():
    assert linkage(views(WANTED, 3.0, 1), WANTED) > 0.95
    assert linkage(views(WANTED, 0.0, 1), WANTED) == pytest.approx(0.25, abs=0.1)
