import json
from pathlib import Path

import av
import numpy as np

from eventsim.cli.main import main
from eventsim.events import Events, Packet
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.writer import PartWriter


def write_dataset(path: Path, recordings: int) -> None:
    create_dataset(path, {"version": "0.1.0", "sensor": "ideal", "settings": {"a": 1}}, parts=1)
    writer = PartWriter(path, 0)
    events = Events.of([5, 6], [1, 2], [1, 1], [True, False], size=(4, 3))
    for i in range(recordings):
        writer.begin_recording(size=(4, 3), source=f"clip[{i}].mp4", seed=77, label="wave")
        writer.write(Packet(events, np.array([0, 2_000_000]), np.array([0, 2])))
        writer.end_recording(notes=["was cut"])
    writer.fail_recording("no video stream", source="bad.mp4")
    writer.commit()


def test_dataset(tmp_path, capsys):
    write_dataset(tmp_path / "o.zarr", 25)
    finish(tmp_path / "o.zarr")
    assert main(["info", str(tmp_path / "o.zarr")]) == 0
    said = capsys.readouterr().out
    assert "recordings 25" in said
    assert "events     50" in said
    assert "sensor     ideal" in said
    row = next(line for line in said.splitlines() if "clip[3].mp4" in line)
    assert row.split()[:6] == ["3", "clip[3].mp4", "4x3", "2.000", "2", "wave"]
    assert "... and 5 more" in said
    assert "note       clip[0].mp4: was cut" in said
    assert "failed     bad.mp4: no video stream" in said


def test_unfinished(tmp_path, capsys):
    create_dataset(tmp_path / "o.zarr", {"sensor": "ideal"}, parts=3)
    assert main(["info", str(tmp_path / "o.zarr")]) == 0
    assert "unfinished 0 of 3 parts are there" in capsys.readouterr().out


def test_video(tmp_path, capsys):
    """Ten frames at 50 Hz: the last at 180 ms."""
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=50)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for i in range(10):
            picture = np.full((24, 32, 3), 20 * i, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    assert main(["info", str(path)]) == 0
    said = capsys.readouterr().out
    assert "frames     10\n" in said
    assert "size       32x24" in said
    assert "times      0 to 180,000 us" in said
    assert "rate       50.000 frames/s" in said
    assert "black 16, white 235" in said


def test_not_a_video(tmp_path, capsys):
    (tmp_path / "a.mp4").write_text("words")
    assert main(["info", str(tmp_path / "a.mp4")]) == 2
    assert str(tmp_path / "a.mp4") in capsys.readouterr().err


def test_json(tmp_path, capsys):
    """All of it, and nothing but JSON."""
    write_dataset(tmp_path / "o.zarr", 25)
    finish(tmp_path / "o.zarr")
    assert main(["info", str(tmp_path / "o.zarr"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["sensor"], found["labels"], len(found["samples"])) == ("ideal", ["wave"], 25)
    assert found["failures"][0]["reason"] == "no video stream"
    assert found["samples"][3] | {"events": 2, "notes": ["was cut"]} == found["samples"][3]
