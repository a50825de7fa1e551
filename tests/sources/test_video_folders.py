"""What the places of videos say of them."""

import pytest

from eventsim.sources.video_folders import find_videos, is_corpus


def make(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    return root


def rows(root):
    videos, notes = find_videos(root)
    return [(v.id, v.label, v.split, v.group) for v in videos], notes


def test_splits_classes_and_subjects(tmp_path):
    make(
        tmp_path,
        "test/run/c.mkv",
        "train/run/anna/a.MP4",
        "train/walk/b10.avi",
        "train/walk/b9.avi",
    )
    found, notes = rows(tmp_path)
    assert found == [
        ("train/run/anna/a", "run", "train", "anna"),
        ("train/walk/b9", "walk", "train", "train/walk/b9"),
        ("train/walk/b10", "walk", "train", "train/walk/b10"),
        ("test/run/c", "run", "test", "test/run/c"),
    ]
    assert notes == []


def test_a_folder_of_images_is_a_video_of_frames(tmp_path):
    make(tmp_path, "walk/seq1/0.png", "walk/seq1/1.png", "walk/seq1/mask/0.png", "walk/clip.gif")
    make(tmp_path, "walk/cover.jpg", "notes.txt")
    found, notes = rows(tmp_path)
    assert found == [("walk/clip", "walk", "", "walk/clip"), ("walk/seq1", "walk", "", "walk/seq1")]
    assert notes == [
        f"2 files that are not videos (notes.txt, cover.jpg) were left out in {tmp_path}"
    ]


def test_a_cover_beside_folders_of_videos_is_no_frame(tmp_path):
    make(tmp_path, "walk/cover.jpg", "walk/anna/a.mp4")
    found, notes = rows(tmp_path)
    assert found == [("walk/anna/a", "walk", "", "anna")]
    assert notes == [f"cover.jpg is not a video and was left out in {tmp_path}"]


def test_a_dataset_in_the_corpus_is_none_of_it(tmp_path):
    make(tmp_path, "walk/a.mp4", "out.zarr/zarr.json", "out.zarr/card/samples.png")
    found, notes = rows(tmp_path)
    assert [name for name, *_ in found] == ["walk/a"]
    assert notes == [f"{tmp_path / 'out.zarr'} is a Zarr group, and was left out"]
    assert not is_corpus(tmp_path / "out.zarr")


def test_ids_differ(tmp_path):
    make(tmp_path, "a.mp4", "a.avi", "b.mp4")
    assert [name for name, *_ in rows(tmp_path)[0]] == ["a.avi", "a.mp4", "b"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.mp4"], True),
        (["a.mp4", "0.png"], True),
        (["walk/a.mp4"], True),
        (["0.png"], False),
        (["0.png", "masks/0.png"], False),
        (["a.txt"], False),
        ([".hidden/a.mp4"], False),
    ],
)
def test_what_is_a_corpus(tmp_path, names, expected):
    assert is_corpus(make(tmp_path, *names)) is expected
    assert not is_corpus(tmp_path / names[0])
