"""Descriptions are those that Zarr writes, and what they describe can be read by it."""

import numpy as np
import pytest
import zarr
from zarr.storage import LocalStore

from eventsim.store.description import describe, write_small
from eventsim.store.layout import FILL, column_coding, event_forms, path_forms, planes_form


@pytest.mark.parametrize(
    "form", [*event_forms().values(), path_forms()["path_x"], planes_form((11, 5))]
)
def test_the_document_is_that_of_zarr(tmp_path, form):
    describe(tmp_path / "ours", form, 7)
    zarr.create_array(
        LocalStore(tmp_path / "zarr"),
        shape=(7, *form.row_shape),
        chunks=(form.chunk, *form.row_shape),
        shards=(form.shard, *form.row_shape),
        dtype=form.dtype,
        compressors=list(form.coding.codecs()),
        fill_value=FILL[form.dtype],
    )
    documents = [(tmp_path / name / "zarr.json").read_bytes() for name in ("ours", "zarr")]
    assert documents[0] == documents[1]


@pytest.mark.parametrize("dtype", ["int64", "uint8", "float64"])
@pytest.mark.parametrize("n", [0, 1, 1000])
def test_a_small_column_is_that_of_zarr(tmp_path, dtype, n):
    values = np.arange(n).astype(dtype)
    write_small(tmp_path / "ours", values)
    array = zarr.create_array(
        LocalStore(tmp_path / "zarr"),
        shape=(n,),
        chunks=(max(1, n),),
        dtype=dtype,
        compressors=list(column_coding(values.itemsize).codecs()),
        fill_value=FILL[dtype],
    )
    if n:
        array[:] = values
    assert np.array_equal(zarr.open_array(tmp_path / "ours", mode="r")[:], values)
    for file in (f for f in (tmp_path / "zarr").rglob("*") if f.is_file()):
        ours = tmp_path / "ours" / file.relative_to(tmp_path / "zarr")
        assert ours.read_bytes() == file.read_bytes()
