"""Color at half the pixels, held against the formulas of BT.709 and against FFmpeg."""

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace

from eventsim.view.subsampling import to_yuv420

WHITE, ORANGE, BLUE = (255, 255, 255), (213, 94, 0), (0, 114, 178)


def blocks(planes, height, width):
    """Planes Y, U and V."""
    flat = planes.ravel()
    y, u, v = np.split(flat, [height * width, height * width * 5 // 4])
    half = (height // 2, width // 2)
    return y.reshape(height, width), u.reshape(half), v.reshape(half)


@pytest.mark.parametrize(
    ("color", "yuv"),
    [
        (WHITE, (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 0, 255), (32, 240, 118)),
        ((120, 120, 120), (119, 128, 128)),
    ],
)
def test_known_colors(color, yuv):
    """By hand, or the table of BT.709."""
    planes = to_yuv420(np.full((4, 6, 3), color, np.uint8))
    for plane, value in zip(blocks(planes, 4, 6), yuv, strict=True):
        assert (plane == value).all()


@pytest.mark.parametrize("color", [ORANGE, BLUE])
@pytest.mark.parametrize("place", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_a_pixel_alone_keeps_its_color(color, place):
    image = np.full((2, 2, 3), WHITE, np.uint8)
    image[place] = color
    _, u, v = blocks(to_yuv420(image), 2, 2)
    _, whole_u, whole_v = blocks(to_yuv420(np.full((2, 2, 3), color, np.uint8)), 2, 2)
    assert (u[0, 0], v[0, 0]) == (whole_u[0, 0], whole_v[0, 0])


def test_even_areas_are_as_ffmpeg_makes_them():
    rng = np.random.default_rng(0)
    image = np.repeat(np.repeat(rng.integers(0, 256, (6, 8, 3), np.uint8), 2, 0), 2, 1)
    frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(
        format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
    )
    theirs = frame.to_ndarray()
    ours = to_yuv420(image)
    assert ours.shape == theirs.shape == (18, 16)
    assert np.abs(ours[:12].astype(int) - theirs[:12]).max() <= 2
