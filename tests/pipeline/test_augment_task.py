"""Copies of a dataset, written."""

import pytest

import eventsim
from eventsim.camera import choose_camera
from eventsim.errors import SourceError
from eventsim.pipeline import augment_task
from eventsim.pipeline.augment_plan import plan_augment
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.run import run
from eventsim.pipeline.video_plan import plan_videos
from eventsim.sources.reading import Reading
from eventsim.store.verify import verify
from eventsim.transforms import Compose, Crop, Flip, Thin, TimeScale


@pytest.fixture(scope="module")
def source(clips, tmp_path_factory):
    out = tmp_path_factory.mktemp("augment") / "source.zarr"
    inputs = [Input(str(clip), label="ab"[k % 2], split="train") for k, clip in enumerate(clips)]
    run(
        plan_videos(inputs, choose_camera("ideal", "v2e-noisy"), reading=Reading(size="source")),
        out,
    )
    return out


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_copy_holds_what_the_transform_gives_and_what_was_known(source, tmp_path):
    out = tmp_path / "copy.zarr"
    summary = run(plan_augment(source, Flip(), copies=2), out)
    before, after = eventsim.open_dataset(source), eventsim.open_dataset(out)
    assert summary.failures == ()
    assert len(after) == 6
    for k, recording in enumerate(after):
        original = before[k // 2]
        assert recording.events == Flip()(original.events, eventsim.random.Draws.of(0))
        assert recording.frame_t_us.tolist() == original.frame_t_us.tolist()
        assert (recording.label, recording.split) == (original.label, original.split)
        assert recording.source.endswith(f"source.zarr#{original.id}")
    assert after.table()["id"].tolist() == ["clip0", "clip0-2", "clip1", "clip1-2", "clip2",
                                            "clip2-2"]  # fmt: skip
    assert verify(out).problems == ()


def test_a_copy_is_what_a_training_loop_sees(source, tmp_path):
    from eventsim.training import EventWindows

    transform = Compose((Thin((0.1, 0.5)), Crop((20, 20))))
    run(plan_augment(source, transform, copies=2, seed=4), tmp_path / "copy.zarr")
    windows = EventWindows(source, transform=transform, seed=4)
    copy = eventsim.open_dataset(tmp_path / "copy.zarr")
    for epoch in (0, 1):
        windows.set_epoch(epoch)
        for index in range(3):
            assert copy[2 * index + epoch].events == windows[index][0]


def test_the_same_bytes_for_two_workers(source, tmp_path, monkeypatch):
    from eventsim.pipeline import dataset_parts

    monkeypatch.setattr(dataset_parts, "PART_EVENTS", 1)
    for name, workers in (("one", 1), ("two", 2)):
        run(plan_augment(source, Thin(0.4)), tmp_path / name / "copy.zarr", workers=workers)
    one, two = (
        {p.relative_to(tmp_path / n): p.read_bytes() for p in files_in(tmp_path / n)}
        for n in ("one", "two")
    )
    assert one == two
    assert len(one) > 20


def test_events_outside_of_the_frames_are_left_out_and_counted(source, tmp_path):
    run(plan_augment(source, TimeScale(2.0)), tmp_path / "copy.zarr")
    before, after = (eventsim.open_dataset(p)[0] for p in (source, tmp_path / "copy.zarr"))
    lost = len(before) - len(after)
    assert lost > 0
    assert f"{lost:,} events came to lie outside of its frames and were left out" in after.notes
    assert after.events.t[-1] <= after.frame_t_us[-1]


def test_a_recording_that_is_too_long_is_listed_and_stops_nothing(source, tmp_path, monkeypatch):
    shortest = min(len(recording) for recording in eventsim.open_dataset(source))
    monkeypatch.setattr(augment_task, "MOST_EVENTS", shortest)
    summary = run(plan_augment(source, Flip()), tmp_path / "copy.zarr")
    assert summary.recordings == 1
    assert len(summary.failures) == 2
    assert "of a table" in summary.failures[0][1]
    with pytest.raises(SourceError, match="sees a whole recording"):
        run(plan_augment(source, Flip()), tmp_path / "strict.zarr", strict=True)
