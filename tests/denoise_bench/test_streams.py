"""Where labels come from."""

import numpy as np

from eventsim.denoise_bench.streams import by_frames, of_kinds, simulated, with_noise
from eventsim.events import Events, Kind, SensorSize
from eventsim.scenes.poisson import poisson_noise
from tests.formats.test_aedat4 import events_table, file_of, frame_table

SIZE = SensorSize(32, 24)


def test_every_scene_before_every_sensor_in_every_light():
    streams = list(simulated(["lone"], ["davis346", "imx636"], [1.0, 100.0], size=SIZE,
                             seconds=0.1, seed=1))  # fmt: skip
    assert [stream.name for stream in streams] == [
        "lone, davis346, 1 lux", "lone, davis346, 100 lux", "lone, imx636, 1 lux",
        "lone, imx636, 100 lux",
    ]  # fmt: skip
    for stream in streams:
        assert np.array_equal(stream.is_signal, stream.events.kind == Kind.SIGNAL)
        assert stream.group == "lone"


def test_unknown_events_of_a_recording_count_as_signal():
    events = Events.of([1, 2, 3], [1, 2, 3], [1, 1, 1], [1, 1, 1], [4, 1, 0], size=SIZE)
    assert of_kinds("name", events).is_signal.tolist() == [True, False, True]


def test_what_was_added_is_noise():
    clean = Events.of([1, 9], [1, 2], [1, 1], [1, 1], size=SIZE)
    noise = poisson_noise(5.0, size=SIZE, seconds=0.1, seed=1)
    stream = with_noise("name", clean, noise)
    assert len(stream.events) == 2 + len(noise)
    assert stream.events[stream.is_signal] == clean


def test_a_file_with_frames_labels_itself(tmp_path):
    pixels = np.full((3, 6, 8), 40, np.uint8)
    for k, frame in enumerate(pixels):
        frame[:, : 2 + 2 * k] = 200  # a bright half that grows
    events = Events.of([130_000, 130_000, 900_000], [3, 3, 3], [2, 3, 3], [1, 0, 1], size=(8, 6))
    frames = [(0, frame_table(f, 100_000 + 40_000 * k, 100_200 + 40_000 * k))
              for k, f in enumerate(pixels)]  # fmt: skip
    path = file_of(tmp_path / "a.aedat4", ["FRME", "EVTS"], [*frames, (1, events_table(events))])
    stream = by_frames(str(path), upsample="none")
    # ON where it grew brighter; OFF there is noise; after the last frame nobody knows.
    assert stream.events == events[:2]
    assert stream.is_signal.tolist() == [True, False]
