from pathlib import Path

import cv2
import imageio.v3 as iio
import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.sources.image_files import (
    PAGES_AT_ONCE,
    count_pages,
    list_images,
    read_image,
    read_pages,
    to_gray,
)

RGB = np.random.default_rng(1).integers(0, 256, (6, 8, 3)).astype(np.uint8)


def test_natural_order_and_images_only(tmp_path) -> None:
    for name in ("f10.png", "f9.PNG", "F1.jpg", "notes.txt", ".hidden.png"):
        (tmp_path / name).touch()
    assert [p.name for p in list_images(tmp_path)] == ["F1.jpg", "f9.PNG", "f10.png"]


def test_folder_without_images_is_refused(tmp_path) -> None:
    with pytest.raises(SourceError, match="holds none of"):
        list_images(tmp_path)


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.tif", "ä b.png"])
def test_color_is_red_first(tmp_path, name: str) -> None:
    iio.imwrite(tmp_path / name, RGB, plugin="pillow")
    assert np.array_equal(read_image(tmp_path / name), RGB)


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.pgm"])
def test_sixteen_bits_stay(tmp_path, name: str) -> None:
    deep = RGB[:, :, 0].astype(np.uint16) * 257 - 1
    cv2.imwrite(str(tmp_path / name), deep)
    found = read_image(tmp_path / name)
    assert found.dtype == np.uint16
    assert np.array_equal(found, deep)


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_sixteen_bits_of_color_stay(tmp_path, name: str) -> None:
    deep = RGB.astype(np.uint16) * 200 + 7
    cv2.imwrite(str(tmp_path / name), deep[:, :, ::-1])
    assert np.array_equal(read_image(tmp_path / name), deep)


def test_float_tiff(tmp_path) -> None:
    values = RGB[:, :, 0].astype(np.float32) / 3
    cv2.imwrite(str(tmp_path / "a.tiff"), values)
    assert np.array_equal(read_image(tmp_path / "a.tiff"), values)


def test_pages_come_in_order_over_several_reads(tmp_path) -> None:
    pages = [np.full((4, 5), i, np.uint16) for i in range(PAGES_AT_ONCE + 3)]
    cv2.imwritemulti(str(tmp_path / "m.tif"), pages)
    assert count_pages(tmp_path / "m.tif") == len(pages)
    assert [int(p[0, 0]) for p in read_pages(tmp_path / "m.tif")] == list(range(len(pages)))


def test_gif_is_gray(tmp_path) -> None:
    pages = np.stack([np.full((4, 5), v, np.uint8) for v in (0, 100, 250)])
    iio.imwrite(tmp_path / "m.gif", pages, plugin="pillow")
    assert count_pages(tmp_path / "m.gif") == 3
    assert [p.tolist() for p in read_pages(tmp_path / "m.gif")] == pages.tolist()


@pytest.mark.parametrize("name", ["a.jpg", "a.bmp"])
def test_half_an_image_is_an_error(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    iio.imwrite(path, np.tile(RGB, (20, 20, 1)), plugin="pillow")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(SourceError, match="truncated"):
        read_image(path)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.gif"])
@pytest.mark.parametrize("content", [b"", b"hello, world"])
def test_what_is_no_image_is_named_in_one_line(tmp_path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for read in (read_image, count_pages):
        with pytest.raises(SourceError) as caught:
            read(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


def test_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(SourceError, match="not a file"):
        read_image(tmp_path / "none.png")


def test_luma_is_weighted_as_in_bt601() -> None:
    colors = np.array([[[200, 0, 0], [0, 200, 0], [0, 0, 200], [255, 255, 255]]], np.uint8)
    gray, notes = to_gray(colors)
    # 59.8, 117.4, 22.8, 255.
    assert gray.tolist() == [[60, 117, 23, 255]]
    assert gray.dtype == np.uint8
    assert notes == ["color was converted to luma (BT.601)"]


def test_white_of_sixteen_bits_stays_white() -> None:
    assert to_gray(np.full((1, 1, 3), 65535, np.uint16))[0].tolist() == [[65535]]


def test_transparency_is_left_out_and_said() -> None:
    gray, notes = to_gray(np.array([[[7, 9]]], np.uint8))
    assert gray.tolist() == [[7]]
    assert notes == ["transparency was left out"]
    assert len(to_gray(np.zeros((1, 1, 4), np.uint8))[1]) == 2
    assert to_gray(np.array([[[7]]], np.uint8))[0].tolist() == [[7]]
    assert to_gray(np.array([[7]], np.uint8))[1] == []
