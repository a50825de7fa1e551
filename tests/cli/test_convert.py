import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest

from eventsim.cli.convert import convert, split_paths
from eventsim.cli.main import main
from eventsim.cli.options import CameraFlags
from eventsim.errors import ConfigError
from eventsim.shipped import find
from eventsim.store.reader import open_dataset

RUN = "from eventsim.cli.main import main; raise SystemExit(main())"


def write_clip(path: Path, frames: int) -> Path:
    """A bar that moves two columns a frame over 32x24 pixels, 100 frames/s."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=100, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for i in range(frames):
            picture = np.full((24, 32, 3), 40, np.uint8)
            picture[:, 2 * i % 28 : 2 * i % 28 + 4] = 220
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return write_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", 40)


def test_convert(tmp_path, clip, capsys):
    out = tmp_path / "out.zarr"
    arguments = ["convert", str(clip), str(out), "--sensor", "ideal", "--label", "bar"]
    assert main([*arguments, "--set", "leak_rate_hz=0", "--seed", "4"]) == 0
    said = capsys.readouterr().out
    assert "1 input, 40 frames" in said
    assert "ideal, noise card, 32x24" in said
    dataset = open_dataset(out)
    assert dataset.attributes["seed"] == 4
    assert dataset.attributes["settings"]["leak_rate_hz"] == 0
    assert dataset[0].label == "bar"
    assert f"events  {len(dataset[0]):,}, " in said
    assert main(arguments) == 2
    assert "add --overwrite" in capsys.readouterr().err
    assert main([*arguments, "--overwrite", "--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_function_is_what_the_command_is(tmp_path, clip, capsys):
    """Another command, or a notebook, can call it with the same words."""
    code = convert(clip, tmp_path / "o.zarr", camera=CameraFlags(sensor="ideal", noise="v2e-clean"))
    assert code == 0
    assert open_dataset(tmp_path / "o.zarr").attributes["noise"] == "v2e-clean"
    assert "noise v2e-clean" in capsys.readouterr().out


def test_size_and_sensor(tmp_path, clip):
    assert main(["convert", str(clip), str(tmp_path / "a.zarr"), "-q", "--size", "source"]) == 0
    assert main(["convert", str(clip), str(tmp_path / "b.zarr"), "-q", "--size", "20x10"]) == 0
    assert main(["convert", str(clip), str(tmp_path / "c.zarr"), "-q", "--stop", "0.1"]) == 0
    sizes = [open_dataset(tmp_path / f"{n}.zarr")[0].size for n in "abc"]
    assert sizes == [(32, 24), (20, 10), (346, 260)]
    assert len(open_dataset(tmp_path / "c.zarr")[0].frame_t_us) == 10


def test_some_inputs_fail(tmp_path, clip, capsys):
    bad = tmp_path / "bad.mp4"
    bad.write_text("no video")
    out = tmp_path / "out.zarr"
    arguments = ["convert", str(bad), str(clip), "missing.mp4", str(out), "--sensor", "ideal"]
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert len(open_dataset(out)) == 1
    failed = [line for line in said.err.splitlines() if line.startswith("eventsim: failed: ")]
    assert [str(bad) in failed[0], "missing.mp4" in failed[1], len(failed)] == [True, True, 2]


def test_paths():
    assert split_paths((Path("a"), Path("b"), Path("c.zarr"))) == (
        (Path("a"), Path("b")),
        Path("c.zarr"),
    )
    with pytest.raises(ConfigError, match="found 1 of them"):
        split_paths((Path("c.zarr"),))


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_ctrl_c_stops_promptly_and_goes_on(tmp_path):
    """Interrupted once the first events are on their way; the second run ends it."""
    clip = write_clip(tmp_path / "long.mp4", 1500)
    out = tmp_path / "out.zarr"
    command = [sys.executable, "-c", RUN, "convert", str(clip), str(out), "--sensor", "imx636"]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 60
        while not any(out.glob(".attempts/*/*/step/c/*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        started = time.monotonic()
        os.kill(process.pid, signal.SIGINT)
        assert process.stderr
        said = process.stderr.read()
        assert process.wait(30) == 130
    assert time.monotonic() - started < 10
    assert said.strip() == "eventsim: stopped; run the same command again to resume"
    attributes = json.loads((out / "zarr.json").read_text())["attributes"]
    assert attributes["finished"] is False
    assert not (out / "parts/00000/commit").exists()


@pytest.mark.parametrize(
    "flags", [("--threads", "0"), ("--start", "5"), ("--stop", "0.0"), ("--size", "32767x32767")]
)
def test_overwrite_keeps_the_dataset_if_the_arguments_cannot_work(tmp_path, clip, flags):
    out = tmp_path / "out.zarr"
    assert main(["convert", str(clip), str(out), "--sensor", "ideal", "-q"]) == 0
    events = open_dataset(out)[0].events
    assert main(["convert", str(clip), str(out), "--overwrite", "-q", *flags]) == 2
    assert open_dataset(out)[0].events == events


def test_an_input_in_the_output_is_refused(tmp_path, clip):
    out = tmp_path / "out.zarr"
    assert main(["convert", str(clip), str(out), "--sensor", "ideal", "-q"]) == 0
    inside = out / "parts" / "clip.mp4"
    inside.write_bytes(clip.read_bytes())
    assert main(["convert", str(inside), str(out), "--overwrite", "-q"]) == 2
    assert inside.exists()


def test_a_folder_of_class_folders(tmp_path, clip, capsys):
    """Splits and labels from the folders, a bad file among them, on a cluster of two workers."""
    for name in ("train/walk/a.mp4", "train/run/b.mp4", "test/walk/a.mp4"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(clip.read_bytes())
    (tmp_path / "in/train/run/bad.mp4").write_text("no video")
    (tmp_path / "in/train/list.txt").touch()
    out = tmp_path / "out.zarr"
    arguments = ["convert", str(tmp_path / "in"), str(out), "--sensor", "ideal"]
    assert main([*arguments, "--workers", "2", "--memory", "1GB"]) == 1
    captured = capsys.readouterr()
    assert "list.txt is not a video and was left out" in captured.out
    assert "bad.mp4" in captured.err
    found = [(r.id, r.label, r.split, r.group, r.sample) for r in open_dataset(out)]
    assert found == [
        ("train/run/b", "run", "train", "train/run/b", 0),
        ("train/walk/a", "walk", "train", "train/walk/a", 2),
        ("test/walk/a", "walk", "test", "test/walk/a", 3),
    ]
    assert main([*arguments[:2], str(tmp_path / "t.zarr"), "--split", "test", "-q"]) == 0
    assert [r.id for r in open_dataset(tmp_path / "t.zarr")] == ["test/walk/a"]


def test_a_table(tmp_path, clip, capsys):
    table = tmp_path / "list.csv"
    table.write_text(f"path,id,start_s\n{clip},late,0.2\n{clip},whole,\n")
    out = tmp_path / "out.zarr"
    arguments = ["convert", "--manifest", str(table), str(out), "--sensor", "ideal", "-q"]
    assert main([*arguments, "--split", "0/1/0", "--label", "bar"]) == 0
    dataset = open_dataset(out)
    assert [(r.id, r.split, r.label) for r in dataset] == [
        ("late", "val", "bar"), ("whole", "val", "bar")
    ]  # fmt: skip
    assert [len(r.frame_t_us) for r in dataset] == [20, 40]
    for wrong, words in (("0.5/0.5", "three shares"), ("some", "--split must be"), ("test", "no")):
        assert main([*arguments, "--overwrite", "--split", wrong]) == 2
        assert words in capsys.readouterr().err


def test_twins_of_a_video(tmp_path, capsys):
    out = tmp_path / "twins.zarr"
    words = ["convert", str(find("bigbuckbunny.mp4")), str(out), "--size", "24x18", "--stop", "0.3"]
    assert main([*words, "--twin", "leak_rate_hz=5,leak_jitter=0"]) == 0
    dataset = open_dataset(out)
    assert [r.id for r in dataset] == ["bigbuckbunny", "bigbuckbunny-twin"]
    command = next(
        line for line in (out / "README.md").read_text().splitlines() if "again.zarr" in line
    )
    assert "--twin leak_jitter=0 --twin leak_rate_hz=5" in command
    assert (out / "card" / "manifest.csv").read_text().count("\n") == 2
    capsys.readouterr()
    for more, said in (
        (["--twin", "leak"], "--twin must be name=number"),
        (["--twin", "leak_rate_hz=5", "--append"], "adds no twins"),
        (["--twin", "leak_rate_hz=5", "--method", "i2e"], "--twin is for videos"),
    ):
        assert main([*words, *more]) == 2
        assert said in capsys.readouterr().err


def test_slow_motion_and_times_that_look_wrong(tmp_path, clip, capsys):
    """100 frames/s stored, 4 times slower than the world; then as if it were 3 frames/s."""
    out = tmp_path / "fast.zarr"
    assert main(["convert", str(clip), str(out), "--slow-motion", "4", "--size", "source"]) == 0
    assert open_dataset(out)[0].frame_t_us[:3].tolist() == [0, 2500, 5000]
    assert "frames/s:" not in capsys.readouterr().out
    arguments = ["convert", str(clip), str(tmp_path / "lapse.zarr"), "--slow-motion", "0.03"]
    assert main([*arguments, "--size", "source"]) == 0
    assert "3 frames/s: what moves between frames that far apart" in capsys.readouterr().out


def test_help_in_groups(capsys):
    """What a newcomer looks for first comes first."""
    main(["convert", "--help"])
    said = capsys.readouterr().out
    places = [said.index(f"─ {name} ─") for name in
              ("Input", "Camera", "Still images", "Run", "Dataset card")]  # fmt: skip
    flags = ("--label", "--sensor", "--method", "--workers", "--license")
    inside = [said.index(f"│ {flag} ") for flag in flags]
    assert places == sorted(places)
    assert all(place < flag for place, flag in zip(places, inside, strict=True))
    assert all(flag < place for place, flag in zip(places[1:], inside, strict=False))
    assert "─ Parameters ─" not in said


def test_wrong_times_are_warned_of_before_the_work_begins(tmp_path, capsys):
    """Milliseconds where microseconds are expected: 33 frames in 1 ms."""
    frames = tmp_path / "frames"
    frames.mkdir()
    for i in range(6):
        picture = np.full((8, 8), 40 * i + 20, np.uint8)
        (frames / f"{i}.pgm").write_bytes(b"P5 8 8 255\n" + picture.tobytes())
    (tmp_path / "times.csv").write_text("\n".join(str(33 * i) for i in range(6)))
    arguments = ["convert", str(frames), str(tmp_path / "o.zarr"), "--size", "source"]
    assert main([*arguments, "--times", str(tmp_path / "times.csv")]) == 0
    said = capsys.readouterr().out
    assert "30,303 frames/s: are the times in milliseconds?" in said
    assert said.index("warning") < said.index("wrote")
