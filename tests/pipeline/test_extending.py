"""A dataset that is added to is the one that was made of all inputs at once, in other parts."""

import numpy as np
import pytest

from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, StoreError
from eventsim.events import SensorSize
from eventsim.pipeline import video_plan as planning
from eventsim.pipeline.extending import plan_append, plan_pending, plan_retry
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.run import extend, run
from eventsim.pipeline.video_plan import plan_videos
from eventsim.sources.reading import Reading
from eventsim.store.dataset import create_dataset
from eventsim.store.manifest import read_batches
from eventsim.store.reader import open_dataset
from eventsim.store.verify import verify

CAMERA = choose_camera("ideal", "v2e-noisy", {})


def same_samples(a, b):
    """Everything of all samples but the part that they lie in."""
    one, two = open_dataset(a), open_dataset(b)
    assert len(one) == len(two)
    for x, y in zip(one, two, strict=True):
        assert x.events == y.events
        assert np.array_equal(x.frame_t_us, y.frame_t_us)
        for name in (
            "index",
            "sample",
            "id",
            "seed",
            "source",
            "label",
            "split",
            "group",
            "status",
        ):
            assert getattr(x, name) == getattr(y, name), name
    assert one.failures == two.failures
    assert one.attributes["inputs"]["count"] == two.attributes["inputs"]["count"]
    for path in (a, b):
        assert verify(path).problems == ()


def test_added_inputs_get_the_seeds_that_follow(tmp_path, clips, broken):
    whole, out = tmp_path / "whole.zarr", tmp_path / "o.zarr"
    run(plan_videos([clips[0], broken, clips[1], clips[2]], CAMERA, seed=3), whole, threads=1)
    run(plan_videos([clips[0], broken], CAMERA, seed=3), out, threads=1)
    added = plan_append([*clips, broken], out, CAMERA, seed=3)
    assert [r.sample for r in added.recordings] == [2, 3]
    extend(added, out, threads=1)
    same_samples(out, whole)
    assert plan_append(clips, out, CAMERA, seed=3) is None
    assert len(read_batches(out)) == 2


def test_retried_inputs_take_their_place(tmp_path, clips, monkeypatch):
    """One of two bad files is mended; the dataset is as if it had never been bad."""
    monkeypatch.setattr(planning, "PART_EVENTS", 1)
    bad = [tmp_path / "b.mp4", tmp_path / "d.mp4"]
    for file in bad:
        file.write_text("no video")
    out = tmp_path / "o.zarr"
    inputs = [clips[0], bad[0], clips[1], bad[1]]
    run(plan_videos(inputs, CAMERA), out, threads=1)
    bad[0].write_bytes(clips[2].read_bytes())
    run(plan_videos(inputs, CAMERA), tmp_path / "whole.zarr", threads=1)
    again = plan_retry(out)
    assert [r.input.id for r in again.recordings] == ["b", "d"]
    summary = extend(again, out, threads=1)
    assert [source for source, _ in summary.failures] == ["d.mp4"]
    same_samples(out, tmp_path / "whole.zarr")
    bad[1].write_bytes(clips[2].read_bytes())
    extend(plan_retry(out), out, threads=1)
    assert open_dataset(out).failures == []
    assert plan_retry(out) is None
    assert [r.id for r in open_dataset(out)] == ["clip0", "b", "clip1", "d"]


def test_own_settings_survive(tmp_path, clips):
    """Size, crop, window and single settings are those of the dataset, and of the input."""
    reading = Reading(size=SensorSize(16, 12), crop=(0, 0, 28, 20), stop_s=0.3)
    bad = tmp_path / "b.mp4"
    bad.write_text("no video")
    given = Input(str(bad), start_s=0.1, settings=(("contrast_threshold_on", 0.4),), label="x")
    camera = choose_camera("davis346", "card", {"leak_rate_hz": 3})
    inputs = [clips[0], given]
    out = tmp_path / "o.zarr"
    run(plan_videos(inputs, camera, reading=reading, seed=5), out, threads=1)
    bad.write_bytes(clips[1].read_bytes())
    run(plan_videos(inputs, camera, reading=reading, seed=5), tmp_path / "whole.zarr", threads=1)
    extend(plan_retry(out), out, threads=1)
    same_samples(out, tmp_path / "whole.zarr")


class Killed(BaseException):
    pass


def kill(*_):
    raise Killed


def test_an_interrupted_addition_leaves_the_dataset_and_is_gone_on_with(tmp_path, clips):
    whole, out = tmp_path / "whole.zarr", tmp_path / "o.zarr"
    run(plan_videos(clips, CAMERA), whole, threads=1)
    run(plan_videos(clips[:1], CAMERA), out, threads=1)
    assert plan_pending(out) is None
    with pytest.raises(Killed):
        extend(plan_append(clips, out, CAMERA), out, threads=1, progress=kill)
    assert [r.id for r in open_dataset(out)] == ["clip0"]
    left = plan_pending(out)
    assert [r.input.id for r in left.recordings] == ["clip1", "clip2"]
    extend(left, out, threads=1)
    same_samples(out, whole)
    assert plan_pending(out) is None


def test_killed_while_it_is_closed(tmp_path, clips, monkeypatch):
    """Nobody takes it for whole then, and the next run closes it."""
    out = tmp_path / "o.zarr"
    run(plan_videos(clips[:1], CAMERA), out, threads=1)
    with monkeypatch.context() as patched:
        patched.setattr("eventsim.store.finish.write_table", kill)
        with pytest.raises(Killed):
            extend(plan_append(clips, out, CAMERA), out, threads=1)
    with pytest.raises(StoreError, match="is not finished"):
        open_dataset(out)
    extend(plan_pending(out), out, threads=1)
    assert len(open_dataset(out)) == 3


def test_other_settings_are_refused(tmp_path, clips):
    out = tmp_path / "o.zarr"
    run(plan_videos(clips[:1], CAMERA), out, threads=1)
    with pytest.raises(ConfigError, match="made with other settings: seed is 1 there and 2 now"):
        plan_append(clips, out, CAMERA, seed=2)
    with pytest.raises(ConfigError, match=r"geometry\.start_s is None there and 0\.1 now"):
        plan_append(clips, out, CAMERA, reading=Reading(start_s=0.1))


def test_an_input_that_has_changed_is_refused(tmp_path, clips):
    clip, out = tmp_path / "c.mp4", tmp_path / "o.zarr"
    clip.write_bytes(clips[0].read_bytes())
    run(plan_videos([clip], CAMERA), out, threads=1)
    clip.write_bytes(clips[1].read_bytes())
    with pytest.raises(ConfigError, match="has changed since it was converted as 'c'"):
        plan_append([clip], out, CAMERA)


def test_what_cannot_be_added_to(tmp_path, clips):
    out = tmp_path / "o.zarr"
    create_dataset(out, plan_videos(clips, CAMERA).attributes(), parts=1)
    for attempt in (lambda: plan_append(clips, out, CAMERA), lambda: plan_retry(out)):
        with pytest.raises(StoreError, match="is not finished: 0 of 1 parts"):
            attempt()
