"""Attackers who make pictures."""

from dataclasses import replace

import numpy as np
import pytest

from eventsim.privacy.clips import halves
from eventsim.privacy.decoders import Decoder, best_likeness, integrated, likeness
from eventsim.privacy.views import planes


@pytest.fixture(scope="module")
def seen(clips):
    return [np.array([planes(clip) for clip in half]) for half in halves(clips)]


@pytest.fixture(scope="module")
def decoder(clips, seen):
    return Decoder.learned(seen[0], halves(clips)[0])


def test_a_decoder_sees_faces_that_it_did_not_learn_from(clips, seen, decoder):
    tests = halves(clips)[1]
    learned = best_likeness([decoder.from_patches(seen[1][:, -1])], tests)
    assert learned > 0.55
    assert learned > best_likeness(integrated(seen[1]), tests) > 0.3
    nothing = best_likeness(decoder.pictures(np.zeros_like(seen[1])), tests)
    assert nothing < learned - 0.15


def test_the_neighborhood_is_seen_by_a_correlation_by_hand(seen, decoder):
    wide = np.pad(seen[1][0, -1], ((0, 0), (3, 3), (3, 3)))
    patch = wide[:, 30:37, 20:27].astype(np.float64)
    wanted = (patch * decoder.kernel.numpy()[0]).sum() + decoder.bias
    assert decoder.from_patches(seen[1][:1, -1])[0, 30, 20] == pytest.approx(wanted, abs=1e-4)


def test_the_whole_undoes_an_order_that_stays(clips, seen):
    """And neighborhoods do not: the same order of pixels for all clips."""
    order = np.random.default_rng(1).permutation(64 * 64)
    mixed = [half.reshape(*half.shape[:3], -1)[..., order].reshape(half.shape) for half in seen]
    train, tests = halves(clips)
    decoder = Decoder.learned(mixed[0], train)
    by_patch, by_whole = (best_likeness([k], tests) for k in decoder.pictures(mixed[1]))
    assert by_whole > by_patch + 0.05


def test_likeness_is_inside_of_the_box_and_does_not_mind_the_light(clips):
    clip = clips[0]
    assert likeness(clip.truth, clip) == pytest.approx(1)
    assert likeness(5 + 0.2 * clip.truth, clip) == pytest.approx(1)
    assert likeness(-clip.truth, clip) < 0.6
    elsewhere = clip.truth.copy()
    elsewhere[: clip.box[1]] = 7
    assert likeness(elsewhere, clip) == pytest.approx(1)
    assert np.isnan(likeness(clip.truth, replace(clip, box=(0, 0, 5, 50))))
