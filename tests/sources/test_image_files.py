import pytest

from eventsim.errors import SourceError
from eventsim.sources.image_files import list_images, missing_numbers


def test_natural_order_and_images_only(tmp_path) -> None:
    for name in ("f10.png", "f9.PNG", "F1.jpg", "notes.txt", ".hidden.png"):
        (tmp_path / name).touch()
    files, notes = list_images(tmp_path)
    assert [p.name for p in files] == ["F1.jpg", "f9.PNG", "f10.png"]
    assert notes == ["notes.txt is not an image and was left out"]


def test_all_that_is_left_out_is_said(tmp_path) -> None:
    for name in ("0.png", "a.mp4", "b.txt", "c.txt", "d.txt"):
        (tmp_path / name).touch()
    (tmp_path / "folder.png").mkdir()
    files, notes = list_images(tmp_path)
    assert [p.name for p in files] == ["0.png"]
    assert notes == ["5 entries that are not images were left out: a.mp4, b.txt, c.txt, ..."]


def test_every_kind_of_image_is_seen(tmp_path) -> None:
    for name in ("0.pgm", "1.ppm", "2.jp2", "3.tga", "4.png"):
        (tmp_path / name).touch()
    assert len(list_images(tmp_path)[0]) == 5


def test_folder_without_images_is_refused(tmp_path) -> None:
    with pytest.raises(SourceError, match="holds none of"):
        list_images(tmp_path)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([0, 1, 2, 7, 8, 9], "numbers 3 to 6 are missing after f0002.png"),
        ([0, 2, 4, 8, 10], "number 6 is missing after f0004.png"),
        ([1, 2, 4, 5, 6, 9], "number 3 is missing after f0002.png: the images beside the gap count "
         "as neighbors, and there are 1 more gaps"),
        ([5, 6, 7], None),
        ([1, 10, 100, 1000], None),  # not a count
        ([3, 9], None),  # nothing says what the step is
    ],
)  # fmt: skip
def test_missing_numbers(numbers, words) -> None:
    found = missing_numbers([f"f{n:04}.png" for n in numbers])
    assert len(found) == (words is not None)
    assert not words or found[0].startswith(words)


def test_names_that_do_not_count() -> None:
    assert missing_numbers(["a.png", "b.png", "d.png"]) == []
    assert missing_numbers(["a1.png", "b2.png", "c5.png"]) == []
    assert missing_numbers(["c2_1.jp2", "c2_2.jp2", "c2_4.jp2", "c2_5.jp2"])[0].startswith(
        "number 3 is missing"
    )
