import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.sources.geometry import Geometry


def test_crop_describes_itself() -> None:
    text = Geometry.of((1280, 720), (346, 260)).describe()
    assert text == "1280x720 scaled by 0.361 to 462x260, cut to 346x260"


def test_nothing_to_do_copies_nothing() -> None:
    frame = np.arange(6, dtype=np.uint8).reshape(2, 3)
    geometry = Geometry.of((3, 2), (3, 2))
    assert geometry.is_identity
    assert geometry.apply(frame) is frame


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_crop_cuts_the_center(dtype: type) -> None:
    frame = np.array([[0, 10, 20, 30], [0, 10, 20, 30]], dtype)
    out = Geometry.of((4, 2), (2, 2)).apply(frame)
    assert out.dtype == dtype
    assert out.tolist() == [[10, 20], [10, 20]]
    assert out.flags.c_contiguous


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_shrinking_averages_areas(dtype: type) -> None:
    frame = np.array([[0, 20, 100, 100], [40, 60, 100, 200]], dtype)
    out = Geometry.of((4, 2), (2, 1)).apply(frame)
    assert out.tolist() == [[30, 125]]


def test_pad_fills_with_black_of_the_encoding() -> None:
    frame = np.full((2, 4), 200, np.uint8)
    out = Geometry.of((4, 2), (4, 4), fit="pad").apply(frame, 16)
    assert out[:, 0].tolist() == [16, 200, 200, 16]
    assert "padded to 4x4" in Geometry.of((4, 2), (4, 4), fit="pad").describe()


def test_stretch_shrinks_one_axis_and_grows_the_other() -> None:
    frame = np.array([[0, 40, 80, 120]], np.float32)
    out = Geometry.of((4, 1), (2, 3), fit="stretch").apply(frame)
    # Pairs averaged across, one row repeated down.
    assert out.tolist() == [[20, 100]] * 3


def test_growing_interpolates() -> None:
    out = Geometry.of((2, 1), (4, 2)).apply(np.array([[0, 100]], np.float32))
    # Pixel centers at -1/4, 1/4, 3/4, 5/4 of the old grid, held at the edge.
    assert out[0].tolist() == [0, 25, 75, 100]


def test_crop_rectangle_comes_first() -> None:
    frame = np.arange(20, dtype=np.uint8).reshape(4, 5)
    geometry = Geometry.of((5, 4), crop=(1, 2, 3, 2))
    assert geometry.size == (3, 2)
    assert geometry.apply(frame).tolist() == [[11, 12, 13], [16, 17, 18]]
    assert geometry.describe() == "5x4 cropped to 3x2 at (1, 2)"


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
@pytest.mark.parametrize("source", [(1, 1), (7, 3), (3, 7), (1000, 1), (13, 17)])
@pytest.mark.parametrize("size", [(1, 1), (5, 9), (33, 2)])
def test_any_size_becomes_the_target(fit, source, size) -> None:
    frame = np.full(source[::-1], 9, np.uint8)
    out = Geometry.of(source, size, fit=fit).apply(frame, 9)
    assert out.shape == size[::-1]
    assert (out == 9).all()


def test_crop_outside_is_refused() -> None:
    with pytest.raises(ConfigError, match="5x4 frame"):
        Geometry.of((5, 4), crop=(3, 0, 3, 2))


def test_unknown_fit_and_empty_size_are_refused() -> None:
    with pytest.raises(ConfigError, match="crop, pad, stretch"):
        Geometry.of((5, 4), (2, 2), fit="cover")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="1x1"):
        Geometry.of((5, 4), (0, 2))
