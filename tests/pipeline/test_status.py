"""What is said of a dataset at any moment."""

import pytest

from eventsim.camera import choose_camera
from eventsim.errors import StoreError
from eventsim.pipeline import video_plan as planning
from eventsim.pipeline.extending import plan_append
from eventsim.pipeline.image_plan import I2EMethod, plan_images
from eventsim.pipeline.run import close, extend, run
from eventsim.pipeline.status import read_status
from eventsim.pipeline.video_plan import plan_videos
from eventsim.planes.settings import make_i2e_settings
from eventsim.store.dataset import create_dataset
from eventsim.store.reader import open_dataset
from eventsim.store.verify import verify

CAMERA = choose_camera("ideal", "v2e-noisy", {})


class Stopped(BaseException):
    pass


def test_while_it_runs_and_after(tmp_path, clips, broken, monkeypatch):
    monkeypatch.setattr(planning, "PART_EVENTS", 1)
    out = tmp_path / "o.zarr"
    made = plan_videos([broken, *clips], CAMERA)
    seen = []

    def progress(far):
        if far.done == 40:  # of four parts two: the bad file, which is small, and the first clip
            seen.append(read_status(out))
        if far.done > 40:
            seen.append(read_status(out))
            raise Stopped

    with pytest.raises(Stopped):
        run(made, out, threads=1, progress=progress)
    during = seen[-1]
    assert (during.parts, during.parts_done, during.inputs, during.inputs_done) == (4, 2, 4, 2)
    assert [source for source, _ in during.failures] == [broken.name]
    assert during.state == "running"
    assert "process" in during.where
    assert not during.replaces
    stopped = read_status(out)
    assert (stopped.state, stopped.parts_done, stopped.left_s) == ("stopped", 2, None)
    run(made, out, threads=1)
    end = read_status(out)
    assert (end.state, end.parts_done, end.inputs_done) == ("finished", 4, 4)
    assert end.events == open_dataset(out).attributes["events"]
    assert end.bytes == sum(f.stat().st_size for f in out.rglob("*") if f.is_file())
    assert end.free_bytes > 0


def test_an_addition_and_a_replacement(tmp_path, clips):
    out = tmp_path / "o.zarr"
    run(plan_videos(clips[:1], CAMERA), out, threads=1)

    def stop(*_):
        raise Stopped

    with pytest.raises(Stopped):
        extend(plan_append(clips, out, CAMERA), out, threads=1, progress=stop)
    adding = read_status(out)
    assert (adding.parts, adding.parts_done, adding.inputs) == (2, 1, 3)
    assert adding.state != "finished"
    with pytest.raises(Stopped):
        run(plan_videos(clips[1:], CAMERA), out, threads=1, overwrite=True, progress=stop)
    replacing = read_status(out)
    assert (replacing.parts, replacing.parts_done, replacing.replaces) == (1, 0, True)


def test_closed_without_a_part(tmp_path, clips, monkeypatch):
    """It can be read, is said to be what it is, and can be gone on with."""
    monkeypatch.setattr(planning, "PART_EVENTS", 1)
    out, whole = tmp_path / "o.zarr", tmp_path / "whole.zarr"
    made = plan_videos(clips, CAMERA)

    def stop_in_second(far):
        if far.done > 40:
            raise Stopped

    with pytest.raises(Stopped):
        run(made, out, threads=1, progress=stop_in_second)
    with pytest.raises(StoreError, match="2 are missing: 00001, 00002"):
        close(out)
    assert close(out, allow_missing=True).recordings == 1
    assert [r.id for r in open_dataset(out)] == ["clip0"]
    assert open_dataset(out).attributes["missing_parts"] == [1, 2]
    assert verify(out).problems == ()
    assert read_status(out).parts_done == 1
    run(made, out, threads=1)
    run(made, whole, threads=1)
    files = {f.relative_to(out): f.read_bytes() for f in out.rglob("*") if f.is_file()}
    assert files == {f.relative_to(whole): f.read_bytes() for f in whole.rglob("*") if f.is_file()}


def test_still_images(tmp_path, pictures):
    out = tmp_path / "o.zarr"
    run(plan_images([str(pictures)], I2EMethod(make_i2e_settings())), out, threads=1)
    status = read_status(out)
    assert (status.inputs, status.inputs_done, len(status.failures)) == (10, 10, 1)


def test_what_is_no_dataset(tmp_path):
    with pytest.raises(StoreError, match="there is no dataset"):
        read_status(tmp_path / "none.zarr")
    create_dataset(tmp_path / "empty.zarr", {}, parts=0)
    assert read_status(tmp_path / "empty.zarr").inputs == 0
