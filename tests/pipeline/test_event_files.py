import pytest

from eventsim.errors import SourceError
from eventsim.pipeline.event_files import gather_event_files


def make(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def test_labels_splits_and_groups_are_the_folders(tmp_path):
    make(tmp_path, "train/cat/tom/1.raw", "train/dog/2.dat", "test/cat/3.raw", "test/cat/notes.md")
    found, notes = gather_event_files([tmp_path])
    rows = [(one.id, one.split, one.label, one.group) for one in found]
    assert rows == [
        ("train/cat/tom/1", "train", "cat", "tom"),
        ("train/dog/2", "train", "dog", "train/dog/2"),
        ("test/cat/3", "test", "cat", "test/cat/3"),
    ]
    assert notes == [f"notes.md is not an event file and was left out in {tmp_path / 'test'}"]


def test_names_keep_their_endings_where_they_must(tmp_path):
    make(tmp_path, "a.raw", "a.dat", "b.dat")
    assert [one.id for one in gather_event_files([tmp_path])[0]] == ["a.dat", "a.raw", "b"]


def test_a_file_that_is_named_is_always_taken_and_a_label_counts_for_all(tmp_path):
    make(tmp_path, "c/a.raw")
    found, _ = gather_event_files([tmp_path / "x.strange", tmp_path], "mine")
    assert [one.label for one in found] == ["mine", "mine"]


def test_datasets_in_the_folder_and_folders_without_any(tmp_path):
    make(tmp_path, "d.zarr/zarr.json", "d.zarr/c/0.raw")
    with pytest.raises(SourceError, match=r"expected event files .* found none"):
        gather_event_files([tmp_path])
    make(tmp_path, "a.raw")
    found, notes = gather_event_files([tmp_path])
    assert len(found) == 1
    assert notes == [f"{tmp_path / 'd.zarr'} is a Zarr group, and was left out"]
