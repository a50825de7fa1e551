"""An array is written chunk by chunk, and can be cut back to any row."""

import json
from dataclasses import replace

import numpy as np
import pytest
import zarr
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsim.store.checksums import files_of
from eventsim.store.columns import Column
from eventsim.store.description import describe
from eventsim.store.layout import STEP_CODING, ArrayForm, column_coding

STEPS = ArrayForm("uint64", 4, 12, STEP_CODING)
POSES = ArrayForm("float64", 4, 12, column_coding(8), (2, 3))


def by_zarr(folder, form, rows):
    """The same array as plain Zarr writes it."""
    folder.mkdir()
    describe(folder / "a", form, len(rows))
    if len(rows):
        zarr.open_array(folder / "a", mode="r+")[:] = rows


def make_rows(form, n):
    count = n * int(np.prod(form.row_shape, dtype=np.int64))
    return np.arange(count).astype(form.dtype).reshape(n, *form.row_shape)


@pytest.mark.parametrize("form", [STEPS, POSES])
@pytest.mark.parametrize("n", [0, 1, 4, 11, 12, 23, 24, 25])
def test_files_are_those_of_zarr(tmp_path, form, n):
    """Bit for bit, chunks, padding and index; so it is what any reader of Zarr reads."""
    rows = make_rows(form, n)
    column = Column(tmp_path / "ours", form)
    for piece in np.array_split(rows, 5):
        column.append(piece)
    assert column.length == n
    column.close()
    by_zarr(tmp_path / "zarr", form, rows)
    ours, zarrs = files_of(tmp_path / "ours"), files_of(tmp_path / "zarr/a")
    del zarrs["zarr.json"]
    assert ours == zarrs
    assert {name: list(what) for name, what in column.files.items()} == ours
    assert column.length == n


@settings(max_examples=60, deadline=None)
@given(
    pieces=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60)), max_size=4),
    form=st.sampled_from([STEPS, POSES]),
)
def test_a_cut_takes_back_rows_also_those_that_were_written(tmp_path_factory, pieces, form):
    """Whatever is written and cut, the files are those of what is left."""
    folder = tmp_path_factory.mktemp("cut")
    column, left = Column(folder / "a", form), make_rows(form, 0)
    for value, (added, kept) in enumerate(pieces):
        rows = np.full((added, *form.row_shape), value, form.dtype)
        column.append(rows)
        left = np.concatenate([left, rows])
        if kept < len(left):
            column.cut(kept)
            left = left[:kept]
        assert column.length == len(left)
    column.close()
    expected = Column(folder / "b", form)
    expected.append(left)
    expected.close()
    assert files_of(folder / "a") == files_of(folder / "b")
    assert column.files == expected.files


@settings(max_examples=60, deadline=None)
@given(
    first=st.integers(0, 60),
    more=st.integers(0, 60),
    cut=st.integers(0, 120),
    form=st.sampled_from([STEPS, POSES]),
)
def test_what_was_kept_is_gone_on_with(tmp_path_factory, first, more, cut, form):
    """Whatever the column did after it was kept, and also if the second one is cut."""
    folder = tmp_path_factory.mktemp("kept")
    rows = make_rows(form, first + more)
    column = Column(folder / "a", form)
    column.append(rows[:first])
    state, buffer = column.save(folder / "kept")
    state = json.loads(json.dumps(state))
    column.append(rows[first:][::-1])
    again = Column(folder / "b", form)
    again.restore(state, buffer, folder / "kept")
    assert again.length == first
    again.append(rows[first:])
    if cut < len(rows):
        again.cut(cut)
    again.close()
    column.close()
    expected = Column(folder / "c", form)
    expected.append(rows[:cut])
    expected.close()
    assert files_of(folder / "b") == files_of(folder / "c")
    assert again.files == expected.files


def test_rows_may_be_made_in_their_place(tmp_path):
    column = Column(tmp_path / "a", STEPS)
    assert column.at_chunk
    for first in range(0, 9, 3):
        taken = min(3, len(column.room))
        column.room[:taken] = first
        column.advance(taken)
        assert column.at_chunk == (column.length % 4 == 0)
    assert column.length == 3 + 1 + 3


def test_what_is_being_written_has_the_name_of_something_torn(tmp_path):
    column = Column(tmp_path, replace(STEPS, shard=8))
    column.append(make_rows(STEPS, 5))
    names = [file.name for file in tmp_path.rglob("*") if file.is_file()]
    assert len(names) == 1
    assert names[0].startswith("0.")
    assert names[0].endswith(".partial")
    column.close()
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["0"]
