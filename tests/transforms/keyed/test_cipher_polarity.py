"""Polarities under a stream cipher."""

import numpy as np
import pytest

from eventsim.events import Events
from eventsim.transforms.keyed import CipherPolarity, EventKey, cipher_polarity


def test_the_very_same_events_come_back(moving, key):
    hidden = CipherPolarity()(moving, key)
    assert CipherPolarity().recover(hidden, key) == moving
    for name in ("t", "x", "y", "kind"):
        assert np.array_equal(getattr(hidden, name), getattr(moving, name))


def test_half_of_them_turn_whatever_they_were(key):
    n = 200_000
    zeros = np.zeros(n, np.int64)
    events = Events.of(zeros, zeros, zeros, np.ones(n, bool), size=(1, 1))
    assert CipherPolarity()(events, key).p.mean() == pytest.approx(0.5, abs=0.005)
    other = EventKey(bytes([key.secret[0] ^ 1]) + key.secret[1:])
    wrong = CipherPolarity().recover(CipherPolarity()(events, key), other)
    assert wrong.p.mean() == pytest.approx(0.5, abs=0.005)


def test_in_pieces_as_in_one(moving, key, monkeypatch):
    whole = CipherPolarity()(moving, key)
    pieces = [CipherPolarity()(moving[a:b], key, a) for a, b in ((0, 7), (7, 1_001), (1_001, None))]
    assert np.concatenate([piece.p for piece in pieces]).tolist() == whole.p.tolist()
    monkeypatch.setattr(cipher_polarity, "_BLOCK", 1 << 10)  # nonces change within a piece
    whole = CipherPolarity()(moving, key)
    pieces = [CipherPolarity()(moving[a:b], key, a) for a, b in ((0, 7), (7, 9_001), (9_001, None))]
    assert np.concatenate([piece.p for piece in pieces]).tolist() == whole.p.tolist()


def test_no_events(key):
    assert len(CipherPolarity()(Events.empty((3, 3)), key)) == 0
