"""Image files of all kinds, written by one library and read by ours."""

import io
import os
import struct
import zlib

import cv2
import imageio.v3 as iio
import numpy as np
import pytest
from PIL import Image

from eventsim.errors import SourceError
from eventsim.sources.limits import SETTING
from eventsim.sources.pictures import count_pictures, read_delays, read_picture, read_pictures

RGB = np.random.default_rng(1).integers(0, 256, (6, 8, 3)).astype(np.uint8)
GRAY = RGB[:, :, 0]


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.tif", "ä b.png", "a.tga", "a.ppm"])
def test_color_is_red_first(tmp_path, name: str) -> None:
    iio.imwrite(tmp_path / name, RGB, plugin="pillow")
    assert np.array_equal(read_picture(tmp_path / name).values, RGB)


def test_lossless_jpeg_2000(tmp_path) -> None:
    Image.fromarray(RGB).save(tmp_path / "a.jp2", irreversible=False)
    assert np.array_equal(read_picture(tmp_path / "a.jp2").values, RGB)


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.pgm"])
def test_sixteen_bits_stay(tmp_path, name: str) -> None:
    deep = GRAY.astype(np.uint16) * 257 - 1
    cv2.imwrite(str(tmp_path / name), deep)
    found = read_picture(tmp_path / name).values
    assert found.dtype == np.uint16
    assert np.array_equal(found, deep)


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.ppm"])
def test_sixteen_bits_of_color_stay(tmp_path, name: str) -> None:
    deep = RGB.astype(np.uint16) * 200 + 7
    cv2.imwrite(str(tmp_path / name), deep[:, :, ::-1])
    assert np.array_equal(read_picture(tmp_path / name).values, deep)


def test_alpha_of_sixteen_bits_becomes_black(tmp_path) -> None:
    deep = np.full((2, 3, 4), 50_000, np.uint16)
    deep[0, :, 3], deep[1, :, 3] = 0, 65535
    cv2.imwrite(str(tmp_path / "a.png"), deep)
    found = read_picture(tmp_path / "a.png")
    assert found.values[:, 0, 0].tolist() == [0, 50_000]
    assert found.notes == ("transparency became black",)


@pytest.mark.parametrize("magic", ["P5", "P6"])
def test_white_of_a_pnm_is_its_largest_number(tmp_path, magic: str) -> None:
    """1023 is white, so 1023 becomes 65535 and 341, a third, 21845."""
    numbers = np.array([1023, 341, 0], ">u2")
    if magic == "P6":
        numbers = np.repeat(numbers, 3)
    data = f"{magic} # by hand\n3 1\n1023\n".encode() + numbers.tobytes()
    (tmp_path / "a.pgm").write_bytes(data)
    found = read_picture(tmp_path / "a.pgm").values
    assert found.dtype == np.uint16
    assert found.reshape(3, -1)[:, 0].tolist() == [65535, 21845, 0]


def test_cmyk_is_turned_into_light(tmp_path) -> None:
    """More ink is darker."""
    ink = np.zeros((8, 8, 4), np.uint8)
    ink[:, :, 3] = 195
    Image.fromarray(ink, mode="CMYK").save(tmp_path / "a.jpg", quality=100)
    found = read_picture(tmp_path / "a.jpg")
    assert found.values.shape == (8, 8, 3)
    assert abs(int(found.values[4, 4, 0]) - 60) <= 2
    assert found.notes == ("CMYK was converted to RGB",)


def test_one_bit_and_palettes(tmp_path) -> None:
    Image.fromarray(GRAY > 100).save(tmp_path / "a.png")
    assert np.array_equal(read_picture(tmp_path / "a.png").values, (GRAY > 100) * np.uint8(255))
    palette = Image.fromarray((GRAY // 128).astype(np.uint8), mode="P")
    palette.putpalette([10, 20, 30, 200, 100, 50])
    palette.save(tmp_path / "b.png")
    wanted = np.where((GRAY // 128)[:, :, None] > 0, [200, 100, 50], [10, 20, 30])
    assert np.array_equal(read_picture(tmp_path / "b.png").values, wanted)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_camera_that_was_turned(tmp_path, name: str, turn: int) -> None:
    """Pillow, which knows how, is asked what is right."""
    picture = Image.fromarray(np.kron(RGB, np.ones((8, 8, 1), np.uint8)))
    exif = Image.Exif()
    exif[0x0112] = turn
    picture.save(tmp_path / name, exif=exif)
    found = read_picture(tmp_path / name)
    from PIL import ImageOps

    with Image.open(tmp_path / name) as image:
        wanted = np.asarray(ImageOps.exif_transpose(image))
    assert np.array_equal(found.values, wanted)
    assert found.notes == (("it was turned as its camera says",) if turn > 1 else ())


def test_damaged_exif_does_not_cost_the_picture(tmp_path) -> None:
    good = io.BytesIO()
    Image.fromarray(np.kron(RGB, np.ones((8, 8, 1), np.uint8))).save(good, "jpeg")
    data = good.getvalue()
    for k, body in enumerate((b"II*\0\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\0\x12", b"xx", b"")):
        block = b"Exif\0\0" + body
        head = data[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
        (tmp_path / f"{k}.jpg").write_bytes(head + data[2:])
        (tmp_path / "good.jpg").write_bytes(data)
        found = read_picture(tmp_path / f"{k}.jpg")
        assert np.array_equal(found.values, read_picture(tmp_path / "good.jpg").values)


def test_animations_have_their_own_delays(tmp_path) -> None:
    pages = [Image.fromarray(np.full((4, 5, 3), v, np.uint8)) for v in (0, 100, 250, 30)]
    for name in ("m.gif", "m.png", "m.webp"):
        pages[0].save(
            tmp_path / name, save_all=True, append_images=pages[1:], duration=[100, 300, 50, 70],
            **({"lossless": True} if name == "m.webp" else {}),
        )  # fmt: skip
        assert count_pictures(tmp_path / name) == 4
        assert read_delays(tmp_path / name) == [100_000, 300_000, 50_000, 70_000]
        found = [p.values.reshape(-1)[0] for p in read_pictures(tmp_path / name)]
        assert found == [0, 100, 250, 30]


def test_the_first_picture_of_an_apng_may_be_for_others(tmp_path) -> None:
    pages = [Image.fromarray(np.full((4, 5), v, np.uint8)) for v in (9, 100, 250)]
    pages[0].save(
        tmp_path / "m.png", save_all=True, append_images=pages[1:], default_image=True, duration=40
    )
    found = [p.values[0, 0] for p in read_pictures(tmp_path / "m.png")]
    assert found == [100, 250]
    assert count_pictures(tmp_path / "m.png") == 2


@pytest.mark.parametrize("name", ["a.jpg", "a.bmp", "a.png", "a.tif"])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_half_an_image_is_an_error(tmp_path, name: str, depth: type) -> None:
    if depth == np.uint16 and name in ("a.jpg", "a.bmp"):
        return
    path = tmp_path / name
    noise = np.random.default_rng(2).integers(0, 256, (90, 90, 3)).astype(depth) * depth(1)
    cv2.imwrite(str(path), noise * 250 if depth == np.uint16 else noise)
    data = path.read_bytes()
    if name == "a.tif":  # its directory lies at the end
        middle = len(data) // 3
        path.write_bytes(data[:middle] + b"\xff" * middle + data[2 * middle :])
    else:
        path.write_bytes(data[: len(data) // 2])
    with pytest.raises(SourceError) as caught:
        read_picture(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.gif", "a.ppm"])
@pytest.mark.parametrize("content", [b"", b"hello, world", b"II*\0", b"\x89PNG\r\n\x1a\n", b"P6 2"])
def test_what_is_no_image_is_named_in_one_line(tmp_path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for read in (read_picture, count_pictures):
        with pytest.raises(SourceError) as caught:
            read(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


def test_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(SourceError, match="not a file"):
        read_picture(tmp_path / "none.png")


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_names_need_not_be_utf8(tmp_path) -> None:
    for deep in (GRAY, RGB.astype(np.uint16) * 200):
        _, data = cv2.imencode(".png", deep)
        name = os.fsencode(tmp_path) + b"/f\xe9.png"
        with open(name, "wb") as file:  # noqa: PTH123 - a name of bytes
            file.write(data.tobytes())
        found = read_picture(tmp_path / os.fsdecode(b"f\xe9.png")).values
        assert found.shape == deep.shape


def bomb(width: int, height: int, depth: int, color: int) -> bytes:
    """A PNG of a few bytes that promises any number of pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(("depth", "color"), [(8, 0), (8, 2), (16, 2), (16, 6)])
def test_a_picture_too_large_for_the_memory(tmp_path, monkeypatch, depth, color) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(bomb(60_000, 60_000, depth, color))
    with pytest.raises(
        SourceError, match=r"EVENTSIM_MAX_INPUT_MB|exceeds limit|decompression bomb"
    ):
        read_picture(path)
    path.write_bytes(bomb(2000, 2000, depth, color))
    monkeypatch.setenv(SETTING, "8")
    with pytest.raises(SourceError, match="and the limit is 1 MB"):
        read_picture(path)
