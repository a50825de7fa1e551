"""Film files, read back."""

from collections.abc import Iterator
from pathlib import Path

import av
import imageio.v3 as iio
import numpy as np
import pytest

from eventsim.errors import ConfigError, SourceError
from eventsim.view import encode
from eventsim.view.encode import encode_film


def pictures(n: int) -> Iterator[np.ndarray]:
    """Left half vermillion, right half gray that rises by 20 a picture."""
    for i in range(n):
        page = np.full((48, 64, 3), 20 * i, np.uint8)
        page[:, :32] = (213, 94, 0)
        yield page


def test_mp4_keeps_number_rate_size_and_colors(tmp_path: Path):
    path = tmp_path / "new folder" / "a.mp4"
    assert encode_film(path, pictures(5), fps=12.5) == 5
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.average_rate == 12.5
        frames = list(container.decode(stream))
        assert frames[0].format.name == "yuv420p"
        assert [frame.time for frame in frames] == [0, 0.08, 0.16, 0.24, 0.32]
        assert frames[0].colorspace == 1  # BT.709, as written
        luma = [frame.to_ndarray()[24, 56] for frame in frames]
        vermillion = frames[0].to_ndarray()[24, 8]
    # Limited range: 16 + 219 v / 255; BT.709 luma of (213, 94, 0) is 112.5, so 112.6.
    np.testing.assert_allclose(luma, [16 + 219 * 20 * i / 255 for i in range(5)], atol=2)
    assert abs(int(vermillion) - 112.6) < 2


def test_gif_keeps_number_colors_and_total_time(tmp_path: Path):
    path = tmp_path / "a.gif"
    assert encode_film(path, pictures(6), fps=15) == 6
    back = iio.imread(path, plugin="pillow")
    assert back.shape == (6, 48, 64, 3)
    np.testing.assert_allclose(back[3, 24, 8], [213, 94, 0], atol=8)  # five bits per color
    np.testing.assert_allclose(back[3, 24, 56], [60, 60, 60], atol=8)
    durations = [iio.immeta(path, index=i, plugin="pillow")["duration"] for i in range(6)]
    assert sum(durations) == 400  # 6 pictures at 15 a second, each a multiple of 10 ms


def test_a_long_gif_is_refused_before_it_fills_the_memory(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(encode, "GIF_LIMIT", 3)
    with pytest.raises(ConfigError, match=r"may have 3 pictures"):
        encode_film(tmp_path / "a.gif", pictures(4), fps=15)
    assert list(tmp_path.iterdir()) == []


def test_a_film_that_fails_leaves_the_one_before_alone(tmp_path: Path):
    path = tmp_path / "a.mp4"
    encode_film(path, pictures(2), fps=10)
    before = path.read_bytes()

    def broken() -> Iterator[np.ndarray]:
        yield from pictures(2)
        raise RuntimeError("source broke")

    with pytest.raises(RuntimeError, match="source broke"):
        encode_film(path, broken(), fps=10)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_source_that_breaks_is_not_blamed_on_the_output(tmp_path: Path):
    def broken() -> Iterator[np.ndarray]:
        yield from pictures(1)
        raise SourceError("clip.mp4 cannot be read")

    with pytest.raises(SourceError, match="clip"):
        encode_film(tmp_path / "a.mp4", broken(), fps=10)


def test_unknown_ending_names_the_known_ones(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"\.mp4 or \.gif, found .*a\.avi"):
        encode_film(tmp_path / "a.avi", pictures(1), fps=10)


@pytest.mark.parametrize("name", ["a.mp4", "a.gif"])
def test_a_path_that_cannot_be_written_is_one_line(tmp_path: Path, name: str):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ConfigError, match="could not be written") as caught:
        encode_film(tmp_path / "file" / name, pictures(1), fps=10)
    assert "\n" not in str(caught.value)
