"""OpenEXR and Radiance pictures: linear light as it was written, and no 8-bit step."""

import cv2
import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.frames import Encoding
from eventsim.sources.images import ImageSource
from eventsim.sources.linear_pictures import is_linear, read_channels, read_linear
from eventsim.sources.pictures import count_pictures, read_picture

RNG = np.random.default_rng(2)
RGB = RNG.uniform(0, 40, (6, 9, 3)).astype(np.float32)
LUMINANCE = 0.2126 * RGB[..., 0] + 0.7152 * RGB[..., 1] + 0.0722 * RGB[..., 2]


@pytest.fixture
def write_exr(tmp_path):
    """Writes channels by name."""
    exr = pytest.importorskip("OpenEXR")

    def write(name, channels):
        header = {"compression": exr.ZIP_COMPRESSION, "type": exr.scanlineimage}
        with exr.File(header, channels) as file:
            file.write(str(tmp_path / name))
        return tmp_path / name

    return write


def test_colors_become_luminance(write_exr):
    path = write_exr("a.exr", {"RGB": RGB})
    picture = read_picture(path)
    assert picture.linear
    assert picture.values.dtype == np.float32
    assert picture.values == pytest.approx(LUMINANCE, rel=1e-6)
    assert picture.notes == ("color was converted to luminance (BT.709)",)
    assert count_pictures(path) == 1


def test_gray_and_half_floats(write_exr):
    half = RGB[..., 0].astype(np.float16)
    picture = read_picture(write_exr("a.exr", {"Y": half}))
    assert np.array_equal(picture.values, half.astype(np.float32))
    assert picture.notes == ()


def test_the_picture_itself_comes_before_its_layers(write_exr):
    layers = {f"Diffuse.{name}": np.zeros((6, 9), np.float32) for name in "RGB"}
    picture = read_picture(write_exr("a.exr", {"RGB": RGB, **layers}))
    assert picture.values == pytest.approx(LUMINANCE, rel=1e-6)
    only = {f"ViewLayer.Combined.{n}": RGB[..., k].copy() for k, n in enumerate("RGB")}
    picture = read_picture(write_exr("b.exr", only | {"ViewLayer.Depth.Z": RGB[..., 0].copy()}))
    assert picture.values == pytest.approx(LUMINANCE, rel=1e-6)


def test_channels_by_name(write_exr):
    path = write_exr("a.exr", {"RGB": RGB, "Vector.X": RGB[..., 1].copy(), "Z": RGB[..., 2].copy()})
    channels = read_channels(path)
    assert sorted(channels) == ["B", "G", "R", "Vector.X", "Z"]
    assert np.array_equal(channels["Vector.X"], RGB[..., 1])


def test_radiance(tmp_path):
    path = tmp_path / "a.hdr"
    cv2.imwrite(str(path), RGB[..., ::-1])
    picture = read_picture(path)
    assert is_linear(path.read_bytes()[:16])
    steps = np.abs(picture.values - LUMINANCE) / RGB.max(2)  # one exponent for the three colors
    assert steps.max() < 1 / 128


def test_a_folder_of_them_is_linear_with_white_at_one(write_exr, tmp_path):
    for k in range(3):
        write_exr(f"{k}.exr", {"RGB": RGB * (k + 1)})
    source = ImageSource(tmp_path, fps=100)
    assert source.encoding == Encoding("linear", 0, 1)
    frames = list(source)
    assert frames[2].values == pytest.approx(3 * LUMINANCE, rel=1e-6)
    asked = ImageSource(tmp_path, fps=100, white=5.0, transfer="log")
    assert (asked.encoding.transfer, asked.encoding.white) == ("log", 5)


def test_what_cannot_be_read_says_why(write_exr, tmp_path):
    path = write_exr("a.exr", {"Z": RGB[..., 0].copy()})
    with pytest.raises(SourceError, match="neither R, G and B nor Y: its channels are Z"):
        read_linear(path, path.read_bytes()[:16])
    whole = write_exr(
        "b.exr", {"Y": np.arange(4800, dtype=np.float32).reshape(60, 80)}
    ).read_bytes()
    half = len(whole) // 2
    torn = whole[:half] + bytes(b ^ 255 for b in whole[half : half + 200]) + whole[half + 200 :]
    (tmp_path / "torn.exr").write_bytes(torn)
    with pytest.raises(SourceError, match=r"the pixels of .*torn\.exr are damaged"):
        read_picture(tmp_path / "torn.exr")
    for cut in (20, len(whole) // 2):
        (tmp_path / "cut.exr").write_bytes(whole[:cut])
        with pytest.raises(SourceError, match=r"cut\.exr (cannot be read|are damaged)"):
            read_picture(tmp_path / "cut.exr")
    (tmp_path / "cut.hdr").write_bytes(b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n")
    with pytest.raises(SourceError, match=r"cut\.hdr cannot be read"):
        read_picture(tmp_path / "cut.hdr")
