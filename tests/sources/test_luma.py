import av
import numpy as np
import pytest

from eventsim.sources.luma import Luma, Turn, transfer_of


def picture(pix_fmt: str) -> av.VideoFrame:
    """White above, black below, red at the left."""
    rgb = np.zeros((8, 12, 3), np.uint8)
    rgb[:4] = 255
    rgb[:, :4] = (255, 0, 0)
    return av.VideoFrame.from_ndarray(rgb, "rgb24").reformat(format=pix_fmt)


@pytest.mark.parametrize(
    ("pix_fmt", "black", "white"),
    [
        ("yuv420p", 16, 235),
        ("yuv444p", 16, 235),
        ("nv12", 16, 235),
        ("yuv420p10le", 64, 940),
        ("yuvj420p", 0, 255),
        ("gray", 0, 255),
        ("gray10le", 0, 1023),
        ("gray16le", 0, 65535),
        ("rgb24", 0, 255),
        ("bgr0", 0, 255),
        ("gbrp", 0, 255),
        ("yuyv422", 0, 255),
        ("rgb48le", 0, 65535),
        ("p010le", 0, 65535),
    ],
)
def test_black_and_white_are_where_the_encoding_says(pix_fmt, black, white) -> None:
    frame = picture(pix_fmt)
    luma = Luma.of(frame)
    encoding = luma.encoding("srgb")
    values = luma.read(frame)
    assert values.shape == (8, 12)
    assert values.dtype == (np.uint8 if white <= 255 else np.uint16)
    assert (encoding.black, encoding.white) == (black, white)
    # Conversions by FFmpeg are off by up to 2 of 255.
    assert values[6, 9] == pytest.approx(black, abs=white * 0.01)
    assert values[1, 9] == pytest.approx(white, abs=white * 0.01)
    # Red is 0.299 of white in BT.601.
    red = (float(values[1, 1]) - black) / (white - black)
    assert red == pytest.approx(0.299, abs=0.015)


def test_what_the_frame_says_of_its_range_counts() -> None:
    full, limited = picture("yuv420p"), picture("gray")
    full.color_range, limited.color_range = 2, 1
    assert Luma.of(full).encoding("srgb").white == 255
    assert Luma.of(limited).encoding("srgb").white == 235


def test_conversion_is_said() -> None:
    frame = picture("rgb24")
    assert Luma.of(frame).notes(frame) == ["rgb24 pixels were converted to gray luma"]
    frame = picture("yuv420p")
    assert Luma.of(frame).notes(frame) == []


def test_hdr_and_transparency_are_said() -> None:
    frame = picture("yuva420p")
    frame.color_trc = 16
    notes = Luma.of(frame).notes(frame)
    assert notes[0] == "transparency was left out"
    assert "coded with PQ (SMPTE ST 2084); it was read as srgb, as asked" in notes[1]
    assert "PQ (SMPTE ST 2084), which was undone" in Luma.of(frame).notes(frame, "pq")[1]


def test_srgb_leaves_hdr_to_the_file() -> None:
    frame = picture("yuv420p")
    assert [transfer_of(frame, asked) for asked in ("srgb", "linear")] == ["srgb", "linear"]
    for number, tagged in ((16, "pq"), (18, "hlg")):
        frame.color_trc = number
        assert [transfer_of(frame, asked) for asked in ("srgb", "linear")] == [tagged, "linear"]


class Stub:
    """Stands for a frame with a display matrix; the reader of one is all that is asked."""

    def __init__(self, matrix: tuple[int, int, int, int] | None) -> None:
        self.side_data = {}
        if matrix is not None:
            a, b, c, d = matrix
            numbers = [a, b, 0, c, d, 0, 0, 0, 1 << 14]
            self.side_data["DISPLAYMATRIX"] = (np.array(numbers, np.int32) * 65536).tobytes()


@pytest.mark.parametrize(
    ("matrix", "expected", "words"),
    [
        ((1, 0, 0, 1), [[1, 2, 3], [4, 5, 6]], None),
        ((0, 1, -1, 0), [[4, 1], [5, 2], [6, 3]], "turned by 90 degrees clockwise"),
        ((-1, 0, 0, -1), [[6, 5, 4], [3, 2, 1]], "turned by 180 degrees"),
        ((0, -1, 1, 0), [[3, 6], [2, 5], [1, 4]], "turned by 90 degrees counterclockwise"),
        ((-1, 0, 0, 1), [[3, 2, 1], [6, 5, 4]], "mirrored left to right"),
        ((1, 0, 0, -1), [[4, 5, 6], [1, 2, 3]], "mirrored top to bottom"),
        ((0, 1, 1, 0), [[1, 4], [2, 5], [3, 6]], "falling diagonal"),
        ((0, -1, -1, 0), [[6, 3], [5, 2], [4, 1]], "rising diagonal"),
    ],
)
def test_turn_puts_pixels_where_the_matrix_does(matrix, expected, words) -> None:
    turn = Turn.of(Stub(matrix))
    assert turn.apply(np.array([[1, 2, 3], [4, 5, 6]])).tolist() == expected
    assert turn.is_identity == (words is None)
    assert [words in note for note in turn.notes()] == ([] if words is None else [True])


def test_no_matrix_is_no_turn_and_a_skew_one_is_said() -> None:
    assert Turn.of(Stub(None)).notes() == []
    skew = Turn.of(Stub((1, 1, -1, 1)))
    assert skew.is_identity
    assert skew.notes() == ["the file asks to be shown turned by -45 degrees: ignored"]
