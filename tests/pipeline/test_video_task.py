import errno
from dataclasses import replace

import numpy as np
import pytest

from eventsim.camera import choose_camera
from eventsim.errors import SourceError, StoreError
from eventsim.events import Kind, SensorSize
from eventsim.frames import Encoding, Frame
from eventsim.pipeline import inputs, video_task
from eventsim.pipeline.video_plan import plan_videos
from eventsim.pipeline.video_task import VideoTask, convert_part
from eventsim.simulator import simulate, simulate_packets
from eventsim.sources import batches as batches_module
from eventsim.sources.reading import Reading
from eventsim.store.dataset import committed_parts, create_dataset
from eventsim.store.finish import finish
from eventsim.store.reader import open_dataset
from eventsim.store.verify import verify

CAMERA = choose_camera("ideal", "card", {})


class Failing:
    """A source that gives some frames and then fails."""

    size = SensorSize(32, 24)
    encoding = Encoding()
    expected_frames = None
    lost_frames = 2
    notes = ("two were lost",)

    def __init__(self, frames, error):
        self.frames, self.error = frames, error

    def __iter__(self):
        for i in range(self.frames):
            yield Frame(i * 1000, np.full((24, 32), 50 + 40 * (i % 2), np.uint8))
        if self.error:
            raise self.error


def convert(path, clips, monkeypatch, sources):
    """Convert a part in which the sources of this list stand in for files of the same name."""
    real = inputs.open_source
    monkeypatch.setattr(
        inputs, "open_source", lambda p, r, **how: sources.get(p) or real(p, r, **how)
    )
    made = plan_videos([*sources, *clips], CAMERA)
    create_dataset(path, made.attributes(), parts=1)
    written = convert_part(VideoTask(path, 0, made.parts[0], CAMERA, Reading()))
    finish(path)
    return written, open_dataset(path)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SourceError("the end is missing"), "the end is missing"),
        (ValueError("two\nlines"), "ValueError at test_video_task.py:"),
    ],
)
def test_failure_on_the_way(tmp_path, clips, monkeypatch, error, words):
    """What was written of it is taken back, and the others are there."""
    sources = {"bad": Failing(50, error)}
    (frames, events), dataset = convert(tmp_path / "o", clips[:1], monkeypatch, sources)
    assert [r.source_path for r in dataset] == [clips[0]]
    assert dataset.failures[0]["source"].endswith("/bad")
    assert words in dataset.failures[0]["reason"]
    assert "\n" not in dataset.failures[0]["reason"]
    assert frames == 40
    assert events == len(dataset[0]) > 0


def test_full_disk_is_not_the_fault_of_the_input(tmp_path, clips, monkeypatch):
    """It may also come out of the simulation, where the compiler keeps its cache."""
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(StoreError, match="No space left"):
        convert(tmp_path / "o", clips[:1], monkeypatch, {"bad": Failing(50, full)})
    assert committed_parts(tmp_path / "o") == set()


def test_lost_frames_make_it_partial(tmp_path, clips, monkeypatch):
    _, dataset = convert(tmp_path / "o", clips[:1], monkeypatch, {"lossy": Failing(9, None)})
    assert [r.status for r in dataset] == ["partial", "ok"]
    assert dataset[0].notes == ("two were lost",)


def test_no_frame_at_all(tmp_path, clips, monkeypatch):
    _, dataset = convert(tmp_path / "o", clips[:1], monkeypatch, {"empty": Failing(0, None)})
    assert dataset.failures[0]["reason"] == "not one frame could be read"


def test_steps_add_up(tmp_path, clips):
    made = plan_videos(clips, CAMERA)
    create_dataset(tmp_path / "o", {}, parts=1)
    steps = []
    task = VideoTask(tmp_path / "o", 0, made.parts[0], CAMERA, Reading(), threads=1)
    frames, events = convert_part(task, lambda *step: steps.append(step))
    assert sum(step[0] for step in steps) == frames == 120
    assert sum(step[1] for step in steps) == events > 0
    assert {step[2] for step in steps} == {str(clip) for clip in clips}
    assert committed_parts(tmp_path / "o") == {0}


EVERY_STAGE = Reading(
    slow_motion=2, run_in_s=0.1, upsample="flow", upsample_most=20, rolling_shutter_us=12_000,
    day_to_night=500, flicker_hz=100, flicker_depth=0.1,
)  # fmt: skip


@pytest.fixture
def moving(tmp_path):
    """A textured picture that moves by 4 px a frame, and a cut, as a folder of images."""
    cv2 = pytest.importorskip("cv2")
    rng = np.random.default_rng(7)
    scenes = cv2.GaussianBlur(rng.random((2, 80, 200)).transpose(1, 2, 0), (0, 0), 2)
    scenes = ((scenes - scenes.min()) / np.ptp(scenes) * 230 + 10).astype(np.uint8)
    folder = tmp_path / "moving"
    folder.mkdir()
    for k in range(8):
        view = scenes[10:70, 4 * k : 4 * k + 80, k // 4]
        cv2.imwrite(str(folder / f"{k}.png"), view)
    return folder


def test_with_every_stage_on_the_same_bits_however_it_is_made(tmp_path, moving, monkeypatch):
    """Threads, batches, and a kill after which it goes on from a checkpoint."""
    camera = choose_camera("davis346", overrides={"readout_model": "row-latch"})
    reading = replace(EVERY_STAGE, fps=25, size=(80, 60))
    plan = plan_videos([moving], camera, reading=reading)

    def made(name, threads=1, interrupt=None):
        out = tmp_path / name
        create_dataset(out, plan.attributes(), parts=1)
        task = VideoTask(out, 0, plan.parts[0], camera, reading, threads, strict=True)
        if interrupt is not None:
            write, count = video_task.write_checkpoint, []

            def stop(*given):
                write(*given)
                count.append(1)
                if len(count) == interrupt:
                    raise KeyboardInterrupt

            with monkeypatch.context() as patched:
                patched.setattr(video_task, "write_checkpoint", stop)
                patched.setattr(video_task, "CHECKPOINT_EVERY_S", 0.0)
                with pytest.raises(KeyboardInterrupt):
                    convert_part(task)
        convert_part(task)
        finish(out)
        return open_dataset(out)[0]

    first = made("first")
    events = first.events
    assert len(events) > 5_000
    assert {Kind.SIGNAL, Kind.SHOT, Kind.HOT} == set(events.kind.tolist())
    said = " ".join(first.notes)
    for words in ("between frames", "new scenes began", "darkened to 500 lux"):
        assert words in said
    monkeypatch.setattr(batches_module, "BATCH_FRAMES", 3)
    for name, how in (("threads", {"threads": 3}), ("killed", {"interrupt": 4})):
        again = made(name, **how)
        assert again.events == events
        assert np.array_equal(again.frame_t_us, first.frame_t_us)


def test_settings_that_are_drawn_are_written_down(tmp_path, clips):
    """Each recording has its own; they say what they drew, and are made again from that."""
    spread = {"contrast_threshold_on": "uniform(0.1, 0.4)", "leak_rate_hz": "choice(0, 3)"}
    camera = choose_camera("ideal", overrides=spread)
    plan = plan_videos(clips, camera)
    create_dataset(tmp_path / "o", plan.attributes(), parts=len(plan.parts))
    for task in plan.tasks(tmp_path / "o", set(), 1):
        convert_part(task)
    finish(tmp_path / "o")
    dataset = open_dataset(tmp_path / "o")
    assert dataset.attributes["settings"]["contrast_threshold_on"] == "uniform(0.1, 0.4)"
    thresholds = [recording.drawn["contrast_threshold_on"] for recording in dataset]
    assert len(set(thresholds)) == len(clips)
    for recording in dataset:
        again = simulate(
            recording.source_path, sensor="ideal", seed=recording.seed, **recording.drawn
        )
        assert recording.events == again
        asked = simulate(recording.source_path, sensor="ideal", seed=recording.seed, **spread)
        assert recording.events == asked


def test_labels_ride_on_events_through_every_stage(tmp_path, moving, monkeypatch):
    """Objects of a mask that moves along: most events of its square are its own, and none else."""
    masks = tmp_path / "masks"
    masks.mkdir()
    cv2 = pytest.importorskip("cv2")
    for k in range(8):
        ids = np.zeros((60, 80), np.uint8)
        ids[20:40, 40 - 4 * (k % 4) : 60 - 4 * (k % 4)] = 7
        cv2.imwrite(str(masks / f"{k}.png"), ids)
    camera = choose_camera("ideal")
    reading = Reading(fps=25, size=(80, 60), upsample="flow", labels=str(masks), slow_motion=2,
                      rolling_shutter_us=3000, flicker_hz=100, flicker_depth=0.01)  # fmt: skip
    plan = plan_videos([moving], camera, reading=reading)
    create_dataset(tmp_path / "o", plan.attributes(), parts=1)
    (task,) = plan.tasks(tmp_path / "o", set(), 2)
    convert_part(task)
    finish(tmp_path / "o")
    assert verify(tmp_path / "o").problems == ()
    recording = open_dataset(tmp_path / "o")[0]
    events, objects = recording.events, recording.objects
    assert objects.dtype == np.uint16
    assert len(objects) == len(events) > 3000
    t = (events.t - 3000 * events.y / 59) / 20_000  # in frames of the first scene
    first = t < 3
    left = 40 - 4 * t
    inside = (events.y >= 20) & (events.y < 40) & (events.x >= left + 1) & (events.x < left + 19)
    outside = (events.y < 19) | (events.y > 40) | (events.x < left - 6) | (events.x > left + 26)
    assert np.all(objects[first & inside] == 7)
    assert not objects[first & outside].any()
    packets = list(simulate_packets(moving, sensor="ideal", seed=recording.seed, **{
        name: getattr(reading, name) for name in (
            "fps", "size", "upsample", "labels", "slow_motion", "rolling_shutter_us", "flicker_hz",
            "flicker_depth")}))  # fmt: skip
    assert np.array_equal(np.concatenate([packet.objects for packet in packets]), objects)


def test_progress_counts_the_frames_of_the_file(tmp_path, moving):
    """However many are put in between; so the time left is known."""
    plan = plan_videos([moving], CAMERA, reading=Reading(fps=25, size=(80, 60), upsample="flow"))
    assert plan.frames == 8
    create_dataset(tmp_path / "o", plan.attributes(), parts=1)
    (task,) = plan.tasks(tmp_path / "o", set(), 1)
    steps = []
    frames, events = convert_part(task, lambda done, made, name: steps.append((done, made)))
    finish(tmp_path / "o")
    recording = open_dataset(tmp_path / "o")[0]
    assert len(recording.frame_t_us) > 20
    assert frames == sum(done for done, _ in steps) == 8
    assert events == sum(made for _, made in steps) == len(recording)
    assert all(done >= 0 for done, _ in steps)
    assert sum(done > 0 for done, _ in steps) > 2


def test_a_dataset_without_labels_has_no_objects(tmp_path, clips, monkeypatch):
    _, dataset = convert(tmp_path / "o", clips[:1], monkeypatch, {})
    assert dataset[0].objects is None
