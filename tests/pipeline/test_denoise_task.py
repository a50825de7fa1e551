"""Denoised copies, written."""

import numpy as np
import pytest
from PIL import Image

import eventsim
from eventsim.camera import choose_camera
from eventsim.denoise import STCF, Denoiser, HotPixelFilter
from eventsim.errors import SourceError
from eventsim.pipeline import dataset_parts, denoise_task
from eventsim.pipeline.denoise_plan import plan_denoise
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.run import run
from eventsim.pipeline.video_plan import plan_videos
from eventsim.sources.reading import Reading
from eventsim.store.verify import verify


@pytest.fixture(scope="module")
def source(clips, tmp_path_factory):
    out = tmp_path_factory.mktemp("denoise") / "source.zarr"
    inputs = [Input(str(clip), label="ab"[k % 2], split="train") for k, clip in enumerate(clips)]
    camera = choose_camera("ideal", "v2e-noisy", {"shot_noise_rate_hz": 20.0})
    run(plan_videos(inputs, camera, reading=Reading(size="source")), out)
    return out


def files_in(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_copy_holds_what_the_filters_keep_in_whatever_packets(source, tmp_path, monkeypatch):
    filters = [HotPixelFilter(), STCF(1, 50_000)]
    run(plan_denoise(source, filters), tmp_path / "whole" / "copy.zarr")
    monkeypatch.setattr(denoise_task, "PACKET_EVENTS", 7)
    summary = run(plan_denoise(source, filters), tmp_path / "cut" / "copy.zarr")
    assert summary.failures == ()
    assert verify(tmp_path / "cut" / "copy.zarr").problems == ()
    before = eventsim.open_dataset(source)
    for name in ("whole", "cut"):
        for original, copy in zip(
            before, eventsim.open_dataset(tmp_path / name / "copy.zarr"), strict=True
        ):
            kept = filters[1](filters[0](original.events))
            assert 0 < len(kept) < len(original)
            assert copy.events == kept
            frames = original.frame_t_us
            assert np.array_equal(copy.frame_t_us, frames)
            stops = np.searchsorted(kept.t, frames, side="right")
            assert np.array_equal(copy.frame_event_index, stops)
            assert (copy.label, copy.split, copy.id) == (
                original.label, original.split, original.id,
            )  # fmt: skip
            dropped = len(original) - len(kept)
            words = f"{dropped:,} of {len(original):,} events were dropped as noise"
            assert words in copy.notes


def test_the_same_bytes_for_two_workers(source, tmp_path, monkeypatch):
    monkeypatch.setattr(dataset_parts, "PART_EVENTS", 1)
    for name, workers in (("one", 1), ("two", 2)):
        run(plan_denoise(source, [STCF()]), tmp_path / name / "copy.zarr", workers=workers)
    one, two = (files_in(tmp_path / name) for name in ("one", "two"))
    assert one == two
    assert len(one) > 20


def test_a_recording_that_fails_is_listed_and_stops_nothing(source, tmp_path, monkeypatch):
    def breaks(self, events):
        if len(events) == len(eventsim.open_dataset(source)[1]):
            raise ValueError("broken")
        return np.ones(len(events), bool)

    monkeypatch.setattr(Denoiser, "keep", breaks)
    summary = run(plan_denoise(source, [STCF()]), tmp_path / "copy.zarr")
    assert summary.recordings == 2
    assert "broken" in summary.failures[0][1]
    with pytest.raises(SourceError, match="broken"):
        run(plan_denoise(source, [STCF()]), tmp_path / "strict.zarr", strict=True)


@pytest.mark.parametrize("stop_after", [2, 9])
def test_a_run_that_was_killed_goes_on_within_a_recording(
    source, tmp_path, monkeypatch, stop_after
):
    filters = [HotPixelFilter(), STCF(1, 50_000)]
    few = len(eventsim.open_dataset(source)[0]) // 11
    monkeypatch.setattr(denoise_task, "PACKET_EVENTS", few)
    run(plan_denoise(source, filters), tmp_path / "whole" / "copy.zarr")
    monkeypatch.setattr(denoise_task, "CHECKPOINT_EVERY_S", 0.0)
    heard = []

    def stops(far):
        heard.append(far)
        if len(heard) == stop_after:
            raise KeyboardInterrupt

    out = tmp_path / "killed" / "copy.zarr"
    with pytest.raises(KeyboardInterrupt):
        run(plan_denoise(source, filters), out, progress=stops)
    monkeypatch.setattr(denoise_task, "CHECKPOINT_EVERY_S", 1e9)
    read = []
    real = denoise_task.Denoiser.keep
    monkeypatch.setattr(
        Denoiser, "keep", lambda self, events: (read.append(len(events)), real(self, events))[1]
    )
    far = []
    run(plan_denoise(source, filters), out, progress=far.append)
    total = sum(map(len, eventsim.open_dataset(source)))
    assert far[-1].done == far[-1].total == total
    seen_before = few * (stop_after - 1)  # what came after the last checkpoint is read again
    first_filter = read[::2]
    assert sum(first_filter) == total - seen_before
    files = [files_in(tmp_path / name / "copy.zarr") for name in ("whole", "killed")]
    assert files[0] == files[1]


def test_events_keep_their_objects(tmp_path):
    folder, masks = tmp_path / "frames", tmp_path / "masks"
    for k in range(6):
        frame, mask = np.full((24, 32), 60, np.uint8), np.zeros((24, 32), np.uint8)
        frame[6:18, 4 + 3 * k : 12 + 3 * k] = 220
        mask[6:18, 4 + 3 * k : 12 + 3 * k] = 7
        for home, picture in ((folder, frame), (masks, mask)):
            home.mkdir(exist_ok=True)
            Image.fromarray(picture).save(home / f"{k}.png")
    reading = Reading(size="source", fps=30.0, labels=str(masks))
    camera = choose_camera("ideal", "v2e-noisy", {"shot_noise_rate_hz": 50.0})
    run(plan_videos([Input(str(folder))], camera, reading=reading), tmp_path / "labeled.zarr")
    run(plan_denoise(tmp_path / "labeled.zarr", [STCF()]), tmp_path / "clean.zarr")
    (before,) = eventsim.open_dataset(tmp_path / "labeled.zarr")
    (after,) = eventsim.open_dataset(tmp_path / "clean.zarr")
    keep = Denoiser(STCF(), before.size).keep(before.events)
    assert 0 < keep.sum() < len(keep)
    assert np.array_equal(after.objects, before.objects[keep])
    assert set(after.objects) == {0, 7}
    assert verify(tmp_path / "clean.zarr").problems == ()
