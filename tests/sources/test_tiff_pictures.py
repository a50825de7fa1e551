"""TIFF files written tag by tag: what other readers take wrongly."""

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image

from eventsim.errors import SourceError
from eventsim.sources.pictures import count_pictures, read_picture, read_pictures
from eventsim.sources.tiff_pictures import count_deep, is_deep, read_deep

DEEP = (np.arange(24, dtype=np.uint16).reshape(4, 6) * 2500) + 3
COLOR = np.stack([DEEP, DEEP // 2, DEEP // 3], axis=-1)


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("compression", [None, "lzw", "zlib", "packbits"])
@pytest.mark.parametrize("order", ["<", ">"])
def test_color_of_16_bits(tmp_path, planar, compression, order) -> None:
    values = COLOR if planar == "contig" else np.moveaxis(COLOR, -1, 0)
    tifffile.imwrite(
        tmp_path / "a.tif", values, photometric="rgb", planarconfig=planar,
        compression=compression, byteorder=order,
    )  # fmt: skip
    assert np.array_equal(read_picture(tmp_path / "a.tif").values, COLOR)


def test_planes_of_8_bits(tmp_path) -> None:
    eight = (COLOR // 257).astype(np.uint8)
    tifffile.imwrite(
        tmp_path / "a.tif", np.moveaxis(eight, -1, 0), photometric="rgb", planarconfig="separate"
    )
    assert np.array_equal(read_picture(tmp_path / "a.tif").values, eight)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_white_that_is_zero(tmp_path, dtype) -> None:
    values = (DEEP // 257).astype(dtype)
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="miniswhite")
    found = read_picture(tmp_path / "a.tif").values
    assert np.array_equal(found, np.iinfo(dtype).max - values)


def test_twelve_bits_are_scaled(tmp_path) -> None:
    values = np.array([[0, 1365, 4095]], np.uint16)  # 4095 is white, and 1365 a third of it
    tifffile.imwrite(tmp_path / "a.tif", values, bitspersample=12)
    assert read_picture(tmp_path / "a.tif").values.tolist() == [[0, 21845, 65535]]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats(tmp_path, dtype) -> None:
    values = (DEEP / 65536).astype(dtype)
    tifffile.imwrite(tmp_path / "a.tif", values)
    found = read_picture(tmp_path / "a.tif").values
    assert found.dtype == np.float32
    assert np.array_equal(found, values.astype(np.float32))


def test_float_tiff_of_opencv(tmp_path) -> None:
    values = DEEP.astype(np.float32) / 3
    cv2.imwrite(str(tmp_path / "a.tiff"), values)
    assert np.array_equal(read_picture(tmp_path / "a.tiff").values, values)


def test_alpha(tmp_path) -> None:
    clear = np.zeros((2, 2, 2), np.uint16)
    clear[:, :, 0], clear[0, :, 1] = 40_000, 65535
    tifffile.imwrite(tmp_path / "a.tif", clear, photometric="minisblack", extrasamples=[2])
    found = read_picture(tmp_path / "a.tif")
    assert found.values.tolist() == [[40_000, 40_000], [0, 0]]
    assert found.notes == ("transparency became black",)


def test_colors_that_are_multiplied_with_alpha_are_on_black_already(tmp_path) -> None:
    clear = np.zeros((2, 2, 2), np.uint16)
    clear[:, :, 0], clear[:, :, 1] = 20_000, 32_767
    tifffile.imwrite(tmp_path / "a.tif", clear, photometric="minisblack", extrasamples=[1])
    assert read_picture(tmp_path / "a.tif").values.tolist() == [[20_000] * 2] * 2


def test_previews_are_no_pictures(tmp_path) -> None:
    for dtype in (np.uint8, np.uint16):
        path = tmp_path / f"{dtype.__name__}.tif"
        with tifffile.TiffWriter(path) as tif:
            tif.write(np.full((8, 8), 9, dtype))
            tif.write(np.full((4, 4), 7, dtype), subfiletype=1)
            tif.write(np.full((8, 8), 5, dtype))
        assert count_pictures(path) == 2
        assert [p.values.shape for p in read_pictures(path)] == [(8, 8)] * 2


def test_pages_come_in_order(tmp_path) -> None:
    pages = [np.full((4, 5), i, np.uint16) for i in range(35)]
    cv2.imwritemulti(str(tmp_path / "m.tif"), pages)
    assert is_deep(tmp_path / "m.tif")
    assert count_deep(tmp_path / "m.tif") == 35
    assert [int(p[0, 0]) for p, _ in read_deep(tmp_path / "m.tif")] == list(range(35))
    eight = [Image.new("L", (5, 4), i) for i in range(5)]
    eight[0].save(tmp_path / "e.tif", save_all=True, append_images=eight[1:])
    assert not is_deep(tmp_path / "e.tif")
    assert [int(p.values[0, 0]) for p in read_pictures(tmp_path / "e.tif")] == list(range(5))


@pytest.mark.parametrize(
    ("values", "options", "words"),
    [
        (DEEP.astype(np.int16), {}, "int16"),
        (DEEP.astype(np.uint32), {}, "uint32"),
        (np.stack([COLOR[..., 0]] * 4, -1), {"photometric": "separated"}, "SEPARATED"),
        (DEEP.astype(np.float32), {"photometric": "miniswhite"}, "white is zero"),
        (
            np.ones((4, 6, 4), np.float32),
            {"photometric": "rgb", "extrasamples": [2]},
            "unknown scale",
        ),
    ],
)
def test_what_is_refused(tmp_path, values, options, words) -> None:
    tifffile.imwrite(tmp_path / "a.tif", values, **options)
    with pytest.raises(SourceError, match=words) as caught:
        read_picture(tmp_path / "a.tif")
    assert "\n" not in str(caught.value)


def test_broken_lzw_is_an_error(tmp_path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.random.default_rng(1).integers(0, 65536, (64, 64, 3), np.uint16),
                     photometric="rgb", compression="lzw")  # fmt: skip
    with tifffile.TiffFile(path) as tif:
        start, size = tif.pages[0].dataoffsets[0], tif.pages[0].databytecounts[0]
    data = bytearray(path.read_bytes())
    data[start + size // 3 : start + size] = b"\xff" * (size - size // 3)
    path.write_bytes(data)
    with pytest.raises(SourceError, match="cannot be read"):
        read_picture(path)


def test_a_promise_that_no_memory_keeps(tmp_path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, DEEP)
    with tifffile.TiffFile(path, mode="r+b") as tif:
        tif.pages[0].tags["ImageWidth"].overwrite(2_000_000_000)
    with pytest.raises(SourceError, match="EVENTSIM_MAX_INPUT_MB"):
        read_picture(path)


def test_a_camera_that_was_turned(tmp_path) -> None:
    """6: to be turned by 90 degrees clockwise, so that the first column becomes the first row."""
    extra = [(274, "H", 1, 6, False)]
    tifffile.imwrite(tmp_path / "a.tif", DEEP, extratags=extra)
    found = read_picture(tmp_path / "a.tif")
    assert np.array_equal(found.values, np.rot90(DEEP, -1))
    assert found.notes == ("it was turned as its camera says",)
