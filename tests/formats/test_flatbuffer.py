import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsim.formats.flatbuffer import FlatbufferError, Table, build_table

FIELDS = [
    (0, struct.pack("<i", -7), -1),
    (1, struct.pack("<q", 2**40), -1),
    (3, b"hello", 5),
    (4, np.arange(3, dtype="<i8").tobytes(), 3),
]


def test_what_is_built_is_read():
    table = Table(build_table(b"TEST", FIELDS), b"TEST")
    assert table.number(0, "<i") == -7
    assert table.number(1, "<q") == 2**40
    assert table.number(2, "<i", 5) == 5  # is not there
    assert table.number(9, "<i", 6) == 6  # the table is of an earlier version
    assert table.text(3) == "hello"
    assert table.vector(4, np.dtype("<i8")).tolist() == [0, 1, 2]
    assert table.vector(9, np.uint8).size == 0


def test_items_and_numbers_are_aligned():
    buffer = build_table(b"TEST", FIELDS)
    assert buffer.index(np.arange(3, dtype="<i8").tobytes()) % 8 == 0
    assert buffer.index(struct.pack("<q", 2**40)) % 8 == 0


def test_another_kind_is_refused():
    with pytest.raises(FlatbufferError, match=r"expected EVTS, found b'TEST'"):
        Table(build_table(b"TEST", FIELDS), b"EVTS")


@given(st.data())
def test_a_damaged_table_is_read_or_refused(data):
    buffer = bytearray(build_table(b"TEST", FIELDS))
    for _ in range(data.draw(st.integers(1, 3))):
        buffer[data.draw(st.integers(0, len(buffer) - 1))] = data.draw(st.integers(0, 255))
    del buffer[data.draw(st.integers(1, len(buffer))) :]
    try:
        table = Table(bytes(buffer), b"TEST")
        table.number(1, "<q")
        table.text(3)
        table.vector(4, np.dtype("<i8"))
    except FlatbufferError:
        pass
