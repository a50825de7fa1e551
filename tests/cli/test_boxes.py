"""`eventsim boxes`: a table of labeled objects, which makes a detection set of an export."""

import json

import cv2
import numpy as np
import pytest

import eventsim
from eventsim.cli.main import main
from eventsim.formats.detection import read_detections
from eventsim.transforms.boxes import read_boxes


@pytest.fixture
def frames(tmp_path):
    """A square that moves by 5 px a frame, and a COCO file that says that it is a box."""
    folder = tmp_path / "frames"
    folder.mkdir()
    rng = np.random.default_rng(3)
    ground = cv2.GaussianBlur(rng.integers(0, 120, (60, 90)).astype(np.float32), (0, 0), 2)
    square = cv2.GaussianBlur(rng.integers(120, 255, (24, 24)).astype(np.float32), (0, 0), 1)
    images, annotations = [], []
    for k in range(4):
        picture = ground.copy()
        x = 10 + 5 * k
        picture[20:44, x : x + 24] = square
        cv2.imwrite(str(folder / f"{k}.png"), picture.astype(np.uint8))
        images.append({"id": k, "file_name": f"{k}.png"})
        annotations.append(
            {"image_id": k, "bbox": [x, 20, 24, 24], "track_id": 6, "category_id": 3}
        )
    categories = [{"id": 3, "name": "crate"}]
    content = {"images": images, "annotations": annotations, "categories": categories}
    (tmp_path / "coco.json").write_text(json.dumps(content))
    return folder


def options(frames):
    return ["--fps", "25", "--size", "source", "--labels", str(frames.parent / "coco.json")]


def test_a_row_for_each_object_and_frame(frames, tmp_path, capsys):
    out = tmp_path / "boxes.csv"
    assert main(["boxes", str(frames), str(out), *options(frames)]) == 0
    assert "4 boxes of 1 objects" in capsys.readouterr().out
    assert [tuple(box) for box in read_boxes(out)] == [
        (40_000 * k, 10 + 5 * k, 20, 34 + 5 * k, 44, "frames", "crate", 6, 1.0) for k in range(4)
    ]


def test_boxes_move_along_in_between_and_slow_motion_counts(frames, tmp_path):
    out = tmp_path / "boxes.csv"
    how = ["--upsample", "flow", "--slow-motion", "2"]
    assert main(["boxes", str(frames), str(out), *options(frames), *how]) == 0
    boxes = read_boxes(out)
    assert len(boxes) > 10
    for box in boxes:
        assert box.x0 == pytest.approx(10 + 5 * box.t_us / 20_000, abs=2)
        assert box.x1 - box.x0 == pytest.approx(24, abs=3)


def test_a_detection_set_of_it(frames, tmp_path):
    """Events and boxes as RVT has them; the events in the boxes are those of the object."""
    pytest.importorskip("h5py")
    table, made, out = tmp_path / "boxes.csv", tmp_path / "a.zarr", tmp_path / "set"
    assert main(["boxes", str(frames), str(table), *options(frames)]) == 0
    convert = ["convert", str(frames), str(made), *options(frames), "--sensor", "ideal", "-q"]
    assert main(convert) == 0
    export = ["export", str(made), str(out), "--format", "hdf5", "--boxes", str(table), "-q"]
    assert main(export) == 0
    (boxes,) = out.rglob("*_bbox.npy")
    found = read_detections(boxes)
    assert found["x"].tolist() == [10, 15, 20, 25]
    assert set(found["w"].tolist()) == {24}
    assert set(found["track_id"].tolist()) == {6}
    recording = eventsim.open_dataset(made)[0]
    events = recording.events[recording.objects == 6]
    assert len(events) > 500
    assert events.y.min() >= 20
    assert events.y.max() < 44
    assert len(list(out.rglob("*_td.dat.h5"))) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.txt", "--labels", "m"], "must be a table (.csv), found a.txt"),
        (["a.csv"], "Say which with --labels"),
    ],
)
def test_one_line_where_something_is_wrong(frames, capsys, words, said):
    assert main(["boxes", str(frames), *words, "--fps", "5"]) == 2
    caught = capsys.readouterr().err
    assert said in caught
    assert caught.count("\n") == 1
