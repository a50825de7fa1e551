"""Folders of images: classes, splits, order; and images of every kind that people have."""

import cv2
import numpy as np
import pytest
from PIL import Image

from eventsim.errors import SourceError
from eventsim.stills.folder import FolderImages, read_still


def png(path, value=7, shape=(3, 4), dtype=np.uint8):
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full(shape, value, dtype))


def test_folders_are_classes_and_are_read_in_natural_order(tmp_path):
    for name in ("cat/10.png", "cat/9.png", "cat/deep/a.png", "ant/x.png", ".git/y.png"):
        png(tmp_path / name)
    (tmp_path / "cat" / "list.txt").write_text("x")
    found = FolderImages(tmp_path, "")
    names = [found[i].name for i in range(len(found))]
    assert names == ["ant/x.png", "cat/9.png", "cat/10.png", "cat/deep/a.png"]
    assert [found.label(i) for i in range(4)] == ["ant", "cat", "cat", "cat"]
    assert found.classes == ("ant", "cat")
    assert found.notes == [f"list.txt is not an image and was left out in {tmp_path}"]


def test_splits_lie_above_classes(tmp_path):
    for name in ("train/n01/a.png", "val/n02/b.png", "extra/c.png"):
        png(tmp_path / name)
    found = FolderImages(tmp_path, "")
    assert [(found.split(i), found.label(i)) for i in range(2)] == [
        ("train", "n01"),
        ("val", "n02"),
    ]
    assert found.notes == ["beside the splits, extra were left out"]
    assert len(FolderImages(tmp_path, "val")) == 1


def test_a_class_that_is_called_train(tmp_path):
    for name in ("bicycle/0.png", "car/0.png", "train/0.png", "train/1.png"):
        png(tmp_path / name)
    found = FolderImages(tmp_path, "")
    assert found.classes == ("bicycle", "car", "train")
    assert [found.split(i) for i in range(len(found))] == [""] * 4


def test_a_split_without_classes(tmp_path):
    for name in ("train/cat/0.png", "test/1.png"):
        png(tmp_path / name)
    found = FolderImages(tmp_path, "")
    assert [(found.split(i), found.label(i)) for i in range(2)] == [("train", "cat"), ("test", "")]


def test_links_are_followed_once(tmp_path):
    png(tmp_path / "voc" / "car" / "0.png")
    png(tmp_path / "set" / "bird" / "0.png")
    (tmp_path / "set" / "car").symlink_to(tmp_path / "voc" / "car")
    (tmp_path / "set" / "bird" / "back").symlink_to(tmp_path / "set")
    (tmp_path / "set" / "again").symlink_to(tmp_path / "set" / "bird")
    found = FolderImages(tmp_path / "set", "")
    assert len(found) == 2
    assert found.classes in (("bird", "car"), ("again", "car"))
    assert sum("was read already, and was left out" in note for note in found.notes) == 2


def test_a_scale_in_doubt_is_said(tmp_path):
    png(tmp_path / "a.png", 3000, dtype=np.uint16)
    png(tmp_path / "b.png", 1)
    assert read_still(tmp_path / "a.png")[1] == [
        "its largest number is 3000 of 65535: it may be of another scale"
    ]
    assert len(read_still(tmp_path / "b.png")[1]) == 1


def test_one_image(tmp_path):
    png(tmp_path / "a.png")
    found = FolderImages(tmp_path / "a.png", "")
    assert (found[0].name, found[0].label, len(found)) == ("a.png", "", 1)


def test_gray_color_and_16_bit(tmp_path):
    png(tmp_path / "gray.png")
    png(tmp_path / "wide.png", 60_000, dtype=np.uint16)
    cv2.imwrite(str(tmp_path / "color.png"), np.full((3, 4, 3), (1, 2, 3), np.uint8))  # B, G, R
    assert read_still(tmp_path / "gray.png")[0].shape == (3, 4)
    wide, notes = read_still(tmp_path / "wide.png")
    assert (wide.dtype, wide.max(), notes) == (np.uint16, 60_000, [])
    assert read_still(tmp_path / "color.png")[0][0, 0].tolist() == [3, 2, 1]


def test_transparency_becomes_black(tmp_path):
    clear = np.full((2, 2, 4), 200, np.uint8)
    clear[0, 0, 3], clear[1, 1, 3] = 0, 255
    cv2.imwrite(str(tmp_path / "a.png"), clear)
    values, notes = read_still(tmp_path / "a.png")
    assert values[0, 0].tolist() == [0, 0, 0]
    assert values[1, 1].tolist() == [200, 200, 200]
    assert values[0, 1].tolist() == [157, 157, 157]  # 200 * 200 / 255 = 156.9
    assert notes == ["transparency became black"]
    palette = Image.new("P", (2, 1), 1)
    palette.putpalette([0, 0, 0, 9, 8, 7])
    palette.putpixel((0, 0), 0)
    palette.save(tmp_path / "p.gif", transparency=0)
    values, notes = read_still(tmp_path / "p.gif")
    assert values[0].tolist() == [[0, 0, 0], [9, 8, 7]]
    assert notes == ["transparency became black"]


def test_a_camera_that_was_turned(tmp_path):
    picture = Image.fromarray(np.tile(np.arange(0, 240, 8, dtype=np.uint8), (20, 1)))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    picture.save(tmp_path / "a.jpg", exif=exif, quality=95)
    values, notes = read_still(tmp_path / "a.jpg")
    assert values.shape == (30, 20)
    assert values[-1].mean() > values[0].mean() + 200  # left was dark: now it is the top
    assert notes == ["it was turned as its camera says"]


def test_cmyk_and_pages(tmp_path):
    Image.new("CMYK", (4, 4), (0, 255, 255, 0)).save(tmp_path / "a.jpg", quality=95)
    values, notes = read_still(tmp_path / "a.jpg")
    assert values[0, 0, 0] > 200 > 60 > values[0, 0, 1]
    assert notes == ["CMYK was converted to RGB"]
    pages = [Image.new("L", (2, 2), v) for v in (10, 20)]
    for name in ("a.gif", "a.tif"):
        pages[0].save(tmp_path / name, save_all=True, append_images=pages[1:])
        values, notes = read_still(tmp_path / name)
        assert values.reshape(-1)[0] == 10
        assert notes == ["of many pages the first was taken"]


def test_what_cannot_be_read_is_one_line(tmp_path):
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "half.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(30))
    (tmp_path / "text.png").write_text("hello")
    cv2.imwrite(str(tmp_path / "float.tif"), np.zeros((2, 2), np.float32))
    found = FolderImages(tmp_path, "")
    assert len(found) == 4
    for i in range(4):
        with pytest.raises(SourceError) as caught:
            found[i]
        assert "\n" not in str(caught.value)
        assert "expected an image" in str(caught.value)
