"""Flicker of lamps: as a sine says, at any frame rate, and in the events."""

import numpy as np
import pytest

import eventsim
from eventsim.errors import ConfigError
from eventsim.frames import Encoding, Frame, NewScene, Outline
from eventsim.sources.arrays import ArraySource
from eventsim.sources.flicker import FRAMES_PER_PERIOD, Flicker


def seen(frames, t_us, hz=100, depth=0.3, transfer="linear"):
    values = np.asarray(frames, np.float32)[:, None, None] * np.ones((2, 3), np.float32)
    return list(Flicker(hz, depth).frames(ArraySource(values, t_us, transfer=transfer), []))


def test_light_is_a_sine_on_what_the_video_has():
    frames = seen([100, 200], [0, 40_000])
    t_us = np.array([frame.t_us for frame in frames])
    light = np.array([frame.values[1, 2] for frame in frames])
    assert np.diff(t_us).max() <= 1e6 / 100 / FRAMES_PER_PERIOD
    assert t_us[0] == 0 and t_us[-1] == 40_000  # noqa: PT018
    video = 100 + 100 * t_us / 40_000
    assert light == pytest.approx(video * (1 + 0.3 * np.sin(2 * np.pi * 1e-4 * t_us)), rel=1e-5)


def test_a_still_room_makes_events_at_the_frequency_of_its_lamps():
    """From ln 0.7 to ln 1.3, -0.357 to 0.262, with thresholds of 0.2 from the mean on.

    So the reference goes from -0.2 to 0.2 and back: two ON and two OFF in each period.
    """
    still = np.full((11, 2, 2), 90, np.float32), np.arange(11) * 20_000
    events = eventsim.simulate(
        still, sensor="ideal", encoding="linear", flicker_hz=100, flicker_depth=0.3
    )
    seconds, pixels = 0.2, 4
    assert events.p.sum() / (pixels * seconds * 100) == pytest.approx(2, abs=0.1)
    assert (~events.p).sum() / (pixels * seconds * 100) == pytest.approx(2, abs=0.1)
    phase = (events.t % 10_000) / 10_000
    rising = (phase < 0.25) | (phase > 0.75)
    assert np.mean(rising == events.p) > 0.95


def test_before_a_new_scene_the_light_of_the_one_before_flickers():
    class Source:
        encoding = Encoding("linear")

        def __iter__(self):
            yield Frame(0, np.full((1, 1), 100, np.float32))
            yield NewScene(10_000, np.full((1, 1), 10, np.float32))

    *before, last = Flicker(100, 0.3).frames(Source(), [])
    assert isinstance(last, NewScene)
    assert min(frame.values[0, 0] for frame in before) >= 70


def test_frames_that_are_dense_stay_alone():
    t_us = np.arange(50) * 500
    assert [frame.t_us for frame in seen(np.full(50, 9), t_us)] == t_us.tolist()


def test_what_is_known_beforehand():
    after = Flicker(100, 0.1).outline(Outline((3, 2), Encoding(), 5, duration_us=70))
    assert (after.encoding, after.expected_frames) == (Encoding("linear"), None)
    assert after.duration_us == 70


@pytest.mark.parametrize(("hz", "depth"), [(100, 0), (0, 0.5), (100, 1), (-1, 0.5), (20_000, 0.5)])
def test_out_of_range(hz, depth):
    with pytest.raises(ConfigError, match="flicker_hz must be above 0"):
        Flicker(hz, depth)
