"""Estimates, held against what is then made."""

import cv2
import numpy as np
import pytest

import eventsim
from eventsim.camera import choose_camera
from eventsim.motion.from_settings import moved_image
from eventsim.motion.settings import MotionSettings
from eventsim.pipeline import estimate as module
from eventsim.pipeline.estimate import estimate_images, estimate_videos
from eventsim.pipeline.image_plan import I2EMethod, SaccadeMethod, plan_images
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.video_plan import plan_videos
from eventsim.planes.settings import I2ESettings
from eventsim.simulator import simulate_source
from eventsim.sources.reading import Reading

NOISY = choose_camera("ideal", "v2e-noisy", {"shot_noise_rate_hz": 20})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """200 images of 16x12: still for the first 100, then a bar that moves."""
    path = tmp_path_factory.mktemp("frames")
    for i in range(200):
        frame = np.full((12, 16), 90, np.uint8)
        frame[:, max(0, i - 100) % 14 : max(0, i - 100) % 14 + 2] = 210
        cv2.imwrite(str(path / f"{i:03}.png"), frame)
    return path


def made(planned):
    """Events of a plan."""
    sources = [(r.input.open(planned.reading, planned.camera), r) for r in planned.recordings]
    return sum(
        len(packet.events)
        for source, r in sources
        for packet in simulate_source(source, r.input.camera(planned.camera), seed=r.seed)
    )


@pytest.mark.parametrize("sensor", ["ideal", "davis346"])
@pytest.mark.parametrize("slow_motion", [1, 8])
def test_within_a_factor_of_three(folder, sensor, slow_motion):
    """The first frames alone would say that there is nothing at all."""
    reading = Reading(fps=100, size="source", slow_motion=slow_motion)
    planned = plan_videos([folder], choose_camera(sensor), reading=reading)
    found = estimate_videos(planned)
    assert found.unknown == 0
    assert found.warnings == ()
    assert 1 / 3 < found.events / made(planned) < 3


def test_noise_goes_with_the_time_and_not_with_the_frames(folder):
    """The still half, at 10 and at 100 frames/s: a tenth of the time, a tenth of the events."""
    counts = []
    for fps in (10, 100):
        given = [Input(folder, stop_s=100 / fps)]
        planned = plan_videos(given, NOISY, reading=Reading(fps=fps, size="source"))
        counts.append(estimate_videos(planned).events)
        assert counts[-1] == pytest.approx(made(planned), rel=0.25)
    assert counts[0] / counts[1] == pytest.approx(10, rel=0.2)


def test_some_of_many_stand_for_all(folder, monkeypatch):
    looked_at = []
    look = module._look

    def spy(plan, recording, threads):
        looked_at.append(recording.sample)
        return look(plan, recording, threads)

    monkeypatch.setattr(module, "_look", spy)
    camera = choose_camera("ideal")
    reading = Reading(fps=100, size="source")
    one = estimate_videos(plan_videos([folder], camera, reading=reading)).events
    looked_at.clear()
    many = estimate_videos(plan_videos([folder] * 20, camera, reading=reading)).events
    assert looked_at == [2, 6, 10, 14, 18]
    assert many == pytest.approx(20 * one, rel=0.01)


def test_what_is_wrong_with_the_times_is_said_before_the_work_begins(folder):
    planned = plan_videos([folder], NOISY, reading=Reading(fps=2, size="source"))
    (warning,) = estimate_videos(planned).warnings
    assert warning.startswith(f"{folder}: 2 frames/s")


def test_an_input_that_breaks_later_stops_no_estimate(folder, monkeypatch):
    planned = plan_videos([folder], NOISY, reading=Reading(fps=100, size="source"))
    monkeypatch.setattr(module, "_add", lambda *_: 1 / 0)
    assert estimate_videos(planned) is None


def test_one_that_does_not_say_how_long_it_is(folder, monkeypatch):
    planned = plan_videos([folder], NOISY, reading=Reading(fps=100, size="source"))
    (part,) = planned.parts
    monkeypatch.setattr(module, "_span", lambda *_: (0.0, None))
    object.__setattr__(part[0], "frames", None)
    found = estimate_videos(planned)
    assert (found.events, found.unknown) == (0, 1)
    # Of the still first second: 20 Hz in the dark, less at gray 90.
    assert 0.5 < found.events_per_s / (16 * 12 * 20) < 1


def test_moved_images(tmp_path):
    rng = np.random.default_rng(0)
    for i in range(30):
        cv2.imwrite(str(tmp_path / f"{i}.png"), rng.integers(0, 256, (9, 8), dtype=np.uint8))
    motion = MotionSettings(path="triangle", duration_us=50_000)
    planned = plan_images([tmp_path], SaccadeMethod(motion, choose_camera("ideal")))
    found = estimate_images(planned).events
    actual = 0
    for i in range(30):
        image = cv2.imread(str(tmp_path / f"{i}.png"), cv2.IMREAD_GRAYSCALE)
        moved = moved_image(image, motion, seed=0)
        actual += len(eventsim.simulate(moved, sensor="ideal"))
    assert 0.7 < found / actual < 1.4
    assert estimate_images(plan_images([tmp_path], I2EMethod(I2ESettings(ratio=0.1)))) is None
