import pytest

from eventsim.errors import StoreError, StoreExistsError
from eventsim.store.dataset import create_dataset, read_attributes, restart_dataset


def test_create_where_something_is(tmp_path):
    (tmp_path / "keep.txt").write_text("mine")
    with pytest.raises(StoreExistsError, match="exists already"):
        create_dataset(tmp_path, {}, parts=1)
    assert (tmp_path / "keep.txt").read_text() == "mine"


def test_create_in_an_empty_folder(tmp_path):
    create_dataset(tmp_path, {"seed": 3}, parts=1)
    attributes = read_attributes(tmp_path)
    assert attributes is not None
    assert (attributes["seed"], attributes["parts"], attributes["finished"]) == (3, 1, False)


def test_restart_never_deletes_what_is_not_ours(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match="never deleted"):
        restart_dataset(tmp_path, {}, parts=1)
    assert (tmp_path / "thesis.txt").exists()


def test_restart(dataset_path):
    restart_dataset(dataset_path, {"seed": 5}, parts=3)
    left = sorted(p.name for p in dataset_path.iterdir())
    assert left == ["zarr.json"]
    attributes = read_attributes(dataset_path)
    assert attributes is not None
    assert attributes["seed"] == 5


def test_unwritable_place(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Not a directory"):
        create_dataset(tmp_path / "file" / "out.zarr", {}, parts=1)
