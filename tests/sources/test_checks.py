from pathlib import Path

import numpy as np
import pytest

from eventsim.errors import ConfigError, SourceError
from eventsim.events import SensorSize
from eventsim.sources.checks import as_frame, encoding_of, is_image, scale_complaint, window


def test_images_are_told_by_their_ending() -> None:
    assert is_image(Path("a/b.TIFF"))
    assert not is_image(Path("png/b.mp4"))


def test_window_is_half_open() -> None:
    span = window(0.001, 0.002)
    assert [t for t in (999, 1000, 1999, 2000) if span.holds(t)] == [1000, 1999]
    assert not span.ended(1999)
    assert span.ended(2000)


def test_window_without_ends_holds_all() -> None:
    span = window(None, None)
    assert span.holds(-5)
    assert not span


@pytest.mark.parametrize(("start", "stop"), [(2.0, 1.0), (1.0, 1.0), (float("nan"), None)])
def test_window_refuses(start: float, stop: float | None) -> None:
    with pytest.raises(ConfigError):
        window(start, stop)


def test_float64_becomes_float32_and_integers_stay() -> None:
    assert as_frame(np.ones((2, 3)), "frame 0").dtype == np.float32
    frame = np.ones((2, 3), np.uint16)
    assert np.shares_memory(as_frame(frame, "frame 0"), frame)


def test_foreign_byte_order_is_turned() -> None:
    frame = as_frame(np.array([[1, 256]], ">u2"), "frame 0")
    assert frame.dtype == np.uint16
    assert frame.tolist() == [[1, 256]]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.zeros((2, 3, 4), np.uint8), "shape"),
        (np.zeros((0, 3), np.uint8), "shape"),
        (np.zeros((2, 3), np.int32), "int32"),
        (np.array([[0, 1], [np.nan, 2]], np.float32), "column 0, row 1"),
        (np.array([[0, np.inf]], np.float64), "column 1, row 0"),
    ],
)
def test_bad_frames_are_named(values: np.ndarray, words: str) -> None:
    with pytest.raises(SourceError, match=f"frame 7.*{words}"):
        as_frame(values, "frame 7")


def test_other_size_is_named() -> None:
    with pytest.raises(SourceError, match="4x2 after frames of 3x2"):
        as_frame(np.zeros((2, 4), np.uint8), "frame 1", size=SensorSize(3, 2))


def test_white_by_type() -> None:
    assert encoding_of(np.dtype(np.uint16), transfer="srgb", white=None).white == 65535
    assert encoding_of(np.dtype(np.uint8), transfer="srgb", white=None).white == 255
    assert encoding_of(np.dtype(np.uint16), transfer="srgb", white=4095).white == 4095


def test_integers_are_no_logarithms() -> None:
    with pytest.raises(ConfigError, match="uint8"):
        encoding_of(np.dtype(np.uint8), transfer="log", white=None)


def test_a_scale_in_doubt_is_noticed() -> None:
    f, u, w = (np.dtype(kind) for kind in (np.float32, np.uint8, np.uint16))
    assert "white=1.0" in (scale_complaint(1.0, f, "linear", None) or "")
    assert "white=1 if they are of 0 and 1" in (scale_complaint(1.0, u, "linear", None) or "")
    assert scale_complaint(2.0, u, "linear", None) is None
    assert "white=4095" in (scale_complaint(4095.0, w, "srgb", None) or "")
    assert scale_complaint(4096.0, w, "srgb", None) is None
    assert scale_complaint(1.0, f, "linear", 1.0) is None
    assert scale_complaint(1.0, f, "log", None) is None
    assert scale_complaint(0.0, f, "linear", None) is None
    assert scale_complaint(1.1, f, "linear", None) is None
