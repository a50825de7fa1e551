"""Anonymized copies, written, and their originals back."""

import numpy as np
import pytest

import eventsim
from eventsim.camera import choose_camera
from eventsim.errors import SourceError
from eventsim.pipeline import anonymizer, dataset_parts
from eventsim.pipeline.anonymize_plan import plan_anonymize, plan_recover
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.run import run
from eventsim.pipeline.video_plan import plan_videos
from eventsim.sources.reading import Reading
from eventsim.store.reader import Recording
from eventsim.store.verify import verify
from eventsim.transforms import MaskBoxes, Thin
from eventsim.transforms.keyed import CipherPolarity, PermuteBlocks, PermutePixels

SECRET = bytes(range(32))
METHODS = [PermutePixels(rekey_us=20_000), CipherPolarity(), PermuteBlocks(4, None)]


@pytest.fixture(scope="module")
def source(clips, tmp_path_factory):
    out = tmp_path_factory.mktemp("anonymize") / "source.zarr"
    inputs = [
        Input(str(clip), label="walks", split="train", group=f"anna{k}", start_s=0.05)
        for k, clip in enumerate(clips)
    ]
    run(
        plan_videos(inputs, choose_camera("ideal", "v2e-noisy"), reading=Reading(size="source")),
        out,
    )
    return out


def files_in(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def same(one, other):
    fields = ("label", "split", "group", "source", "status", "notes", "duration_us", "seed", "id")
    return (
        one.events == other.events
        and np.array_equal(one.frame_t_us, other.frame_t_us)
        and np.array_equal(one.frame_event_index, other.frame_event_index)
        and all(getattr(one, name) == getattr(other, name) for name in fields)
    )


@pytest.mark.parametrize("piece", [4_000_000, 300])
def test_all_of_it_comes_back_with_the_key(source, tmp_path, monkeypatch, piece):
    monkeypatch.setattr(anonymizer, "PIECE_EVENTS", piece)
    hidden, back = tmp_path / "hidden.zarr", tmp_path / "back.zarr"
    assert run(plan_anonymize(source, METHODS, hidden, SECRET), hidden).failures == ()
    before, between = eventsim.open_dataset(source), eventsim.open_dataset(hidden)
    for one, other in zip(before, between, strict=True):
        assert len(one) == len(other)
        assert one.events != other.events
        assert other.frame_t_us.tolist() == [0, one.duration_us]
        assert (other.label, other.split, other.group) == ("walks", "train", "")
        assert (other.source, other.seed, other.id) == ("", 0, str(other.sample))
    assert verify(hidden).problems == ()
    run(plan_recover(hidden, SECRET), back)
    assert all(map(same, before, eventsim.open_dataset(back)))
    assert verify(back).problems == ()


def test_what_lost_something_is_not_undone_and_does_not_disturb(source, tmp_path):
    """The keyed methods have the keys of their places, behind those that are left out."""
    box = [(0, 0, 0, 10, 24), (400_000, 0, 0, 10, 24)]
    hidden, back, masked = (tmp_path / name for name in ("h.zarr", "b.zarr", "m.zarr"))
    methods = [MaskBoxes(box, hold_us=1e6), Thin(0.0), PermutePixels(), CipherPolarity()]
    run(plan_anonymize(source, methods, hidden, SECRET), hidden)
    run(plan_recover(hidden, SECRET), back)
    run(plan_anonymize(source, methods[:1], masked, SECRET), masked)
    for one, other, three in zip(*map(eventsim.open_dataset, (source, back, masked)), strict=True):
        mask = one.events.x >= 12  # with a margin of 15 % of 10 px
        assert other.events == one.events[mask]
        assert three.events.x.min() >= 12
    assert eventsim.open_dataset(back).attributes["recover"]["lost_by"] == [
        "MaskBoxes(margin=0.15, hold_us=1000000.0)", "Thin(share=0.0)"
    ]  # fmt: skip


def test_nothing_on_disk_tells_where_it_came_from(source, tmp_path):
    hidden = tmp_path / "hidden.zarr"
    run(plan_anonymize(source, [Thin(0.5), *METHODS], hidden, SECRET), hidden)
    names = [str(recording.seed) for recording in eventsim.open_dataset(source)]
    for path, data in files_in(hidden).items():
        for word in (*names, "clip", "anna", "source.zarr", str(tmp_path), SECRET.hex()):
            assert word.encode() not in data, path


def test_the_same_bytes_for_two_workers_and_after_a_stop(source, tmp_path, monkeypatch):
    monkeypatch.setattr(dataset_parts, "PART_EVENTS", 1)
    one, two = tmp_path / "a" / "hidden.zarr", tmp_path / "b" / "hidden.zarr"
    planned = plan_anonymize(source, [Thin(0.4), PermutePixels()], one, SECRET)
    run(planned, one)
    read = Recording.events_between

    def dies(self, first, last):
        if self.sample == 2:
            raise KeyboardInterrupt
        return read(self, first, last)

    run(planned, two, workers=2)
    assert files_in(one) == files_in(two)
    stopped = tmp_path / "c.zarr"
    keyed = plan_anonymize(source, [PermutePixels()], stopped, SECRET)
    with monkeypatch.context() as patched:
        patched.setattr(Recording, "events_between", dies)
        with pytest.raises(KeyboardInterrupt):
            run(keyed, stopped)
    again = plan_anonymize(source, [PermutePixels()], stopped, SECRET)
    assert again.how == keyed.how
    run(again, stopped)
    whole = tmp_path / "d" / "whole.zarr"
    run(keyed, whole)
    for one, other in zip(*map(eventsim.open_dataset, (stopped, whole)), strict=True):
        assert one.events == other.events


def test_no_two_recordings_of_any_copy_share_a_key(source, tmp_path, monkeypatch):
    monkeypatch.setattr(dataset_parts, "PART_EVENTS", 1)
    streams = []
    stream = anonymizer.EventKey.stream

    def noted(self, number, count):
        streams.append((self.secret, number))
        return stream(self, number, count)

    monkeypatch.setattr(anonymizer.EventKey, "stream", noted)
    for name in ("a.zarr", "b.zarr"):
        run(plan_anonymize(source, METHODS, tmp_path / name, SECRET), tmp_path / name)
    assert len(streams) > 50
    assert len(set(streams)) == len(streams)


def test_one_that_replaces_another_and_was_stopped_goes_on(source, tmp_path, monkeypatch):
    monkeypatch.setattr(dataset_parts, "PART_EVENTS", 1)
    out = tmp_path / "hidden.zarr"
    run(plan_anonymize(source, [PermutePixels()], out, SECRET), out)
    again = plan_anonymize(source, [PermutePixels()], out, SECRET)
    read = Recording.events_between

    def dies(self, first, last):
        if self.sample == 2:
            raise KeyboardInterrupt
        return read(self, first, last)

    with monkeypatch.context() as patched:
        patched.setattr(Recording, "events_between", dies)
        with pytest.raises(KeyboardInterrupt):
            run(again, out, overwrite=True)
    on = plan_anonymize(source, [PermutePixels()], out, SECRET)
    assert on.how == again.how
    run(on, out, overwrite=True)
    assert eventsim.open_dataset(out).attributes["anonymize"]["id"] == again.how.dataset_id


def test_labels_are_left_out_if_asked_for(source, tmp_path):
    out = tmp_path / "hidden.zarr"
    run(plan_anonymize(source, [Thin(0.5)], out, drop_labels=True), out)
    assert {recording.label for recording in eventsim.open_dataset(out)} == {""}
    assert eventsim.open_dataset(out)[0].notes == ()
    left = eventsim.open_dataset(out).attributes["anonymize"]["metadata_left"]
    assert left.startswith("splits, the size")


def test_a_failure_tells_nothing_of_its_source(source, tmp_path, monkeypatch):
    def fails(self, first, last):
        raise SourceError("/home/anna/clip.mp4 is bad")

    monkeypatch.setattr(Recording, "events_between", fails)
    out = tmp_path / "hidden.zarr"
    summary = run(plan_anonymize(source, METHODS, out, SECRET), out)
    assert [name for name, _ in summary.failures] == ["recording 0", "recording 1", "recording 2"]
    assert "SourceError" in summary.failures[0][1]
    assert not any(b"anna" in data for data in files_in(out).values())
    strict = tmp_path / "strict.zarr"
    planned = plan_anonymize(source, METHODS, strict, SECRET)
    with pytest.raises(SourceError, match=r"recording 0 failed: .*anna"):
        run(planned, strict, strict=True)


def test_a_recording_without_frames_comes_back_too(tmp_path):
    from eventsim.events import Events, Packet
    from eventsim.store.dataset import create_dataset
    from eventsim.store.finish import finish
    from eventsim.store.writer import PartWriter

    bare, hidden, back = (tmp_path / name for name in ("bare.zarr", "h.zarr", "b.zarr"))
    create_dataset(bare, {"version": "0"}, parts=1)
    writer = PartWriter(bare, 0)
    events = Events.of([5, 70_000, 10**9], [1, 2, 3], [0, 1, 2], [1, 0, 1], size=(5, 4))
    writer.begin_recording(size=(5, 4), source="x", seed=0)
    writer.write(Packet(events, np.empty(0, np.int64), np.empty(0, np.int64)))
    writer.end_recording()
    writer.commit()
    finish(bare)
    run(plan_anonymize(bare, [Thin(0.0), PermutePixels()], hidden, SECRET), hidden)
    run(plan_recover(hidden, SECRET), back)
    assert eventsim.open_dataset(back)[0].events == events
    assert len(eventsim.open_dataset(hidden)[0].frame_t_us) == 0
