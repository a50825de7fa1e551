"""Images moved in front of a sensor: recordings that can be made again, with their paths."""

import numpy as np

import eventsim
from eventsim.camera import choose_camera
from eventsim.motion.from_settings import MotionSettings, moved_image
from eventsim.pipeline import image_plan
from eventsim.pipeline.image_plan import SaccadeMethod, plan_images
from eventsim.pipeline.run import run
from eventsim.stills.folder import read_still
from eventsim.store.reader import open_dataset
from eventsim.store.verify import verify

MOTION = MotionSettings(path="random-walk", duration_us=30_000)
METHOD = SaccadeMethod(MOTION, choose_camera("ideal", "v2e-noisy"))


def tree(path):
    return {f.relative_to(path): f.read_bytes() for f in path.rglob("*") if f.is_file()}


def test_a_recording_is_what_the_simulator_makes_and_its_path_is_stored(pictures, tmp_path):
    out = tmp_path / "a.zarr"
    summary = run(plan_images([pictures], METHOD, seed=4), out)
    assert (summary.recordings, len(summary.failures)) == (9, 1)
    assert verify(out).problems == ()
    for recording in open_dataset(out):
        image = read_still(pictures.parent / recording.source)[0]
        source = moved_image(image, MOTION, seed=recording.seed)
        events = eventsim.simulate(source, sensor="ideal", noise="v2e-noisy", seed=recording.seed)
        assert recording.events == events
        path = eventsim.EyePath.of(*recording.path_columns)
        assert all(
            np.array_equal(a, b) for a, b in zip(path.columns, source.path.columns, strict=True)
        )
        flow = path.flow(events.t, events.x, events.y, recording.size)
        assert np.array_equal(flow, path.velocity(events.t)[:, :2])  # it is only shifted
    labels = [recording.label for recording in open_dataset(out)]
    assert labels == ["ant"] * 5 + ["bee"] * 4


def test_workers_do_not_change_a_byte(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(image_plan, "PART_IMAGES", 4)
    plan = plan_images([pictures], METHOD)
    run(plan, tmp_path / "one.zarr")
    run(plan, tmp_path / "two.zarr", workers=2)
    assert tree(tmp_path / "one.zarr") == tree(tmp_path / "two.zarr")


def test_a_path_that_may_not_leave_the_image_is_listed(pictures, tmp_path):
    method = SaccadeMethod(MotionSettings(outside="refuse"), choose_camera("ideal", "v2e-clean"))
    summary = run(plan_images([pictures], method), tmp_path / "a.zarr")
    assert summary.recordings == 0
    assert all(
        "stay on the image" in reason or "is empty" in reason for _, reason in summary.failures
    )
