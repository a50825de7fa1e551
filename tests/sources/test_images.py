from pathlib import Path

import cv2
import numpy as np
import pytest

from eventsim.errors import ConfigError, SourceError
from eventsim.sources.images import ImageSource


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Images f8 to f11, each full of ten times its number."""
    path = tmp_path / "images"
    path.mkdir()
    for n in (8, 9, 10, 11):
        cv2.imwrite(str(path / f"f{n}.png"), np.full((4, 6), 10 * n, np.uint8))
    return path


def seen(source: ImageSource) -> list[tuple[int, int]]:
    return [(f.t_us, int(f.values[0, 0])) for f in source]


def test_folder_in_natural_order_at_a_rate(folder) -> None:
    source = ImageSource(folder, fps=30)
    wanted = [(0, 80), (33_333, 90), (66_667, 100), (100_000, 110)]
    assert seen(source) == wanted
    assert seen(source) == wanted
    assert (source.size, source.expected_frames, source.lost_frames) == ((6, 4), 4, 0)
    assert (source.encoding.transfer, source.encoding.white) == ("srgb", 255)
    assert source.notes == []


def test_list_of_files_stays_in_its_order(folder) -> None:
    source = ImageSource([folder / "f10.png", folder / "f8.png"], fps=1000)
    assert seen(source) == [(0, 100), (1000, 80)]


def test_times_in_order(folder, tmp_path) -> None:
    (tmp_path / "t.txt").write_text("0.5\n0.6\n0.65\n0.9\n")
    found = seen(ImageSource(folder, times_file=tmp_path / "t.txt"))
    assert [t for t, _ in found] == [500_000, 600_000, 650_000, 900_000]


def test_times_by_name(folder, tmp_path) -> None:
    (tmp_path / "t.txt").write_text("x/f11.png 40\nx/f8.png 10\nx/f9.png 20\nx/f10.png 30\n")
    assert seen(ImageSource(folder, times_file=tmp_path / "t.txt")) == [
        (10, 80),
        (20, 90),
        (30, 100),
        (40, 110),
    ]


def test_named_images_that_are_missing_are_said_and_counted(folder, tmp_path) -> None:
    lines = [f"f{n}.png {n}" for n in range(7, 14)]
    (tmp_path / "t.txt").write_text("\n".join(lines))
    source = ImageSource(folder, times_file=tmp_path / "t.txt")
    assert len(seen(source)) == 4
    assert source.lost_frames == 3
    assert "3 images named in" in source.notes[0]
    assert "f7.png" in source.notes[0]
    # Of the window only.
    assert ImageSource(folder, times_file=tmp_path / "t.txt", start_s=8e-6).lost_frames == 2


def test_times_must_match_in_number(folder, tmp_path) -> None:
    (tmp_path / "t.txt").write_text("0\n10\n20\n")
    with pytest.raises(SourceError, match="4 images and 3 times"):
        ImageSource(folder, times_file=tmp_path / "t.txt")
    (tmp_path / "t.txt").write_text("f8.png 0\nf9.png 10\n")
    with pytest.raises(SourceError, match=r"2 of 4 images have no line in .* first f10\.png"):
        ImageSource(folder, times_file=tmp_path / "t.txt")


def test_times_must_increase(folder, tmp_path) -> None:
    (tmp_path / "t.txt").write_text("0\n10\n10\n20\n")
    with pytest.raises(SourceError, match=r"f10\.png 10 us after 10 us"):
        ImageSource(folder, times_file=tmp_path / "t.txt")


def test_times_are_needed_once(folder, tmp_path) -> None:
    (tmp_path / "t.txt").write_text("0\n10\n20\n30\n")
    with pytest.raises(ConfigError, match="neither"):
        ImageSource(folder)
    with pytest.raises(ConfigError, match="both"):
        ImageSource(folder, fps=3, times_file=tmp_path / "t.txt")
    for fps in (0, -1, float("nan"), 2e6):
        with pytest.raises(ConfigError, match="fps must"):
            ImageSource(folder, fps=fps)


def test_window(folder) -> None:
    source = ImageSource(folder, fps=10, start_s=0.1, stop_s=0.3)
    assert seen(source) == [(100_000, 90), (200_000, 100)]
    assert source.expected_frames == 2
    with pytest.raises(SourceError, match=r"from 0 s to 0\.3 s"):
        ImageSource(folder, fps=10, start_s=5)


def test_pages_of_a_tiff(tmp_path) -> None:
    path = tmp_path / "m.tif"
    cv2.imwritemulti(str(path), [np.full((4, 6), 1000 * i, np.uint16) for i in range(5)])
    source = ImageSource(path, fps=100, start_s=0.01, stop_s=0.03, white=65535)
    assert seen(source) == [(10_000, 1000), (20_000, 2000)]
    assert source.encoding.white == 65535
    assert len(seen(ImageSource(path, fps=100, white=4095))) == 5


def test_size_and_crop(folder) -> None:
    source = ImageSource(folder, fps=10, size=(3, 4), fit="pad")
    frame = next(iter(source)).values
    assert frame.shape == (4, 3)
    assert frame[:, 0].tolist() == [0, 80, 80, 0]
    assert source.notes == ["frames were brought from 6x4 scaled by 0.500 to 3x2, padded to 3x4"]
    assert ImageSource(folder, fps=10, crop=(0, 0, 2, 3)).size == (2, 3)


def test_color_is_said_once(tmp_path) -> None:
    for n in range(3):
        cv2.imwrite(str(tmp_path / f"{n}.png"), np.full((4, 6, 4), 100, np.uint8))
    source = ImageSource(tmp_path, fps=10)
    assert [v for _, v in seen(source)] == [39] * 3  # 100 * 100 / 255
    assert source.notes == ["transparency became black", "color was converted to luma (BT.601)"]


def test_other_size_names_the_file(folder) -> None:
    cv2.imwrite(str(folder / "f12.png"), np.zeros((5, 6), np.uint8))
    with pytest.raises(SourceError, match=r"f12\.png is 6x5 after frames of 6x4"):
        list(ImageSource(folder, fps=10))


def test_other_type_names_the_file(folder) -> None:
    cv2.imwrite(str(folder / "f12.png"), np.zeros((4, 6), np.uint16))
    with pytest.raises(SourceError, match=r"f12\.png is of uint16"):
        list(ImageSource(folder, fps=10))


def test_floats_from_0_to_1_need_white(tmp_path) -> None:
    cv2.imwrite(str(tmp_path / "a.tif"), np.full((4, 6), 0.5, np.float32))
    with pytest.raises(SourceError, match=r"a\.tif.*white=1"):
        ImageSource(tmp_path, fps=10)
    assert ImageSource(tmp_path, fps=10, white=1).encoding.white == 1
    assert ImageSource(tmp_path, fps=10, transfer="log").encoding.transfer == "log"


@pytest.mark.parametrize(
    ("levels", "dtype", "words"),
    [
        ([0, 0, 0.125, 0.25], np.float32, "white=1.0 if they go from 0 to 1"),
        ([0, 1000, 2240], np.uint16, "white=4095 if they are of 12 bits"),
        ([0, 1, 1], np.uint8, "white=1 if they are of 0 and 1"),
    ],
)
def test_another_scale_is_not_taken_in_silence(tmp_path, levels, dtype, words) -> None:
    """Also if the first image is black."""
    for k, level in enumerate(levels):
        cv2.imwrite(str(tmp_path / f"{k}.tif"), np.full((4, 6), level, dtype))
    with pytest.raises(SourceError, match=words):
        ImageSource(tmp_path, fps=10)
    white = max(levels)
    assert ImageSource(tmp_path, fps=10, white=white).encoding.white == white


def test_black_is_black_on_any_scale(tmp_path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((4, 6), np.uint16))
    assert ImageSource(tmp_path, fps=10).encoding.white == 65535


def test_an_animation_has_its_own_times(tmp_path) -> None:
    from PIL import Image

    pages = [Image.new("L", (6, 4), v) for v in (10, 200, 20, 100)]
    for name in ("a.gif", "a.png", "a.webp"):
        path = tmp_path / name
        pages[0].save(path, save_all=True, append_images=pages[1:], duration=[100, 300, 50, 90])
        assert [t for t, _ in seen(ImageSource(path))] == [0, 100_000, 400_000, 450_000]
        source = ImageSource(path, fps=10)
        assert [t for t, _ in seen(source)] == [0, 100_000, 200_000, 300_000]
        assert source.notes[0] == (
            "the file shows its pictures for 50 to 300 ms; the frame rate was used instead"
        )


def test_what_a_folder_leaves_out_is_said(folder) -> None:
    (folder / "f9.png").unlink()
    (folder / "clip.mp4").touch()
    cv2.imwrite(str(folder / "f12.png"), np.full((4, 6), 9, np.uint8))
    notes = ImageSource(folder, fps=10).notes
    assert notes[0] == "clip.mp4 is not an image and was left out"
    assert notes[1].startswith("number 9 is missing after f8.png")


def test_names_that_stand_twice(folder, tmp_path) -> None:
    (tmp_path / "t.txt").write_text("f8.png 0\nf9.png 1\nf9.png 2\nf10.png 3\nf11.png 4\n")
    with pytest.raises(SourceError, match=r"f9\.png stands for 2 lines"):
        ImageSource(folder, times_file=tmp_path / "t.txt")


def test_a_camera_that_was_turned(tmp_path) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    for k in range(2):
        Image.fromarray(np.tile(np.arange(0, 240, 8, dtype=np.uint8), (20, 1))).save(
            tmp_path / f"{k}.jpg", exif=exif, quality=95
        )
    source = ImageSource(tmp_path, fps=10)
    assert source.size == (20, 30)
    assert "it was turned as its camera says" in source.notes


def test_nothing_to_read_is_refused(tmp_path) -> None:
    with pytest.raises(SourceError, match="holds none"):
        ImageSource(tmp_path, fps=10)
    with pytest.raises(SourceError, match="does not exist"):
        ImageSource(tmp_path / "none", fps=10)
    with pytest.raises(SourceError, match="empty list"):
        ImageSource([], fps=10)
