"""Splits, and a walk that ends."""

from eventsim.sources.folder_walk import left_out, split_folders, walk


def test_splits_are_told_from_classes(tmp_path):
    for name in ("testing/a", "Train/a", "valid/a", "other"):
        (tmp_path / name).mkdir(parents=True)
    notes = []
    found = [(folder.name, split) for folder, split in split_folders(tmp_path, notes)]
    assert found == [("Train", "train"), ("valid", "val"), ("testing", "test")]
    assert notes == ["beside the splits, other were left out"]


def test_beside_other_classes_a_folder_of_files_shows_trains(tmp_path):
    for name in ("train", "bus"):
        (tmp_path / name).mkdir()
    assert split_folders(tmp_path, []) == [(tmp_path, "")]


def test_links_are_followed_once_and_hidden_files_left_out(tmp_path):
    (tmp_path / "b10").mkdir()
    (tmp_path / "b9" / ".git").mkdir(parents=True)
    for name in ("b9/x2", "b9/x10", "b9/.hidden"):
        (tmp_path / name).touch()
    (tmp_path / "b9" / "up").symlink_to(tmp_path)
    (tmp_path / "zlink").symlink_to(tmp_path / "b10")
    notes = []
    found = [(folder.name, names) for folder, _, names in walk(tmp_path, notes)]
    assert found == [(tmp_path.name, []), ("b9", ["x2", "x10"]), ("b10", [])]
    assert [note.split(" is a folder")[0].rsplit("/", 1)[1] for note in notes] == ["zlink", "up"]


def test_what_is_left_out_is_said(tmp_path):
    assert left_out([], "video", tmp_path) == []
    assert left_out(["a"], "video", tmp_path) == [
        f"a is not a video and was left out in {tmp_path}"
    ]
    many = left_out([str(n) for n in range(2000)], "video", tmp_path)
    assert many[0].startswith("2,000 files that are not videos (0, 1, 2")
