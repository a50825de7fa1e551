import subprocess
import sys

import cv2
import numpy as np
import pytest

from eventsim.errors import ConfigError, SourceError
from eventsim.sources.images import ImageSource
from eventsim.sources.opening import open_source
from eventsim.sources.reading import Reading
from eventsim.sources.video import VideoSource


def test_video(write_video, noise) -> None:
    source = open_source(
        write_video(noise()), Reading(size=(25, 19), start_s=0.04, encoding="linear")
    )
    assert isinstance(source, VideoSource)
    assert source.encoding.transfer == "linear"
    assert [(f.t_us, f.values.shape) for f in source] == [
        (t, (19, 25)) for t in (40_000, 80_000, 120_000)
    ]


def test_images(tmp_path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((4, 6), np.uint8))
    cv2.imwrite(str(tmp_path / "b.png"), np.zeros((4, 6), np.uint8))
    for path in (tmp_path, str(tmp_path / "a.png")):
        source = open_source(path, Reading(fps=10, white=200, crop=(0, 0, 3, 4)))
        assert isinstance(source, ImageSource)
        assert (source.size, source.encoding.white) == ((3, 4), 200)
        assert len(list(source)) == (2 if path is tmp_path else 1)


@pytest.mark.parametrize("option", ["fps", "times_file", "white"])
def test_options_of_images_are_refused_for_a_video(write_video, noise, option: str) -> None:
    path = write_video(noise(2))
    with pytest.raises(ConfigError, match=rf"{option} can be set for images only.*clip\.mkv"):
        open_source(path, Reading(**{option: 3}))


def test_contradictions_are_refused(tmp_path) -> None:
    with pytest.raises(ConfigError, match="both"):
        Reading(fps=3, times_file="t.txt")
    with pytest.raises(ConfigError, match="stop"):
        Reading(fps=3, start_s=2, stop_s=1)


def test_nothing_to_open_is_refused(tmp_path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        open_source(tmp_path / "none.mp4")
    with pytest.raises(SourceError, match="holds none"):
        open_source(tmp_path, Reading(fps=3))


def test_import_is_light() -> None:
    code = (
        "import sys, eventsim.sources.opening; "
        "raise SystemExit(' '.join({'av', 'cv2', 'imageio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


def test_an_event_file_is_no_video_and_it_is_said_what_reads_it(tmp_path):
    (tmp_path / "a.raw").write_bytes(b"% evt 3.0\n")
    with pytest.raises(SourceError, match=r"If it is an event file: `eventsim import`"):
        open_source(tmp_path / "a.raw")
