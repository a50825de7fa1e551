"""What an image did before goes over into what it does, without a jump."""

import numpy as np
import pytest

import eventsim
from eventsim.errors import ConfigError
from eventsim.motion.from_settings import moved_image
from eventsim.motion.loops import triangle
from eventsim.motion.paths import EyePath
from eventsim.motion.run_in import with_run_in
from eventsim.motion.settings import make_motion_settings


def test_a_closed_path_is_repeated():
    path = triangle(amplitude_px=4.0, loop_us=60_000)
    assert path.is_closed
    longer = with_run_in(path, 150_000)
    assert (longer.t_us[0], longer.t_us[-1]) == (-150_000, path.t_us[-1])
    t_us = np.arange(-150_000, 0, 777)
    assert longer.at(t_us) == pytest.approx(path.at(t_us % 60_000), abs=1e-9)
    assert longer.at(path.t_us) == pytest.approx(path.poses)


def test_an_open_path_is_gone_through_back_and_forth():
    path = EyePath.of([0, 40, 100], [0.0, 1.0, 4.0], [0.0, -2.0, 0.5], [0, 0.1, 0.2], [1, 1.5, 1])
    longer = with_run_in(path, 230)
    for t, same in ((-60, 60), (-100, 100), (-160, 40), (-200, 0), (-230, 30), (-1, 1)):
        assert longer.at([t])[0] == pytest.approx(path.at([same])[0])
    assert np.diff(longer.t_us).min() > 0


def test_nothing_and_a_moment():
    path = EyePath.of([5, 10], [0.0, 1.0], [0.0, 0.0])
    assert with_run_in(path, 0) is path
    assert with_run_in(path, 3).t_us.tolist() == [2, 5, 10]
    with pytest.raises(ConfigError, match="one moment"):
        with_run_in(EyePath.of([0], [0.0], [0.0]), 3)


def test_events_of_a_moved_image_begin_with_the_recording():
    rng = np.random.default_rng(0)
    image = rng.integers(30, 220, (20, 20)).astype(np.uint8)
    how = {"path": "triangle", "amplitude_px": 3, "duration_us": 60_000, "blur_px": 1.0}
    rest = moved_image(image, make_motion_settings(how))
    moved = moved_image(image, make_motion_settings({**how, "run_in_us": 60_000}))
    twice = moved_image(image, make_motion_settings({**how, "loops": 2}))
    events = [eventsim.simulate(s, sensor="ideal") for s in (rest, moved, twice)]
    assert events[1].t.min() >= 1
    # The second of two loops is what a loop with a run-in records.
    second = events[2].window(60_001, 120_001)
    assert (events[1].t + 60_000).tolist() == second.t.tolist()
    assert events[1].t[0] < events[0].t[0]  # at rest it takes longer to a threshold
