import pytest

from eventsim.errors import StoreError, StoreExistsError
from eventsim.store.dataset import create_dataset, read_attributes, reset_attributes


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


def test_only_torn_writes_are_swept_away(tmp_path):
    """A download that a user keeps in an empty folder may be called .partial too."""
    torn, mine = tmp_path / f"zarr.{'0b' * 16}.partial", tmp_path / "film.partial"
    torn.write_text("{")
    create_dataset(tmp_path, {}, parts=1)
    assert not torn.exists()
    other = tmp_path / "other"
    other.mkdir()
    mine = other / "film.partial"
    mine.write_text("mine")
    with pytest.raises(StoreExistsError):
        create_dataset(other, {}, parts=1)
    assert mine.read_text() == "mine"


def test_attributes_are_replaced(dataset_path):
    reset_attributes(dataset_path, {"seed": 5}, parts=3)
    attributes = read_attributes(dataset_path)
    assert attributes is not None
    assert attributes["seed"] == 5


def test_unwritable_place(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Not a directory"):
        create_dataset(tmp_path / "file" / "out.zarr", {}, parts=1)
