"""Clips, and what is done to them."""

import numpy as np

from eventsim.privacy.clips import as_shown, changed, halves


def test_halves_and_changes(clips):
    train, test = halves(clips)
    assert (len(train), len(test)) == (24, 12)
    assert {clip.person for clip in train} == {clip.person for clip in test} == {0, 1, 2}
    cut = changed(clips, lambda clip, number: clip.events[:number])
    assert [len(clip.events) for clip in cut] == list(range(36))
    assert cut[5].truth is clips[5].truth


def test_a_screen_shows_the_root_of_light():
    assert np.allclose(as_shown(np.array([-1.0, 0.0, 0.5**2.2, 1.0, 2.0])), [0, 0, 0.5, 1, 1])
