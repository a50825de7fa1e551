"""Keys of recordings: held against the RFCs, and none used twice."""

import hashlib
import hmac
import itertools
import pickle

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.transforms.keyed.event_key import EventKey, key_check

SECRET = bytes(range(32))
ID = "0123456789abcdef" * 2


def test_a_key_is_hkdf_of_its_place():
    """HKDF by hand, as RFC 5869 writes it down: extract, then one block of expand."""
    first = hmac.new(bytes.fromhex(ID), SECRET, hashlib.sha256).digest()
    info = b"eventsim 1 recording 3 7\x01"
    assert EventKey.of(SECRET, ID, 3, 7).secret == hmac.new(first, info, hashlib.sha256).digest()


def test_the_stream_is_that_of_rfc_8439():
    """Section 2.4.2 of the RFC; its block counter begins at 1, so ours has 64 bytes before it."""
    text = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
        b"future, sunscreen would be it."
    )
    wanted = bytes.fromhex(
        "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0b"
        "f91b65c5524733ab8f593dabcd62b3571639d624e65152ab8f530c359f0861d8"
        "07ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab7793736"
        "5af90bbf74a35be6b40b8eedf2785e42874d"
    )
    number = int.from_bytes(bytes.fromhex("000000000000004a00000000"), "little")
    stream = EventKey(SECRET).stream(number, 64 + len(text))[64:]
    assert (np.frombuffer(text, np.uint8) ^ stream).tobytes() == wanted


def test_no_two_uses_have_the_same_key():
    keys = [
        EventKey.of(SECRET, name, part, sample).child(word).secret
        for name in (ID, ID[::-1])
        for part, sample in itertools.product((0, 1, 11), (0, 1, 11))
        for word in ("0 PermutePixels", "1 PermutePixels", "metadata", "draws")
    ]
    assert len(set(keys)) == len(keys)


def test_no_two_numbers_have_the_same_stream():
    key = EventKey(SECRET)
    streams = {key.stream(number, 32).tobytes() for number in range(-500, 500)}
    assert len(streams) == 1000


def test_one_bit_of_the_secret_changes_everything():
    other = bytes([SECRET[0] ^ 1]) + SECRET[1:]
    bits = [np.unpackbits(EventKey.of(s, ID).stream(0, 100_000)) for s in (SECRET, other)]
    assert (bits[0] != bits[1]).mean() == pytest.approx(0.5, abs=0.003)
    assert key_check(SECRET, ID) != key_check(other, ID)


def test_a_key_is_never_shown():
    key = EventKey.of(SECRET, ID)
    for text in (repr(key), str(key), f"{[key]}"):
        assert "EventKey()" in text
    assert pickle.loads(pickle.dumps(key)) == key
    assert SECRET.hex()[:8] not in key_check(SECRET, ID)


def test_what_is_sealed_is_opened_by_its_key_alone():
    key = EventKey.of(SECRET, ID)
    sealed = key.child("metadata").seal(b"somebody")
    assert b"somebody" not in sealed
    assert key.child("metadata").unseal(sealed) == b"somebody"
    for other, text in ((key, sealed), (key.child("metadata"), sealed[:-1] + b"x")):
        with pytest.raises(ConfigError, match="another key, or was changed"):
            other.unseal(text)


def test_draws_are_those_of_the_key():
    one, other = EventKey.of(SECRET, ID, 0, 0).draws(), EventKey.of(SECRET, ID, 0, 1).draws()
    assert one == EventKey.of(SECRET, ID, 0, 0).draws() != other


@pytest.mark.parametrize("bad", ["", "00", "x" * 32, None])
def test_an_id_that_is_none(bad):
    with pytest.raises(ConfigError, match="32 hexadecimal digits"):
        EventKey.of(SECRET, bad)


def test_a_secret_of_another_length():
    with pytest.raises(ConfigError, match="32 bytes, found 5"):
        EventKey.of(b"short", ID)
