"""How an input is read, and what is guessed of it beforehand."""

from eventsim.events import SensorSize
from eventsim.pipeline.inputs import Input, PlannedRecording, Reading
from eventsim.simulator import choose_camera


def test_sizes_are_those_of_the_sensor_the_source_or_the_user(clips):
    camera = choose_camera("dvs128", "card")
    path = str(clips[0])
    assert Reading().open(path, camera).size == (128, 128)
    assert Reading(size="source").open(path, camera).size == (32, 24)
    assert Reading(size=SensorSize(10, 6)).open(path, camera).size == (10, 6)


def test_the_encoding_is_the_cameras_unless_one_is_given(clips):
    path = str(clips[0])
    assert Reading().open(path, choose_camera("v2e", "card")).encoding.transfer == "linear"
    given = Reading(transfer="srgb").open(path, choose_camera("v2e", "card"))
    assert given.encoding.transfer == "srgb"


def test_events_are_guessed_from_pixels_and_frames():
    def guess(size, frames):
        return PlannedRecording(Input("a"), 1, size, frames).estimated_events

    assert guess(SensorSize(10, 10), 50) == 1000  # .2 a pixel and frame
    assert guess(SensorSize(10, 10), None) == 20_000  # as if it had 1,000 frames
    assert guess(None, None) == 0
