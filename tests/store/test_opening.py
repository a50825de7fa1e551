"""What readers share: the table, and arrays that stay open."""

import pytest

from eventsim.errors import DamagedStoreError, UnfinishedStoreError
from eventsim.store.dataset import create_dataset
from eventsim.store.opening import PartArrays, open_finished


def test_a_finished_dataset(dataset_path):
    opened = open_finished(dataset_path)
    assert len(opened.table) == 3
    assert opened.failures == [{"sample": 2**32, "source": "bad.mp4", "reason": "it is broken"}]
    assert opened.attributes["seed"] == 1


def test_one_that_is_not_finished(tmp_path):
    create_dataset(tmp_path / "a.zarr", {}, parts=2)
    with pytest.raises(UnfinishedStoreError, match="0 of 2 parts"):
        open_finished(tmp_path / "a.zarr")


def test_rows_are_read_and_missing_ones_are_damage(dataset_path):
    arrays = PartArrays(dataset_path)
    assert arrays.column(0, "frame_t", 1, 3).tolist() == [1000, 2000]
    with pytest.raises(DamagedStoreError, match="must reach to 99"):
        arrays.column(0, "frame_t", 1, 99)
    with pytest.raises(DamagedStoreError, match="nothing of part 00000"):
        arrays.column(0, "nothing", 0, 1)
