"""How an input is read, and what is guessed of it beforehand."""

from pathlib import Path

import pytest

from eventsim.camera import choose_camera
from eventsim.errors import ConfigError
from eventsim.events import SensorSize
from eventsim.pipeline.inputs import Input, PlannedRecording
from eventsim.sources.reading import Reading


def test_sizes_are_those_of_the_sensor_the_source_or_the_user(clips):
    camera = choose_camera("dvs128", "card")
    path = str(clips[0])
    assert Input(path).open(Reading(), camera).size == (128, 128)
    assert Input(path).open(Reading(size="source"), camera).size == (32, 24)
    assert Input(path).open(Reading(size=SensorSize(10, 6)), camera).size == (10, 6)


def test_the_encoding_is_the_cameras_unless_one_is_given(clips):
    path = str(clips[0])
    assert Input(path).open(Reading(), choose_camera("v2e", "card")).encoding.transfer == "linear"
    given = Input(path).open(Reading(encoding="srgb"), choose_camera("v2e", "card"))
    assert given.encoding.transfer == "srgb"


def test_events_are_guessed_from_pixels_and_frames():
    def guess(size, frames):
        return PlannedRecording(Input("a"), 0, 1, size, frames).estimated_events

    assert guess(SensorSize(10, 10), 50) == 1000  # 0.2 a pixel and frame
    assert guess(SensorSize(10, 10), None) == 20_000  # as if it had 1,000 frames
    assert guess(None, None) == 0


def test_an_input_may_say_otherwise(clips):
    """Its own start, stop and settings beat those of the run."""
    camera = choose_camera("ideal", "card")
    given = Input(
        str(clips[0]), start_s=0.1, stop_s=0.2, settings=(("contrast_threshold_on", 0.3),)
    )
    times = [frame.t_us for frame in given.open(Reading(start_s=0.3, size="source"), camera)]
    assert times == list(range(100_000, 200_000, 10_000))
    only_stop = Input(str(clips[0]), stop_s=0.32)
    frames = list(only_stop.open(Reading(start_s=0.3, size="source"), camera))
    assert [frame.t_us for frame in frames] == [300_000, 310_000]
    own = given.camera(camera).settings
    assert own.contrast_threshold_on == 0.3
    assert own == camera.settings.model_copy(update={"contrast_threshold_on": 0.3})
    assert only_stop.camera(camera) == camera
    with pytest.raises(ConfigError, match="contrast_threshold_on"):
        Input("a", settings=(("contrast_treshold_on", 0.3),)).camera(camera)


def test_a_path_object_is_kept_as_text():
    assert Input(Path("clips") / "a.mp4") == Input(str(Path("clips") / "a.mp4"))
