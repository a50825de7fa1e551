"""Pickles as data sets have them, and pickles with a catch."""

import pickle
import struct
from contextlib import suppress

import numpy as np
import pytest

from eventsim.stills.plain_pickle import PickleRefused, read_plain_pickle


def same(a, b) -> bool:
    if isinstance(b, np.ndarray):
        return isinstance(a, np.ndarray) and a.dtype == b.dtype and np.array_equal(a, b)
    if isinstance(b, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in b)
    if isinstance(b, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    "content",
    [
        {b"data": np.arange(12, dtype=np.uint8).reshape(3, 4), b"labels": [1, 2, 300, -1, 2**40]},
        {"a": np.arange(6, dtype=">i2").reshape(2, 3), "b": (1, None, True, False, 0.5, "text")},
        {"columns first": np.asfortranarray(np.arange(6, dtype=np.int64).reshape(2, 3))},
        [[], {}, (), b"", "", [[1], [2]], (1, 2, 3, 4)],
        {"empty": np.empty((0, 5), np.uint8)},
    ],
)
def test_what_python_writes_is_read(protocol, content):
    assert same(read_plain_pickle(pickle.dumps(content, protocol)), content)


def test_numbers_of_numpy_are_numbers():
    assert read_plain_pickle(pickle.dumps([np.int64(5), np.uint8(7)], 4)) == [5, 7]


def test_what_stands_twice_is_read_once():
    row = [1, 2]
    found = read_plain_pickle(pickle.dumps([row, row]))
    assert found == [[1, 2], [1, 2]]
    assert found[0] is found[1]


def test_texts_of_python_2_are_bytes():
    assert read_plain_pickle(b"\x80\x02}U\x04dataU\x01\xffs.") == {b"data": b"\xff"}


class Evil:
    def __reduce__(self):
        return print, ("harm",)


class Plain:
    pass


@pytest.mark.parametrize(
    "content",
    [
        Evil(), [Evil()], Plain(), print, np.array([object()], object), np.zeros(2, [("a", "O")]),
        np.zeros(2), np.array(["text"]), {1, 2}, {(1, 2): 3}, np.dtype("u1"), bytearray, 1j,
    ],
)  # fmt: skip
def test_anything_else_is_refused(content):
    with pytest.raises(PickleRefused):
        read_plain_pickle(pickle.dumps(content))


def text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def dtype(code: str, state: bytes) -> bytes:
    return b"cnumpy\ndtype\n" + text(code) + b"\x89\x88\x87R" + state + b"b"


PLAIN_STATE = b"(K\x03" + text("|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00t"
OBJECT_STATE = b"(K\x03" + text("|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?t"
RECONSTRUCT = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n(K\x00tU\x01b\x87R"


def array(kind: bytes, shape: bytes, raw: bytes) -> bytes:
    return (
        RECONSTRUCT
        + b"(K\x01"
        + shape
        + kind
        + b"\x89T"
        + struct.pack("<I", len(raw))
        + raw
        + b"tb"
    )


@pytest.mark.parametrize(
    "operations",
    [
        array(dtype("O8", OBJECT_STATE), b"(K\x01t", b"AAAAAAAA"),  # a pointer of the file's own
        array(dtype("V8", PLAIN_STATE), b"(K\x01t", b"AAAAAAAA"),
        array(dtype("u1", OBJECT_STATE), b"(K\x08t", b"AAAAAAAA"),
        array(dtype("u8", PLAIN_STATE), b"(K\x02t", b"AAAAAAAA"),  # half of what it says
        array(dtype("u1", PLAIN_STATE), b"(J\xff\xff\xff\xfft", b"A"),
        array(dtype("i8", PLAIN_STATE), b"(\x8a\x08" + b"\xff" * 7 + b"\x7ft", b"AAAAAAAA"),
        RECONSTRUCT,  # without bytes
        RECONSTRUCT + b"}" + text("shape") + b"K\x01sb",
        b"cnumpy.core.multiarray\n_reconstruct\n}" + text("__code__") + b"Nsb",  # set-state
        b"cbuiltins\neval\n" + text("1") + b"\x85R",
        b"cos\nsystem\n" + text("true") + b"\x85R",
        b"N" * 3 + b"R", b"\x85", b"t", b"h\x05", b"K\x01K\x02b", b"]N\x85Nb", b"B",
    ],
)  # fmt: skip
def test_crafted(operations):
    with pytest.raises(PickleRefused):
        read_plain_pickle(b"\x80\x02" + operations + b".")


def test_no_exponential_growth():
    """Thirty lists, each twice in the next one: 2**30 elements if they were unfolded."""
    nested = b"]q\x00"
    for k in range(60):
        nested += b"]q" + bytes([k + 1]) + b"(h" + bytes([k]) + b"h" + bytes([k]) + b"e"
    assert isinstance(read_plain_pickle(b"\x80\x02" + nested + b"."), list)
    with pytest.raises(PickleRefused):
        read_plain_pickle(b"\x80\x02" + b"(" * 50_000 + b"l" * 50_000 + b".")


def test_no_endless_work():
    """A million bytes are encoded again and again."""
    big = text("a" * 1_000_000) + b"q\x00"
    again = b"c_codecs\nencode\nh\x00" + text("latin1") + b"\x86R0"
    with pytest.raises(PickleRefused, match="again and again"):
        read_plain_pickle(b"\x80\x02" + big + again * 100 + b".")


def test_damage_anywhere_is_refused_or_harmless():
    """Never another error, never a crash."""
    whole = pickle.dumps({b"data": np.zeros((2, 30), np.uint8), b"labels": [1, 2]}, 2)
    rng = np.random.default_rng(1)
    for _ in range(2000):
        data = bytearray(whole)
        for k in rng.integers(0, len(data), rng.integers(1, 4)):
            data[k] = rng.integers(0, 256)
        with suppress(PickleRefused):
            read_plain_pickle(bytes(data[: rng.integers(1, len(data) + 1)]))
