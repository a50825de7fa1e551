import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import eventsim
from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, StoreError, StoreExistsError
from eventsim.pipeline import video_plan as planning
from eventsim.pipeline.run import run
from eventsim.pipeline.video_plan import plan_videos
from eventsim.store.dataset import create_dataset
from eventsim.store.reader import open_dataset
from eventsim.store.verify import verify
from eventsim.store.writer import PartWriter

CAMERA = choose_camera("ideal", "v2e-noisy", {})


@pytest.fixture
def a_part_each(monkeypatch):
    monkeypatch.setattr(planning, "PART_EVENTS", 1)


def test_equals_simulate(tmp_path, clips):
    """The dataset holds what `simulate` gives with the recording's own seed."""
    summary = run(plan_videos(clips, CAMERA, seed=3), tmp_path / "o.zarr", threads=1)
    dataset = open_dataset(tmp_path / "o.zarr")
    for recording, clip in zip(dataset, clips, strict=True):
        expected = eventsim.simulate(clip, sensor="ideal", noise="v2e-noisy", seed=recording.seed)
        assert recording.events == expected
        assert len(expected) > 1000
    assert summary.events == sum(len(r) for r in dataset)
    assert summary.on == sum(int(r.events.p.sum()) for r in dataset)
    assert sum(summary.kinds.values()) == summary.events
    assert summary.pixel_seconds == pytest.approx(3 * 32 * 24 * 0.39)
    assert (summary.recordings, summary.frames, summary.failures) == (3, 120, ())
    assert verify(tmp_path / "o.zarr").problems == ()


@pytest.mark.usefixtures("a_part_each")
def test_any_number_of_workers_gives_the_same_bytes(tmp_path, clips, broken, tree):
    made = plan_videos([clips[0], broken, clips[1]], CAMERA)
    assert len(made.parts) == 3
    calls = []
    one = run(made, tmp_path / "1.zarr", threads=2)
    two = run(made, tmp_path / "2.zarr", workers=2, progress=calls.append)
    assert tree(tmp_path / "1.zarr") == tree(tmp_path / "2.zarr")
    assert one == two
    assert calls[-1][:2] == (80, 80)
    assert [source for source, _ in two.failures] == [broken.name]


FULL = """
import resource, sys
from eventsim.errors import StoreError
from eventsim.sources.reading import Reading
from eventsim.pipeline.video_plan import plan_videos
from eventsim.pipeline.run import run
from eventsim.pixel.array import warm_up
from eventsim.camera import choose_camera
if __name__ == "__main__":
    warm_up()
    camera = choose_camera("davis346", "v2e-noisy", {})
    made = plan_videos(sys.argv[3:], camera)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    try:
        run(made, sys.argv[1], workers=int(sys.argv[2]))
    except StoreError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit on the size of a file")
def test_full_disk_in_a_worker_is_one_line_and_can_be_gone_on_with(tmp_path, clips):
    """No file above 100 kB: the system refuses to write more."""
    script, out = tmp_path / "full.py", tmp_path / "o.zarr"
    script.write_text(FULL)
    command = [sys.executable, str(script), str(out), "2", *map(str, clips)]
    # A script does not look for packages where it is run, unlike -c.
    where = {**os.environ, "PYTHONPATH": str(Path(eventsim.__file__).parents[1])}
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=60, env=where
    )
    assert "failed: File too large. Free some space" in done.stdout
    assert (done.stdout.count("\n"), done.stderr) == (1, "")
    camera = choose_camera("davis346", "v2e-noisy", {})
    assert run(plan_videos(clips, camera), out, threads=1).recordings == 3


KILLED = """
import os, signal, sys
from eventsim.pipeline import video_plan as planning
from eventsim.pipeline.run import run
from eventsim.camera import choose_camera
planning.PART_EVENTS = 1
left = int(sys.argv[1])
def progress(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
made = planning.plan_videos(sys.argv[3:], choose_camera("ideal", "v2e-noisy", {}))
run(made, sys.argv[2], progress=progress)
"""


@pytest.mark.usefixtures("a_part_each")
@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_killed_and_run_again(tmp_path, clips, tree):
    """Killed in the first part, in the second and in the third, one run after the other."""
    whole, killed = tmp_path / "whole.zarr", tmp_path / "killed.zarr"
    made = plan_videos(clips, CAMERA)
    calls = []
    run(made, whole, progress=calls.append)
    a_part = len(calls) // 3
    parts = []
    for moment in (1, a_part + 1, a_part + 1):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(moment), str(killed), *map(str, clips)], timeout=60
        )
        assert done.returncode == -9
        parts.append(len(list(killed.glob("parts/*/commit"))))
    assert parts == [0, 1, 2]
    again = []
    run(made, killed, progress=again.append)
    assert again[-1][:2] == (40, 40)  # only what was left
    assert tree(killed) == tree(whole)


def test_part_that_was_begun_is_written_anew(tmp_path, clips, tree):
    out = tmp_path / "o.zarr"
    made = plan_videos(clips[:1], CAMERA)
    create_dataset(out, made.attributes(), parts=1)
    PartWriter(out, 0)
    (out / f"zarr.{'0a' * 16}.partial").write_text("torn")
    run(made, out, threads=1)
    run(made, tmp_path / "whole.zarr", threads=1)
    assert tree(out) == tree(tmp_path / "whole.zarr")


def test_void_dataset_is_begun_anew(tmp_path, clips):
    """One in which every input failed on the way does not stand in the way of a better run."""
    out = tmp_path / "o.zarr"
    short = tmp_path / "clip.mp4"
    short.write_bytes(clips[0].read_bytes())
    made = plan_videos([short], CAMERA)
    short.write_text("it broke after it was looked at")
    summary = run(made, out, threads=1)
    assert (summary.recordings, summary.failures[0][0]) == (0, short.name)
    assert run(plan_videos(clips[:1], CAMERA), out, threads=1).recordings == 1


def test_two_processes_do_not_write_to_one_dataset(tmp_path, clips):
    fcntl = pytest.importorskip("fcntl")
    out = tmp_path / "o.zarr"
    made = plan_videos(clips[:1], CAMERA)
    create_dataset(out, made.attributes(), parts=1)
    handle = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="another process is writing"):
            run(made, out)
    finally:
        os.close(handle)


def test_a_worker_that_cannot_live_is_refused(tmp_path, clips):
    with pytest.raises(ConfigError, match="needs 300 MB of memory"):
        run(plan_videos(clips[:1], CAMERA), tmp_path / "o.zarr", workers=2, memory_bytes=50 * 10**6)
    assert not (tmp_path / "o.zarr").exists()


def test_wrong_number_of_workers(tmp_path, clips):
    with pytest.raises(ConfigError, match="workers"):
        run(plan_videos(clips[:1], CAMERA), tmp_path / "o.zarr", workers=0)
    assert not (tmp_path / "o.zarr").exists()


@pytest.mark.usefixtures("a_part_each")
def test_the_same_bytes_wherever_it_is_made_and_gone_on_with(
    tmp_path, clips, broken, monkeypatch, tree
):
    """Two machines with other folders: one begins, the other one goes on."""
    homes = [tmp_path / "a" / "deep", tmp_path / "b"]
    for home in homes:
        home.mkdir(parents=True)
        for file in (*clips, broken):
            (home / file.name).write_bytes(file.read_bytes())
    names = [broken.name, *(clip.name for clip in clips)]
    run(plan_videos([homes[0] / name for name in names], CAMERA), homes[0] / "o.zarr", threads=1)
    monkeypatch.chdir(homes[1])
    run(plan_videos(names, CAMERA), "o.zarr", threads=1)
    assert tree(homes[0] / "o.zarr") == tree(homes[1] / "o.zarr")
    for data in tree(homes[0] / "o.zarr").values():
        assert str(tmp_path).encode() not in data
    unfinished = homes[1] / "p.zarr"
    made = plan_videos([homes[0] / name for name in names], CAMERA)
    create_dataset(unfinished, made.attributes(), parts=len(made.parts))
    run(plan_videos(names, CAMERA), unfinished, threads=1)
    assert tree(unfinished) == tree(homes[1] / "o.zarr")


def test_a_replacement_that_was_cut_off_is_gone_on_with(tmp_path, clips, tree):
    """Without --overwrite, too; the old one is whole until then."""
    out = tmp_path / "o.zarr"
    old = plan_videos(clips[:1], CAMERA)
    run(old, out, threads=1)
    before = tree(out)
    new = plan_videos(clips[1:], CAMERA, seed=4)

    class Killed(BaseException):
        pass

    def progress(*_):
        raise Killed

    with pytest.raises(Killed):
        run(new, out, threads=1, overwrite=True, progress=progress)
    assert {name: data for name, data in tree(out).items() if name in before} == before
    assert len(open_dataset(out)) == 1
    with pytest.raises(StoreExistsError, match="add --overwrite"):
        run(plan_videos(clips, CAMERA, seed=5), out)
    run(new, out, threads=1)
    run(new, tmp_path / "whole.zarr", threads=1)
    assert tree(out) == tree(tmp_path / "whole.zarr")


def test_a_dataset_of_an_earlier_format_is_replaced(tmp_path, clips, tree):
    """That is what the line says that refuses it; without --overwrite it is kept."""
    out = tmp_path / "o.zarr"
    planned = plan_videos(clips[:1], CAMERA)
    run(planned, out, threads=1)
    whole = tree(out)
    node = json.loads((out / "zarr.json").read_text())
    for finished in (True, False):
        node["attributes"] |= {"format_version": 1, "finished": finished, "version": "0.3.0"}
        (out / "zarr.json").write_text(json.dumps(node))
        with pytest.raises(StoreError, match="run the command that made it with --overwrite"):
            open_dataset(out)
        with pytest.raises((StoreExistsError, ConfigError), match="add --overwrite"):
            run(planned, out, threads=1)
        run(planned, out, threads=1, overwrite=True)
        assert tree(out) == whole


@pytest.mark.parametrize("noise", ["v2e-clean", "v2e-noisy"])
def test_killed_within_a_recording(tmp_path, make_clip, tree, monkeypatch, noise):
    """It goes on from the last checkpoint in its middle: after a recording and a bad input."""
    camera = choose_camera("ideal", noise, {})
    bad = tmp_path / "bad.mp4"
    bad.write_text("no video")
    inputs = [make_clip(tmp_path / "a.mp4"), bad, make_clip(tmp_path / "long.mp4", frames=1200),
              make_clip(tmp_path / "z.mp4")]  # fmt: skip
    made = plan_videos(inputs, camera)
    run(made, tmp_path / "whole.zarr", threads=1)
    monkeypatch.setattr("eventsim.pipeline.video_task.CHECKPOINT_EVERY_S", 0.0)
    out = tmp_path / "o.zarr"

    class Killed(BaseException):
        pass

    for stop in (500, 900):
        calls = []

        def progress(far, stop=stop, calls=calls):
            calls.append(far.done)
            if far.done > stop:
                raise Killed

        with pytest.raises(Killed):
            run(made, out, threads=1, progress=progress)
    assert calls[0] > 300  # of the second run: what the first one did is not done again
    last = []
    run(made, out, threads=1, progress=lambda far: last.append(far.done))
    assert last[0] > 700
    assert last[-1] == 1240  # the first recording was written in the first run
    assert tree(out) == tree(tmp_path / "whole.zarr")
