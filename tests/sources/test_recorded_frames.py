import numpy as np
import pytest

from eventsim.errors import ConfigError, SourceError
from eventsim.sources.opening import open_source
from eventsim.sources.reading import Reading
from eventsim.sources.recorded_frames import RecordedFrames
from tests.formats.test_aedat4 import file_of, frame_table

T0_US = 1_600_000_000_000_000
PIXELS = [np.full((6, 8), k * 20, np.uint8) for k in range(5)]


@pytest.fixture
def path(tmp_path):
    starts = [0, 40_000, 30_000, 80_000, 120_000]  # the third is not later than the second
    packets = [
        (0, frame_table(pixels, T0_US + start - 10, T0_US + start + 10))
        for pixels, start in zip(PIXELS, starts, strict=True)
    ]
    return file_of(tmp_path / "a.aedat4", ["FRME"], packets, compression=2)


def test_frames_have_the_times_of_the_camera(path):
    source = RecordedFrames(path)
    frames = list(source)
    assert [t - T0_US for t, _ in frames] == [0, 40_000, 80_000, 120_000]
    assert [int(values[0, 0]) for _, values in frames] == [0, 20, 60, 80]
    assert (source.size, source.expected_frames, source.duration_us) == ((8, 6), 4, 120_000)
    assert source.first_us == T0_US
    assert source.notes == ["1 frames that are not later than the one before were left out"]
    assert [t for t, _ in source] == [t for t, _ in frames]


def test_a_window_is_on_the_clock_of_the_camera_and_sizes_are_brought_about(path):
    t0_s = T0_US // 10**6
    source = open_source(path, Reading(start_s=t0_s + 0.04, stop_s=t0_s + 0.12, size=(4, 3)))
    assert [t - T0_US for t, _ in source] == [40_000, 80_000]
    assert source.size == (4, 3)
    assert any("brought from 8x6" in note for note in source.notes)
    with pytest.raises(SourceError, match=r"no frame of .* lies in"):
        RecordedFrames(path, stop_s=9)


def test_what_a_file_says_itself_cannot_be_given(path):
    with pytest.raises(ConfigError, match=r"fps can be set for images only"):
        open_source(path, Reading(fps=25))


def test_frames_in_color_become_gray(tmp_path):
    white = np.full((6, 8, 3), 255, np.uint8)
    path = file_of(tmp_path / "a.aedat4", ["FRME"], [(0, frame_table(white, form=16))])
    ((t_us, values),) = RecordedFrames(path)
    assert t_us == 120
    assert values.shape == (6, 8)
    assert values.min() == 255


def test_a_frame_of_another_size_is_refused(tmp_path):
    packets = [(0, frame_table(PIXELS[0])), (0, frame_table(np.zeros((3, 3), np.uint8), 900, 910))]
    source = RecordedFrames(file_of(tmp_path / "a.aedat4", ["FRME"], packets))
    with pytest.raises(SourceError, match=r"all frames must have one size"):
        list(source)
