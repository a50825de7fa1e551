"""Columns of packets use memory again, but never memory that somebody still looks at."""

import numpy as np

from eventsim.events import COLUMNS
from eventsim.packets.memory import KEPT, SMALLEST, ColumnMemory


def address(columns):
    return columns[0].__array_interface__["data"][0]


def test_columns_have_the_dtypes_of_events_and_are_aligned():
    columns = ColumnMemory().columns(1001)
    assert [c.dtype for c in columns] == [np.dtype(d) for d in COLUMNS.values()]
    assert all(c.size == 1001 and c.flags.aligned for c in columns)


def test_columns_do_not_overlap():
    columns = ColumnMemory().columns(333)
    for k, column in enumerate(columns):
        column[:] = k % 2 if column.dtype == bool else k
    assert [int(c[0]) for c in columns] == [int(c[-1]) for c in columns] == [0, 1, 2, 1, 4]


def test_memory_is_used_again_when_nobody_looks():
    memory = ColumnMemory()
    first = memory.columns(50_000)
    where = address(first)
    del first
    assert address(memory.columns(50_000)) == where


def test_memory_is_not_used_again_while_a_view_of_a_column_lives():
    memory = ColumnMemory()
    first = memory.columns(50_000)
    first[2][:] = 7
    kept = first[2][10:20][::2]
    del first
    for _ in range(3):
        memory.columns(50_000)[2][:] = 1
    assert kept.tolist() == [7] * 5


def test_many_packets_may_be_kept():
    memory = ColumnMemory()
    packets = [memory.columns(20_000) for _ in range(3 * KEPT)]
    assert len({address(p) for p in packets}) == 3 * KEPT
    assert len(memory._blocks) <= KEPT


def test_no_events():
    assert all(c.size == 0 for c in ColumnMemory().columns(0))
    assert SMALLEST > 0
