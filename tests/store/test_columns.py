"""A column grows by whole shards, and can be cut back to any row."""

import zlib

import numpy as np
import pytest

from eventsim.store.columns import Column, crc32


class Memory:
    """An array as Zarr's, in memory, that counts what is written."""

    def __init__(self, shape, dtype):
        self.values, self.dtype, self.writes = np.zeros(shape, dtype), np.dtype(dtype), []

    @property
    def shape(self):
        return self.values.shape

    def resize(self, shape):
        kept = self.values[: shape[0]]
        self.values = np.zeros(shape, self.dtype)
        self.values[: len(kept)] = kept

    def __getitem__(self, some):
        return self.values[some]

    def __setitem__(self, some, values):
        self.writes.append((some.start, some.stop))
        self.values[some] = values


@pytest.mark.parametrize("shape", [(0,), (0, 2, 3)])
def test_every_write_but_the_last_is_a_whole_shard(shape):
    rows = np.arange(23 * int(np.prod(shape[1:])), dtype=np.int64).reshape(23, *shape[1:])
    array = Memory(shape, np.int64)
    column = Column(array, 5)
    for a, b in ((0, 3), (3, 3), (3, 16), (16, 23)):
        column.append(rows[a:b])
    assert column.length == 23
    column.flush()
    assert array.writes == [(0, 5), (5, 10), (10, 15), (15, 20), (20, 23)]
    assert np.array_equal(array.values, rows)
    assert column.crc == zlib.crc32(rows.tobytes())


@pytest.mark.parametrize("length", [0, 4, 5, 7, 13])
def test_a_cut_takes_back_rows_also_those_that_were_written(length):
    rows = np.arange(13, dtype=np.int64)
    column = Column(Memory((0,), np.int64), 5)
    column.append(rows[:length])
    crc = column.crc
    column.append(rows[length:])
    column.cut(length, crc)
    column.append(rows[:2])
    column.flush()
    expected = np.concatenate([rows[:length], rows[:2]])
    assert np.array_equal(column.array.values, expected)
    assert column.crc == zlib.crc32(expected.tobytes())


def test_a_checksum_is_of_little_endian_bytes():
    values = np.array([1, 2], ">i4")
    assert crc32(values) == zlib.crc32(bytes([1, 0, 0, 0, 2, 0, 0, 0]))
